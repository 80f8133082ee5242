// Checked access to the arguments of a native function, without running JavaScript.
#ifndef SIMD_ARENA_BINDINGS_ARGUMENTS_H_
#define SIMD_ARENA_BINDINGS_ARGUMENTS_H_

#include <napi.h>

#include <cmath>
#include <cstddef>
#include <cstdint>

namespace simd_arena {

/// The largest integer that a JavaScript number holds exactly.
inline constexpr double kMaxSafeInteger = 9007199254740991.0;

/// Reads `argument` as an integer from 0 to `max`. False for anything else: another type, a fraction, NaN, a number out
/// of range. (napi_get_value_uint32 would wrap silently.)
inline bool ReadInteger(napi_env env, napi_value argument, double max, std::uint64_t* value) {
  double number;
  if (napi_get_value_double(env, argument, &number) != napi_ok) return false;
  if (!(number >= 0 && number <= max) || number != std::floor(number)) return false;
  *value = static_cast<std::uint64_t>(number);
  return true;
}

/// The same of argument `index`.
inline bool ReadInteger(const Napi::CallbackInfo& info, std::size_t index, double max, std::uint64_t* value) {
  return ReadInteger(info.Env(), info[index], max, value);
}

/// Reads argument `index` as a boolean.
inline bool ReadBoolean(const Napi::CallbackInfo& info, std::size_t index, bool* value) {
  const Napi::Value argument = info[index];
  if (!argument.IsBoolean()) return false;
  *value = argument.As<Napi::Boolean>().Value();
  return true;
}

}  // namespace simd_arena

#endif  // SIMD_ARENA_BINDINGS_ARGUMENTS_H_
