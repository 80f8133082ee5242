#include "bindings/pool_wrap.h"

#include "bindings/addon_data.h"
#include "bindings/arguments.h"
#include "bindings/chunk_buffer.h"
#include "bindings/shared_words.h"
#include "bindings/throw_status.h"
#include "memory/granule.h"

namespace simd_arena {

namespace {

Napi::Value ToNumber(Napi::Env env, std::uint32_t slot) {
  return Napi::Number::New(env, slot == BufferPool::kNone ? -1.0 : static_cast<double>(slot));
}

}  // namespace

Napi::Function PoolWrap::Define(Napi::Env env) {
  return DefineClass(env, "NativePool",
                     {
                         InstanceMethod<&PoolWrap::Make>("make"),
                         InstanceMethod<&PoolWrap::Bytes>("bytes"),
                         InstanceMethod<&PoolWrap::Expose>("expose"),
                         InstanceMethod<&PoolWrap::Renew>("renew"),
                         InstanceMethod<&PoolWrap::Retire>("retire"),
                         InstanceMethod<&PoolWrap::Lose>("lose"),
                         InstanceMethod<&PoolWrap::ReclaimLost>("reclaimLost"),
                         InstanceMethod<&PoolWrap::TakeColdest>("takeColdest"),
                         InstanceMethod<&PoolWrap::TakeUnused>("takeUnused"),
                         InstanceMethod<&PoolWrap::MarkAge>("markAge"),
                     });
}

PoolWrap::PoolWrap(const Napi::CallbackInfo& info) : Napi::ObjectWrap<PoolWrap>(info) {
  const AddonData& data = AddonData::Of(info.Env());
  const std::shared_ptr<ArenaRegistry>& registry = data.Registry(info.Env());
  bool foreign;
  if (!ReadBoolean(info, 3, &foreign)) {
    ThrowStatus(info.Env(), Status::kInvalidArgType, "foreign must be a boolean");
    return;
  }
  std::uint64_t max_pool_bytes;
  std::uint64_t max_buffers;
  if (!ReadInteger(info, 1, kMaxSafeInteger, &max_pool_bytes) ||
      !ReadInteger(info, 2, BufferPool::kMaxBuffersPerBucket, &max_buffers)) {
    ThrowStatus(info.Env(), Status::kOutOfRange);
    return;
  }
  const std::size_t words = PoolState::Words(static_cast<std::size_t>(max_buffers));
  void* state = PinSharedWords(info.Env(), info[0], napi_uint32_array, words, &state_pin_);
  if (state == nullptr) {
    ThrowStatus(info.Env(), Status::kInvalidArgType, "state must be the words of a SharedArrayBuffer");
    return;
  }
  registry_ = registry;
  foreign_slabs_ = data.foreign_slabs;
  pool_ =
      std::make_unique<BufferPool>(static_cast<PoolState*>(state), max_pool_bytes,
                                   static_cast<std::uint32_t>(max_buffers), foreign ? foreign_slabs_.get() : nullptr);
}

PoolWrap::~PoolWrap() {
  if (pool_ == nullptr) return;
  while (Chunk* chunk = pool_->TakeChunk()) {
    if (chunk->exposed != 0) {
      registry_->AddLostChunk(chunk);
    } else {
      Chunk::Recycle(chunk);
    }
  }
}

Napi::Value PoolWrap::Make(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  std::uint64_t bytes;
  std::uint64_t alignment;
  if (!ReadInteger(info, 0, kMaxSafeInteger, &bytes) || !ReadInteger(info, 1, kMaxAlignment, &alignment)) {
    return {env, ThrowStatus(env, Status::kOutOfRange)};
  }
  registry_->ReclaimLostChunks();
  Status status = Status::kPoolOutOfMemory;
  std::uint32_t slot;
  // What the runtime cannot expose is not made. The limit is that of arenas, so no larger than the runtime's own.
  if (GranulesFor(static_cast<std::size_t>(bytes)) * kGranuleBytes <= AddonData::Of(env).max_chunk_bytes) {
    status = pool_->Make(static_cast<std::size_t>(bytes), static_cast<std::size_t>(alignment), &slot);
  }
  return Napi::Number::New(
      env, status == Status::kOk ? static_cast<double>(slot) : -static_cast<double>(static_cast<int>(status)));
}

Napi::Value PoolWrap::Bytes(const Napi::CallbackInfo& info) {
  std::uint32_t slot;
  if (!ReadSlot(info, &slot)) return {};
  return Napi::Number::New(info.Env(), static_cast<double>(pool_->bytes(slot)));
}

Napi::Value PoolWrap::Expose(const Napi::CallbackInfo& info) {
  std::uint32_t slot;
  if (!ReadSlot(info, &slot)) return {};
  if (pool_->foreign() || pool_->exposed(slot)) return {info.Env(), ThrowStatus(info.Env(), Status::kOutOfRange)};
  return ExposeSlot(info.Env(), slot);
}

Napi::Value PoolWrap::Renew(const Napi::CallbackInfo& info) {
  std::uint32_t slot;
  if (!ReadSlot(info, &slot) || !CheckBuffer(info, slot)) return {};
  return CutSlot(info, slot) ? ExposeSlot(info.Env(), slot) : info.Env().Undefined();
}

Napi::Value PoolWrap::Retire(const Napi::CallbackInfo& info) {
  std::uint32_t slot;
  if (!ReadSlot(info, &slot) || !CheckBuffer(info, slot)) return {};
  const bool clean = !pool_->exposed(slot) || CutSlot(info, slot);
  if (clean) {
    pool_->Retire(slot);
  } else {
    pool_->Lose(slot);
  }
  return Napi::Boolean::New(info.Env(), clean);
}

Napi::Value PoolWrap::Lose(const Napi::CallbackInfo& info) {
  std::uint32_t slot;
  if (!ReadSlot(info, &slot)) return {};
  pool_->Lose(slot);
  return info.Env().Undefined();
}

Napi::Value PoolWrap::ReclaimLost(const Napi::CallbackInfo& info) {
  return Napi::Boolean::New(info.Env(), pool_->ReclaimLost());
}

Napi::Value PoolWrap::TakeColdest(const Napi::CallbackInfo& info) { return ToNumber(info.Env(), pool_->TakeColdest()); }

Napi::Value PoolWrap::TakeUnused(const Napi::CallbackInfo& info) { return ToNumber(info.Env(), pool_->TakeUnused()); }

Napi::Value PoolWrap::MarkAge(const Napi::CallbackInfo& info) {
  pool_->MarkAge();
  return info.Env().Undefined();
}

bool PoolWrap::ReadSlot(const Napi::CallbackInfo& info, std::uint32_t* slot) const {
  std::uint64_t value;
  if (ReadInteger(info, 0, BufferPool::kNone, &value)) {
    *slot = static_cast<std::uint32_t>(value);
    if (pool_->IsLive(*slot)) return true;
  }
  ThrowStatus(info.Env(), Status::kOutOfRange);
  return false;
}

bool PoolWrap::CheckBuffer(const Napi::CallbackInfo& info, std::uint32_t slot) const {
  if (info[1].IsUndefined()) return true;
  bool detached = false;
  if (napi_is_detached_arraybuffer(info.Env(), info[1], &detached) == napi_ok && detached) return true;
  if (pool_->exposed(slot) && IsBufferOf(info.Env(), pool_->part(slot), info[1])) return true;
  ThrowStatus(info.Env(), Status::kInvalidArgType, "not the buffer of this slot");
  return false;
}

Napi::Value PoolWrap::ExposeSlot(Napi::Env env, std::uint32_t slot) {
  const Napi::Value buffer = ExposePart(env, pool_->part(slot));
  pool_->set_exposed(slot, !buffer.IsUndefined());
  return buffer;
}

bool PoolWrap::CutSlot(const Napi::CallbackInfo& info, std::uint32_t slot) {
  if (!pool_->exposed(slot) || !CutPart(info.Env(), pool_->part(slot), info[1])) return false;
  pool_->set_exposed(slot, false);
  return true;
}

}  // namespace simd_arena
