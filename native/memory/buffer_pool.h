// A pool of buffers: memory in size classes that is kept when it comes back, and handed out again.
//
//   slab of a class below 64 KiB: one chunk             slab of a larger class, or of one large buffer
//  ┌────────┬────────┬────────┬───────────────┐        ┌─────────────────────────────────────────┬────┐
//  │ slot   │ slot   │ spare  │ not cut yet   │        │ slot                                    │▒▒▒▒│
//  └────────┴────────┴────────┴───────────────┘        └─────────────────────────────────────────┴────┘
//
// A slot is memory of one size class that at most one ArrayBuffer of JavaScript exposes. A live slot is either idle, on
// the stack of its class, or out. A slot that ends is a spare of its slab; a slab without live or lost slots gives its
// chunk back.
//
// One class, two uses. A private pool of C++ hands out and takes back through Get, GetOrMake and Put. In a pool of
// JavaScript the facade pops and pushes the stacks of the state they share, and counts; what is slow is done here for
// both: slots are made and ended, and victims are chosen for trimming and by age.
//
// Who counts. Get, GetOrMake and Put count all that they do; TakeColdest and TakeUnused count what they discard. Make,
// Retire and Lose count nothing but `out`, which they keep to the number of live slots that are not idle: whoever pops
// a slot adds one to it, whoever pushes one subtracts one. `capacity` counts the chunks, for both.
//
// Age without a clock: a stack is popped and pushed at its top, so what lies below its low-water mark since the last
// MarkAge has not been used since.
//
// Lost slots: where somebody took the memory of a slot away, it is nobody's until the finalizers of all ArrayBuffers
// over it have run. Every slot counts its own, because a count of the slab's would be right too early: when the
// ArrayBuffer of another slot dies without the pool's knowing. No finalizer tells the pool, so it looks: Make at a few
// of them in turn, ReclaimLost at all.
//
// Foreign slots: where the runtime exposes no memory of ours, JavaScript makes that of each slot, and a slab is a
// record of what its slots take of the budget. Such a slot has no part; whoever ends it says what becomes of its
// memory.
//
// Ownership: the pool owns its chunks; the state and the foreign slabs belong to the caller and outlive the pool.
// Thread rule: one thread; other threads may read the numbers of the state.
// Invariants: a failed call changes nothing; the state is never trusted for an address or an index: slots and slabs are
// private to the class. A stack with an entry that no slot of its class can be loses all its entries.
#ifndef SIMD_ARENA_MEMORY_BUFFER_POOL_H_
#define SIMD_ARENA_MEMORY_BUFFER_POOL_H_

#include <cstddef>
#include <cstdint>
#include <memory>

#include "base/status.h"
#include "memory/chunk.h"
#include "memory/foreign_slabs.h"
#include "memory/pool_state.h"
#include "memory/size_class.h"

namespace simd_arena {

class BufferPool {
 public:
  /// No slot.
  static constexpr std::uint32_t kNone = UINT32_MAX;
  static constexpr std::uint32_t kMaxBuffersPerBucket = 65536;

  /// Keeps at most `max_pool_bytes` of idle memory, and `max_buffers` (at most kMaxBuffersPerBucket) idle slots of each
  /// class. `state` is zero. Slots are foreign where there are `foreign_slabs`.
  BufferPool(PoolState* state, std::uint64_t max_pool_bytes, std::uint32_t max_buffers,
             ForeignSlabs* foreign_slabs = nullptr);
  ~BufferPool();
  BufferPool(const BufferPool&) = delete;
  BufferPool& operator=(const BufferPool&) = delete;

  /// Hands out an idle slot that holds `bytes` at a multiple of `alignment`, a power of two up to 4096. False where
  /// none is idle. O(1).
  bool Get(std::size_t bytes, std::size_t alignment, std::uint32_t* slot);

  /// As Get, and makes a slot where none is idle. Errors as Make; a request that fails has been a miss, too.
  Status GetOrMake(std::size_t bytes, std::size_t alignment, std::uint32_t* slot);

  /// Takes back a slot that Get or GetOrMake handed out. It ends where its bucket or the pool is full, or where it is
  /// large. Errors: kPoolDoublePut, kPoolNotOwned; nothing changes.
  Status Put(std::uint32_t slot);

  /// Makes a slot, which is out, and says in the state whether its memory is fresh: of spare memory if there is some,
  /// of lost memory that has come back as far as it has seen, else of a new slab. O(1), and O(lost slots) where the
  /// budget is exhausted. Errors: kOutOfRange (alignment), kMemoryBudget, kPoolOutOfMemory; nothing changes.
  Status Make(std::size_t bytes, std::size_t alignment, std::uint32_t* slot);

  /// Ends a live slot that is out and whose memory nothing reaches any more.
  void Retire(std::uint32_t slot);

  /// Ends a live slot that is out and whose memory is in unknown hands.
  void Lose(std::uint32_t slot);

  /// Makes spares of the lost slots that nobody has any more; false if there is none. Call it only where JavaScript
  /// still runs: a finalizer that ran at the end of the environment proves nothing. O(lost slots).
  bool ReclaimLost();

  /// Pops, for trimming, the coldest slot of the class with the most idle bytes (of equals, the largest): it is out,
  /// for the caller to retire. kNone where nothing is idle. O(idle slots of the class).
  std::uint32_t TakeColdest();

