// The process-wide store of released mapped chunks, by size class.
//
// What it holds costs addresses, not memory: the pages of a chunk were given back before it came here. Released
// addresses are reused and never unmapped (base/os_memory.h says why).
//
// Thread rule: any thread; one mutex, taken only when chunks are made or released.
#ifndef SIMD_ARENA_MEMORY_CHUNK_CACHE_H_
#define SIMD_ARENA_MEMORY_CHUNK_CACHE_H_

#include <cstddef>
#include <mutex>

#include "memory/chunk.h"
#include "memory/chunk_size.h"

namespace simd_arena {

class ChunkCache {
 public:
  /// The cache of this process. Never destroyed: finalizers may run after static destructors.
  static ChunkCache& Process();

  /// A chunk of exactly `bytes` (a size class), or nullptr. O(1).
  Chunk* Take(std::size_t bytes);

  /// Stores `chunk`, to be taken again. O(1).
  void Put(Chunk* chunk);

  /// Keeps `chunk` for ever, out of use: its ArrayBuffer may live in another thread. O(1).
  void Abandon(Chunk* chunk);

 private:
  std::mutex mutex_;
  Chunk* free_[kChunkClasses] = {};
  Chunk* abandoned_ = nullptr;
};

}  // namespace simd_arena

#endif  // SIMD_ARENA_MEMORY_CHUNK_CACHE_H_
