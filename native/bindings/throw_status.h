// The one place that turns a Status into a JavaScript error.
#ifndef SIMD_ARENA_BINDINGS_THROW_STATUS_H_
#define SIMD_ARENA_BINDINGS_THROW_STATUS_H_

#include <node_api.h>

#include "base/status.h"

namespace simd_arena {

/// Leaves an exception pending in `env`: the built-in class, `code` and message of status.def, with `detail`, unless it
/// is empty, after the message; what is longer than 511 bytes, message included, is cut. Returns nullptr, for
/// `return ThrowStatus(…)`. Does nothing but return for kOk.
napi_value ThrowStatus(napi_env env, Status status, const char* detail = "");

}  // namespace simd_arena

#endif  // SIMD_ARENA_BINDINGS_THROW_STATUS_H_
