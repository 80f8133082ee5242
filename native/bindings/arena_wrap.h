// NativeArena: the slow path of an arena of JavaScript. It makes, exposes and drops chunks; JavaScript bumps.
//
//   new NativeArena(state: Uint32Array)             16 words on a SharedArrayBuffer: memory/arena_state.h
//   grow(bytes, firstBytes): number                 bytes of the chunk made, or minus a Status; its index is
//                                                   state.chunks - 1, and it serves this request alone (at offset 0) if
//                                                   that is not state.current
//   undoGrow(): void                                takes back the last grow, whose chunk could not be exposed
//   expose(index): ArrayBuffer | undefined          the chunk's memory; undefined where the runtime forbids it
//   renew(index, buffer): ArrayBuffer | undefined   detaches `buffer` and exposes the chunk anew: revocation for
//                                                   runtimes without transfer(); undefined: buffer cannot be detached
//   retire(index, buffer?): boolean                 drops the chunk; false if its buffer could not be detached, so
//                                                   that its memory waits for the buffer's finalizer
//   lose(index): void                               drops a chunk whose buffer is in unknown hands
//
// Every argument is checked: a wrong one is an error and changes nothing, a lying one cannot reach memory that is not
// the caller's. Chunks of a foreign source have no memory here; `buffer` is theirs, and retire gives its pages back.
//
// Ownership: the wrap owns its BumpArena and pins the state; it keeps the registry alive.
#ifndef SIMD_ARENA_BINDINGS_ARENA_WRAP_H_
#define SIMD_ARENA_BINDINGS_ARENA_WRAP_H_

#include <napi.h>

#include <memory>

#include "memory/arena_registry.h"
#include "memory/bump_arena.h"

namespace simd_arena {

class ArenaWrap : public Napi::ObjectWrap<ArenaWrap> {
 public:
  static Napi::Function Define(Napi::Env env);

  explicit ArenaWrap(const Napi::CallbackInfo& info);
  ~ArenaWrap() override;

 private:
  Napi::Value Grow(const Napi::CallbackInfo& info);
  Napi::Value UndoGrow(const Napi::CallbackInfo& info);
  Napi::Value Expose(const Napi::CallbackInfo& info);
  Napi::Value Renew(const Napi::CallbackInfo& info);
  Napi::Value Retire(const Napi::CallbackInfo& info);
  Napi::Value Lose(const Napi::CallbackInfo& info);

  /// The chunk that argument 0 names; nullptr, with an exception pending, if there is none.
  Chunk* ReadChunk(const Napi::CallbackInfo& info, std::uint32_t* index);

  // In this order: the arena lets go of its state before the pin does.
  Napi::Reference<Napi::Value> state_pin_;
  std::shared_ptr<ArenaRegistry> registry_;
  std::unique_ptr<BumpArena> arena_;
};

}  // namespace simd_arena

#endif  // SIMD_ARENA_BINDINGS_ARENA_WRAP_H_