  /// Pops, as TakeColdest, a slot that has been idle since the last MarkAge; kNone if there is none.
  std::uint32_t TakeUnused();

  /// From now on, all idle slots are unused until they are popped. O(classes).
  void MarkAge();

  /// The end of the pool: forgets all slots, and returns one of its chunks; the caller decides what becomes of it.
  /// nullptr when none is left. Nothing else may be called afterwards.
  Chunk* TakeChunk();

  /// Whether `slot` is live: made, and neither retired nor lost.
  bool IsLive(std::uint32_t slot) const { return slot < slots_known_ && IsLive(slots_[slot]); }

  /// The bytes of a live slot: those of its class; of a large one, what was asked for in whole granules, or, where it
  /// is foreign, in a whole chunk.
  std::size_t bytes(std::uint32_t slot) const { return slots_[slot].slab->slot_bytes; }

  /// Whether JavaScript makes the memory of slots.
  bool foreign() const { return foreign_slabs_ != nullptr; }

  /// The memory of a live slot that is not foreign.
  ChunkPart part(std::uint32_t slot) const {
    const Slot& s = slots_[slot];
    return {s.slab->chunk, s.offset, s.slab->slot_bytes};
  }

  /// Whether an ArrayBuffer exposes the live slot. Kept by the caller, beside Chunk::exposed.
  bool exposed(std::uint32_t slot) const { return slots_[slot].exposed; }
  void set_exposed(std::uint32_t slot, bool exposed) { slots_[slot].exposed = exposed; }

 private:
  struct Slab {
    Chunk* chunk;
    std::uint32_t size_class;
    std::size_t slot_bytes;
    std::uint32_t slots;          // that it can be cut into
    std::uint32_t cut = 0;        // slots that have an index
    std::uint32_t used = 0;       // slots that are live or lost
    std::uint32_t spare = kNone;  // list of the others that have an index
    Slab* previous = nullptr;
    Slab* next = nullptr;
  };

  enum class SlotState : std::uint8_t { kSpare, kIdle, kOut, kLost };

  struct Slot {
    Slab* slab;
    std::size_t requested;  // bytes asked for, where C++ handed it out
    std::uint32_t offset;   // in the slab
    std::uint32_t next;     // in the list of spares or free indices, or in the ring of lost slots
    SlotState state;
    bool exposed;
  };

  /// The lost slots of a class in a ring: the one that was looked at last, or was lost since, leads to the one whose
  /// turn it is.
  struct LostRing {
    std::uint32_t last = kNone;
    std::uint32_t count = 0;
  };

  /// How many lost slots Make looks at before it makes a slab.
  static constexpr std::uint32_t kLostPerMake = 8;

  static bool IsLive(const Slot& slot) { return slot.state == SlotState::kIdle || slot.state == SlotState::kOut; }

  /// Lists of slabs: those with room, by class, and the full ones.
  static constexpr std::size_t kFullList = kSizeClasses + 1;
  static constexpr std::size_t kLists = kFullList + 1;

  void CountHandedOut(std::uint32_t slot, std::size_t bytes);
  void Discard(std::uint32_t slot, PoolStat reason);

  Status FindRoom(std::uint32_t size_class, std::size_t bytes, Slab** slab);
  Status MakeSlab(std::uint32_t size_class, std::size_t bytes, Slab** slab);
  std::size_t LargeBytes(std::size_t bytes) const;
  bool ReserveIndices(std::uint32_t count);
  std::uint32_t CutSlot(Slab* slab);
  void EndSlot(std::uint32_t slot);
  void EndSlab(Slab* slab);
  bool ReclaimLost(std::uint32_t size_class, std::uint32_t at_most);

  std::uint32_t CountIdle(std::uint32_t size_class) const;
  std::uint32_t PopWarmest(std::uint32_t size_class);
  std::uint32_t PopColdest(std::uint32_t size_class, PoolStat reason);
  void Push(std::uint32_t size_class, std::uint32_t slot);
  void CountPopped(std::uint32_t size_class, std::uint32_t slot, std::uint32_t idle);
  void DropStack(std::uint32_t size_class);
  bool BelongsTo(std::uint32_t size_class, std::uint32_t slot) const;

  Slab*& ListOf(const Slab& slab) { return slabs_[slab.used < slab.slots ? slab.size_class : kFullList]; }
  void PushIndex(std::uint32_t* list, std::uint32_t slot);
  std::uint32_t PopIndex(std::uint32_t* list);
  void Link(Slab* slab);
  void Unlink(Slab* slab);

  PoolState* const state_;
  const std::uint64_t max_pool_bytes_;
  const std::uint32_t max_buffers_;
  ForeignSlabs* const foreign_slabs_;

  Slab* slabs_[kLists] = {};
  LostRing lost_[kSizeClasses + 1];  // by class
  std::unique_ptr<Slot[]> slots_;
  std::uint32_t slots_room_ = 0;      // entries of slots_
  std::uint32_t slots_known_ = 0;     // entries that were ever in use
  std::uint32_t slots_reserved_ = 0;  // of the slabs: each finds an entry
  std::uint32_t free_index_ = kNone;  // list of the entries out of use
};

}  // namespace simd_arena

#endif  // SIMD_ARENA_MEMORY_BUFFER_POOL_H_
