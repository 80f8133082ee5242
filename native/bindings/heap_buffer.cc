#include "bindings/heap_buffer.h"

#include "base/os_memory.h"
#include "bindings/arguments.h"
#include "bindings/throw_status.h"
#include "bindings/view_bytes.h"
#include "memory/size_class.h"

namespace simd_arena {

Napi::Value AlignedOffset(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  std::uint8_t* data;
  std::size_t length;
  if (!ReadArrayBuffer(env, info[0], &data, &length)) return {env, ThrowStatus(env, Status::kInvalidArgType)};
  std::uint64_t alignment;
  if (!ReadInteger(info, 1, kMaxAlignment, &alignment) || !IsAlignment(static_cast<std::size_t>(alignment))) {
    return {env, ThrowStatus(env, Status::kOutOfRange)};
  }
  const std::uintptr_t beyond = reinterpret_cast<std::uintptr_t>(data) % alignment;
  return Napi::Number::New(env, beyond == 0 ? 0.0 : static_cast<double>(alignment - beyond));
}

Napi::Value ClearMemory(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  std::uint8_t* data;
  std::size_t length;
  if (!ReadArrayBuffer(env, info[0], &data, &length)) return {env, ThrowStatus(env, Status::kInvalidArgType)};
  if (length > 0) os::ZeroRange(data, length);
  return env.Undefined();
}

}  // namespace simd_arena
