#include "bindings/arena_wrap.h"

#include "base/os_memory.h"
#include "bindings/addon_data.h"
#include "bindings/arguments.h"
#include "bindings/chunk_buffer.h"
#include "bindings/shared_words.h"
#include "bindings/throw_status.h"
#include "bindings/view_bytes.h"
#include "memory/chunk_size.h"

namespace simd_arena {

namespace {

constexpr std::size_t kStateWords = sizeof(ArenaState) / sizeof(std::uint32_t);

/// Gives the pages of foreign memory back. False, and nothing is done, if `buffer` is not as large as the memory of a
/// chunk is, or begins in the middle of a page, as no WebAssembly.Memory does; those of Bun begin one page after a
/// multiple of 64 KiB.
bool ZeroForeignPages(napi_env env, const Chunk& chunk, napi_value buffer) {
  constexpr std::uintptr_t kPageBytes = 4096;
  std::uint8_t* data;
  std::size_t bytes;
  if (!ReadArrayBuffer(env, buffer, &data, &bytes) || bytes < chunk.bytes() || bytes % kMinChunkBytes != 0 ||
      reinterpret_cast<std::uintptr_t>(data) % kPageBytes != 0) {
    return false;
  }
  os::ZeroPages(data, bytes);
  return true;
}

}  // namespace

Napi::Function ArenaWrap::Define(Napi::Env env) {
  return DefineClass(env, "NativeArena",
                     {
                         InstanceMethod<&ArenaWrap::Grow>("grow"),
                         InstanceMethod<&ArenaWrap::UndoGrow>("undoGrow"),
                         InstanceMethod<&ArenaWrap::Expose>("expose"),
                         InstanceMethod<&ArenaWrap::Renew>("renew"),
                         InstanceMethod<&ArenaWrap::Retire>("retire"),
                         InstanceMethod<&ArenaWrap::Lose>("lose"),
                     });
}

ArenaWrap::ArenaWrap(const Napi::CallbackInfo& info) : Napi::ObjectWrap<ArenaWrap>(info) {
  const AddonData& data = AddonData::Of(info.Env());
  const std::shared_ptr<ArenaRegistry>& registry = data.Registry(info.Env());
  void* state = PinSharedWords(info.Env(), info[0], napi_uint32_array, kStateWords, &state_pin_);
  if (state == nullptr) {
    ThrowStatus(info.Env(), Status::kInvalidArgType, "state must be 16 words of a SharedArrayBuffer");
    return;
  }
  registry_ = registry;
  arena_ = std::make_unique<BumpArena>(static_cast<ArenaState*>(state), data.chunk_source);
  registry_->Add(arena_.get());
}

ArenaWrap::~ArenaWrap() {
  if (arena_ == nullptr) return;
  registry_->Remove(arena_.get());
  while (arena_->chunks() > 0) {
    Chunk* chunk = arena_->TakeChunk(arena_->chunks() - 1);
    if (chunk->exposed != 0) {
      registry_->AddLostChunk(chunk);
    } else {
      Chunk::Recycle(chunk);
    }
  }
}

Napi::Value ArenaWrap::Grow(const Napi::CallbackInfo& info) {
  std::uint64_t bytes;
  std::uint64_t first_bytes;
  if (!ReadInteger(info, 0, kMaxSafeInteger, &bytes) || !ReadInteger(info, 1, kMaxSafeInteger, &first_bytes)) {
    return {info.Env(), ThrowStatus(info.Env(), Status::kOutOfRange)};
  }
  registry_->ReclaimLostChunks();
  BumpArena::Growth growth;
  const Status status = arena_->Grow(static_cast<std::size_t>(bytes), static_cast<std::size_t>(first_bytes),
                                     AddonData::Of(info.Env()).max_chunk_bytes, &growth);
  return Napi::Number::New(info.Env(), status == Status::kOk ? static_cast<double>(growth.bytes)
                                                             : -static_cast<double>(static_cast<int>(status)));
}

Napi::Value ArenaWrap::UndoGrow(const Napi::CallbackInfo& info) {
  const Chunk* last = arena_->chunks() > 0 ? arena_->chunk(arena_->chunks() - 1) : nullptr;
  if (last == nullptr || last->exposed != 0) return {info.Env(), ThrowStatus(info.Env(), Status::kOutOfRange)};
  arena_->UndoGrow();
  return info.Env().Undefined();
}

Napi::Value ArenaWrap::Expose(const Napi::CallbackInfo& info) {
  std::uint32_t index;
  Chunk* chunk = ReadChunk(info, &index);
  if (chunk == nullptr) return {};
  if (chunk->foreign() || chunk->exposed != 0) return {info.Env(), ThrowStatus(info.Env(), Status::kOutOfRange)};
  return ExposePart(info.Env(), chunk->whole());
}

Napi::Value ArenaWrap::Renew(const Napi::CallbackInfo& info) {
  std::uint32_t index;
  Chunk* chunk = ReadChunk(info, &index);
  if (chunk == nullptr) return {};
  return CutPart(info.Env(), chunk->whole(), info[1]) ? ExposePart(info.Env(), chunk->whole()) : info.Env().Undefined();
}

Napi::Value ArenaWrap::Retire(const Napi::CallbackInfo& info) {
  std::uint32_t index;
  Chunk* chunk = ReadChunk(info, &index);
  if (chunk == nullptr) return {};
  const bool clean = chunk->foreign() ? ZeroForeignPages(info.Env(), *chunk, info[1])
                                      : chunk->exposed == 0 || CutPart(info.Env(), chunk->whole(), info[1]);
  arena_->TakeChunk(index);
  if (clean) {
    Chunk::Recycle(chunk);
  } else {
    registry_->AddLostChunk(chunk);
  }
  return Napi::Boolean::New(info.Env(), clean);
}

Napi::Value ArenaWrap::Lose(const Napi::CallbackInfo& info) {
  std::uint32_t index;
  Chunk* chunk = ReadChunk(info, &index);
  if (chunk == nullptr) return {};
  arena_->TakeChunk(index);
  registry_->AddLostChunk(chunk);
  return info.Env().Undefined();
}

Chunk* ArenaWrap::ReadChunk(const Napi::CallbackInfo& info, std::uint32_t* index) {
  std::uint64_t value;
  Chunk* chunk = nullptr;
  if (ReadInteger(info, 0, BumpArena::kMaxChunks, &value)) {
    *index = static_cast<std::uint32_t>(value);
    chunk = arena_->chunk(*index);
  }
  if (chunk == nullptr) ThrowStatus(info.Env(), Status::kOutOfRange);
  return chunk;
}

}  // namespace simd_arena
