// All arenas of one environment (the main thread, or a worker), and, through a process-wide list, of all environments.
//
// Ownership: the registry owns neither arenas nor states; arenas register and unregister themselves. It owns lost
// chunks: those whose ArrayBuffers somebody took away, or has of a pool that is gone, until their finalizers prove that
// nobody has them any more.
//
// Thread rule: one thread per registry, but for ProcessStats, which reads the states of all registries from any thread:
// the process mutex guards the list of registries and each registry's lists of arenas and lost chunks. Nothing is
// locked on the way of an allocation.
//
// The end of an environment: Close() takes the registry off the process list while the states are still alive; chunks
// of arenas that end later are abandoned, not recycled (chunk.h).
#ifndef SIMD_ARENA_MEMORY_ARENA_REGISTRY_H_
#define SIMD_ARENA_MEMORY_ARENA_REGISTRY_H_

#include "memory/bump_arena.h"
#include "memory/chunk.h"
#include "memory/memory_stats.h"

namespace simd_arena {

class ArenaRegistry {
 public:
  /// `counters`: the environment's event counters, one double for each MemoryStat, shared with JavaScript; valid until
  /// Close().
  explicit ArenaRegistry(const double* counters);
  ~ArenaRegistry();
  ArenaRegistry(const ArenaRegistry&) = delete;
  ArenaRegistry& operator=(const ArenaRegistry&) = delete;

  void Add(BumpArena* arena);
  void Remove(BumpArena* arena);

  /// Takes over a chunk with ArrayBuffers in unknown hands.
  void AddLostChunk(Chunk* chunk);

  /// Recycles the lost chunks whose ArrayBuffers have been finalized. Call it only where JavaScript still runs: a
  /// finalizer that ran at the end of the environment proves nothing. Foreign chunks stay lost: nothing tells when
  /// their memory is free. O(lost chunks).
  void ReclaimLostChunks();

  /// The environment ends. Idempotent.
  void Close();

  /// Statistics of this registry. O(arenas). `now`: milliseconds of the monotonic clock.
  MemoryStats Stats(double now) const;

  /// Statistics of all registries of the process. O(arenas).
  static MemoryStats ProcessStats(double now);

 private:
  void AddStats(double now, MemoryStats* stats) const;

  const double* const counters_;
  BumpArena* arenas_ = nullptr;
  Chunk* lost_ = nullptr;
  bool closed_ = false;
  ArenaRegistry* previous_ = nullptr;
  ArenaRegistry* next_ = nullptr;
};

}  // namespace simd_arena

#endif  // SIMD_ARENA_MEMORY_ARENA_REGISTRY_H_
