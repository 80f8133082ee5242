// The result of a reduction as a value of JavaScript.
#ifndef SIMD_ARENA_BINDINGS_RESULT_VALUE_H_
#define SIMD_ARENA_BINDINGS_RESULT_VALUE_H_

#include <node_api.h>

#include "ops/reduce_result.h"

namespace simd_arena {

/// A number, a boolean, a bigint, or an object { min, max } of two numbers or bigints; nullptr, with an exception
/// pending, where the runtime cannot make it.
napi_value ToValue(napi_env env, const ReduceResult& result);

}  // namespace simd_arena

#endif  // SIMD_ARENA_BINDINGS_RESULT_VALUE_H_
