// A bump arena: memory handed out by advancing an offset, released all at once.
//
//   chunk 0             chunk 1 (own chunk      chunk 2 (current)
//                       of one large request)
//  ┌───────────────┬──┐ ┌──────────────────┐  ┌────────┬─────────┬───────────────┐
//  │ full          │▒▒│ │ full             │  │ alloc  │ alloc   │ free          │
//  └───────────────┴──┘ └──────────────────┘  └────────┴─────────┴───────────────┘
//        wasted ────┘                          0               offset          limit
//
// One class, two uses. A private arena of C++ (scratch memory of kernels) allocates through Allocate, Mark and Rewind.
// An arena of JavaScript is bumped by the facade in the state they share; here it only grows and drops chunks.
//
// Ownership: the arena owns its chunks; the state belongs to the caller and outlives the arena.
// Thread rule: one thread; other threads may read the state's fields.
// Invariants: every chunk holds at most 2^32 granules and starts on a page; a failed call changes nothing; the state is
// never trusted for an address: base_ and chunk sizes are private to the class.
#ifndef SIMD_ARENA_MEMORY_BUMP_ARENA_H_
#define SIMD_ARENA_MEMORY_BUMP_ARENA_H_

#include <cstddef>
#include <cstdint>

#include "base/status.h"
#include "memory/arena_state.h"
#include "memory/chunk.h"
#include "memory/granule.h"

namespace simd_arena {

class BumpArena {
 public:
  /// Growth is geometric, so that 2^32 granules fit in far fewer chunks.
  static constexpr std::uint32_t kMaxChunks = 128;

  /// Where the memory of chunks comes from.
  enum class Source { kMapped, kForeign };

  /// What Grow made.
  struct Growth {
    std::uint32_t index;    ///< of the new chunk
    std::size_t bytes;      ///< of the new chunk
    bool serves_only_this;  ///< true: the request has the chunk for itself, at offset 0, and is accounted for
  };

  /// A point to rewind to.
  struct Mark {
    std::uint32_t current, offset, full, chunks, wasted;
  };

  BumpArena(ArenaState* state, Source source) : state_(state), source_(source) {}
  ~BumpArena() { DropChunks(0); }
  BumpArena(const BumpArena&) = delete;
  BumpArena& operator=(const BumpArena&) = delete;

  /// Hands out `bytes` (0 counts as 1) of a private arena, aligned to 64, contents unspecified.
  /// Errors: kArenaLimit, kMemoryBudget, kArenaOutOfMemory. O(1): about a nanosecond while the chunk lasts.
  Status Allocate(std::size_t bytes, void** memory) {
    const std::uint64_t granules = GranulesFor(bytes);
    const std::uint64_t offset = state_->offset;
    if (granules <= state_->limit - offset) {
      state_->offset = static_cast<std::uint32_t>(offset + granules);
      *memory = base_ + offset * kGranuleBytes;
      return Status::kOk;
    }
    return AllocateSlow(bytes, memory);
  }

  /// Remembers what is handed out now. O(1).
  Mark GetMark() const { return {current_, state_->offset, state_->full, chunks_, state_->wasted}; }

  /// Releases everything that was handed out from a private arena since `mark`; chunks made since then are dropped.
  /// O(1) if there are none: about a nanosecond with GetMark.
  void Rewind(const Mark& mark) {
    const std::uint32_t used = state_->offset + state_->full;
    if (used > state_->peak) state_->peak = used;
    if (chunks_ == mark.chunks) {
      state_->offset = mark.offset;  // all else changes only with the chunks
    } else {
      RewindChunks(mark);
    }
  }

  /// Makes a chunk for a request of `bytes`; `first_bytes` is the size of the arena's first chunk. A request that would
  /// waste the rest of the current chunk gets one of its own. Where there is no memory for growth, the chunk is just
  /// large enough. Errors as Allocate, and nothing changes.
  /// `max_chunk_bytes` is the most that the runtime can expose at once.
  Status Grow(std::size_t bytes, std::size_t first_bytes, std::size_t max_chunk_bytes, Growth* growth);

  /// Takes back the last Grow, before anything was allocated since: drops its chunk and restores the state.
  void UndoGrow();

  /// Forgets the chunk at `index`, the last chunk taking its index, and returns it; the caller decides what becomes
  /// of it. Where it was the current one, the arena has none until it grows. nullptr if there is no such chunk.
  Chunk* TakeChunk(std::uint32_t index);

  /// The chunk at `index`, or nullptr.
  Chunk* chunk(std::uint32_t index) const { return index < chunks_ ? chunk_[index] : nullptr; }
  std::uint32_t chunks() const { return chunks_; }
  const ArenaState& state() const { return *state_; }

  /// Links of the registry's list.
  BumpArena* previous = nullptr;
  BumpArena* next = nullptr;

 private:
  /// The index of the current chunk of an arena that has none.
  static constexpr std::uint32_t kNone = UINT32_MAX;

  // Cold: so that the compiler lays the fast paths out straight.
  [[gnu::cold]] Status AllocateSlow(std::size_t bytes, void** memory);
  Status AcquireChunk(std::size_t bytes, Chunk** chunk) const;
  [[gnu::cold]] void RewindChunks(const Mark& mark);
  void Restore(const Mark& mark);
  void DropChunks(std::uint32_t keep);
  void SetCurrent(std::uint32_t index);
  void UpdateLimit();

  ArenaState* const state_;
  const Source source_;
  std::uint8_t* base_ = nullptr;   // of the current chunk
  std::uint32_t current_ = kNone;  // its index
  std::size_t base_bytes_ = 0;     // its size; 0 where there is none
  std::uint32_t chunks_ = 0;
  Mark before_growth_ = {};
  Chunk* chunk_[kMaxChunks] = {};
};

/// Releases at the end of a block what was allocated in it: the scope of kernel temporaries.
class ArenaScope {
 public:
  explicit ArenaScope(BumpArena* arena) : arena_(arena), mark_(arena->GetMark()) {}
  ~ArenaScope() { arena_->Rewind(mark_); }
  ArenaScope(const ArenaScope&) = delete;
  ArenaScope& operator=(const ArenaScope&) = delete;

 private:
  BumpArena* const arena_;
  const BumpArena::Mark mark_;
};

}  // namespace simd_arena

#endif  // SIMD_ARENA_MEMORY_BUMP_ARENA_H_
