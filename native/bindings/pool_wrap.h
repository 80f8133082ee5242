// NativePool: the slow path of a pool of JavaScript. It makes, exposes and ends slots, and chooses victims; JavaScript
// pops, pushes and counts.
//
//   new NativePool(state: Uint32Array, maxPoolBytes: number, maxBuffersPerBucket: number, foreign: boolean)
//                                                  state: zeroed words on a SharedArrayBuffer: memory/pool_state.h;
//                                                  foreign: JavaScript makes the memory of slots
//   make(bytes, alignment): number                 a slot, which is out, or minus a Status; the state says whether its
//                                                  memory is fresh
//   bytes(slot): number                            what the slot's memory must hold
//   expose(slot): ArrayBuffer | undefined          the slot's memory: the bytes of its class, or those asked for in
//                                                  whole granules; undefined where the runtime refuses
//   renew(slot, buffer): ArrayBuffer | undefined   detaches `buffer` and exposes the slot anew: revocation for runtimes
//                                                  without transfer(); undefined: it cannot be detached
//   retire(slot, buffer?): boolean                 the slot ends; false if it is exposed and its buffer is missing or
//                                                  cannot be detached, so that it is lost
//   lose(slot): void                               the slot ends; its memory waits for the finalizers of its buffers
//   reclaimLost(): boolean                         makes spares of lost slots that nobody has any more; false: of none
//   takeColdest(): number                          pops the next victim of a trim, for the caller to retire, or -1
//   takeUnused(): number                           pops, likewise, a slot that was idle since the last markAge, or -1
//   markAge(): void                                a new age begins
//
// make adds one to the bucket's word `out`, takeColdest and takeUnused move one from `idle` to `out`, retire and lose
// subtract one from it: all others are JavaScript's to write.
//
// A foreign slot is never exposed, and so has no buffer to renew or to retire: it ends, retired or lost, without one.
//
// Every argument is checked: a slot that is not live, or a buffer that is neither the slot's nor detached, is an error
// and changes nothing; a lying state cannot reach memory that is not the pool's.
//
// Ownership: the wrap owns its BufferPool and pins the state; it keeps the registry alive.
#ifndef SIMD_ARENA_BINDINGS_POOL_WRAP_H_
#define SIMD_ARENA_BINDINGS_POOL_WRAP_H_

#include <napi.h>

#include <cstdint>
#include <memory>

#include "memory/arena_registry.h"
#include "memory/buffer_pool.h"

namespace simd_arena {

class PoolWrap : public Napi::ObjectWrap<PoolWrap> {
 public:
  static Napi::Function Define(Napi::Env env);

  explicit PoolWrap(const Napi::CallbackInfo& info);
  ~PoolWrap() override;

 private:
  Napi::Value Make(const Napi::CallbackInfo& info);
  Napi::Value Bytes(const Napi::CallbackInfo& info);
  Napi::Value Expose(const Napi::CallbackInfo& info);
  Napi::Value Renew(const Napi::CallbackInfo& info);
  Napi::Value Retire(const Napi::CallbackInfo& info);
  Napi::Value Lose(const Napi::CallbackInfo& info);
  Napi::Value ReclaimLost(const Napi::CallbackInfo& info);
  Napi::Value TakeColdest(const Napi::CallbackInfo& info);
  Napi::Value TakeUnused(const Napi::CallbackInfo& info);
  Napi::Value MarkAge(const Napi::CallbackInfo& info);

  /// The live slot that argument 0 names. False, with an exception pending, if there is none.
  bool ReadSlot(const Napi::CallbackInfo& info, std::uint32_t* slot) const;

  /// Whether argument 1 is the buffer of the exposed `slot`, or one that has no memory any more, or missing. False,
  /// with an exception pending, for anything else.
  bool CheckBuffer(const Napi::CallbackInfo& info, std::uint32_t slot) const;

  Napi::Value ExposeSlot(Napi::Env env, std::uint32_t slot);

  /// Detaches the buffer of the exposed `slot`; false if it cannot be.
  bool CutSlot(const Napi::CallbackInfo& info, std::uint32_t slot);

  // In this order: the pool lets go of its state and of its slabs before these do.
  Napi::Reference<Napi::Value> state_pin_;
  std::shared_ptr<ArenaRegistry> registry_;
  std::shared_ptr<ForeignSlabs> foreign_slabs_;
  std::unique_ptr<BufferPool> pool_;
};

}  // namespace simd_arena

#endif  // SIMD_ARENA_BINDINGS_POOL_WRAP_H_
