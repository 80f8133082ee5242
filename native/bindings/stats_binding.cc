#include "bindings/stats_binding.h"

#include <chrono>
#include <cstring>
#include <limits>

#include "bindings/addon_data.h"
#include "bindings/arguments.h"
#include "bindings/throw_status.h"
#include "bindings/view_bytes.h"
#include "memory/arena_registry.h"
#include "memory/memory_budget.h"
#include "memory/poison.h"

namespace simd_arena {

namespace {

double MonotonicMilliseconds() {
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

}  // namespace

Napi::Value ReadStats(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  bool process;
  napi_typedarray_type type = kUnknownArray;
  std::size_t length;
  void* out;
  if (!ReadBoolean(info, 0, &process) ||
      napi_get_typedarray_info(env, info[1], &type, &length, &out, nullptr, nullptr) != napi_ok ||
      type != napi_float64_array || length != kMemoryStats) {
    return {env, ThrowStatus(env, Status::kInvalidArgType)};
  }
  ArenaRegistry& registry = *AddonData::Of(env).Registry(env);
  registry.ReclaimLostChunks();
  const double now = MonotonicMilliseconds();
  const MemoryStats stats = process ? ArenaRegistry::ProcessStats(now) : registry.Stats(now);
  std::memcpy(out, stats.values, sizeof stats.values);
  return env.Undefined();
}

Napi::Value SetBudget(const Napi::CallbackInfo& info) {
  std::uint64_t bytes = MemoryBudget::kUnlimited;
  const bool unlimited =
      info[0].IsNumber() && info[0].As<Napi::Number>().DoubleValue() == std::numeric_limits<double>::infinity();
  if (!unlimited && !ReadInteger(info, 0, kMaxSafeInteger, &bytes)) {
    return {info.Env(), ThrowStatus(info.Env(), Status::kOutOfRange)};
  }
  bool by_default;
  if (!ReadBoolean(info, 1, &by_default)) return {info.Env(), ThrowStatus(info.Env(), Status::kInvalidArgType)};
  if (by_default) {
    MemoryBudget::Process().set_default_limit(bytes);
  } else {
    MemoryBudget::Process().set_limit(bytes);
  }
  return info.Env().Undefined();
}

Napi::Value ReadBudget(const Napi::CallbackInfo& info) {
  const std::uint64_t limit = MemoryBudget::Process().limit();
  const bool unlimited = limit == MemoryBudget::kUnlimited;
  return Napi::Number::New(info.Env(),
                           unlimited ? std::numeric_limits<double>::infinity() : static_cast<double>(limit));
}

Napi::Value Now(const Napi::CallbackInfo& info) { return Napi::Number::New(info.Env(), MonotonicMilliseconds()); }

Napi::Value CheckPoison(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  std::uint64_t offset;
  std::uint64_t bytes;
  std::uint8_t* data;
  std::size_t length;
  if (!ReadArrayBuffer(env, info[0], &data, &length) || !ReadInteger(info, 1, static_cast<double>(length), &offset) ||
      !ReadInteger(info, 2, static_cast<double>(length - offset), &bytes)) {
    return {env, ThrowStatus(env, Status::kOutOfRange)};
  }
  return Napi::Boolean::New(env, IsPoisoned(data + offset, static_cast<std::size_t>(bytes)));
}

}  // namespace simd_arena
