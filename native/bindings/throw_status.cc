#include "bindings/throw_status.h"

#include <cstdio>

namespace simd_arena {

namespace {

using Thrower = napi_status (*)(napi_env env, const char* code, const char* message);

struct StatusError {
  const char* code;
  const char* message;
  Thrower thrower;
};

constexpr Thrower kTypeError = napi_throw_type_error;
constexpr Thrower kRangeError = napi_throw_range_error;
constexpr Thrower kError = napi_throw_error;

constexpr StatusError kErrors[] = {
    {nullptr, nullptr, nullptr},
#define STATUS(name, code, kind, message) {#code, message, k##kind},
#include "base/status.def"
#undef STATUS
};

}  // namespace

napi_value ThrowStatus(napi_env env, Status status, const char* detail) {
  if (status == Status::kOk) return nullptr;
  const StatusError& error = kErrors[static_cast<std::size_t>(status)];
  // Not a string: there may be no memory.
  char message[512];
  std::snprintf(message, sizeof message, *detail == '\0' ? "%s" : "%s: %s", error.message, detail);
  // Fails only where an exception is pending already, or the environment is ending: nothing is left to do then.
  (void)error.thrower(env, error.code, message);
  return nullptr;
}

}  // namespace simd_arena
