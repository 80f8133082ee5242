// The result of an operation in the core: kOk or the reason for failure.
//
// The core neither throws nor prints nor aborts. bindings/throw_status.cc is the one place that turns a Status into a
// JavaScript error. Values are dense from 0 (kOk), in the order of status.def.
#ifndef SIMD_ARENA_BASE_STATUS_H_
#define SIMD_ARENA_BASE_STATUS_H_

#include <cstdint>

namespace simd_arena {

enum class [[nodiscard]] Status : std::int32_t {
  kOk = 0,
#define STATUS(name, code, kind, message) k##name,
#include "base/status.def"
#undef STATUS
};

}  // namespace simd_arena

#endif  // SIMD_ARENA_BASE_STATUS_H_
