#include "memory/chunk_cache.h"

#include <new>

namespace simd_arena {

ChunkCache& ChunkCache::Process() {
  alignas(ChunkCache) static unsigned char memory[sizeof(ChunkCache)];
  static ChunkCache& cache = *new (memory) ChunkCache;
  return cache;
}

Chunk* ChunkCache::Take(std::size_t bytes) {
  const std::lock_guard<std::mutex> lock(mutex_);
  Chunk*& head = free_[ChunkClassFor(bytes)];
  Chunk* chunk = head;
  if (chunk != nullptr) head = chunk->next;
  return chunk;
}

void ChunkCache::Put(Chunk* chunk) {
  const std::lock_guard<std::mutex> lock(mutex_);
  Chunk*& head = free_[ChunkClassFor(chunk->bytes())];
  chunk->next = head;
  head = chunk;
}

void ChunkCache::Abandon(Chunk* chunk) {
  const std::lock_guard<std::mutex> lock(mutex_);
  chunk->next = abandoned_;
  abandoned_ = chunk;
}

}  // namespace simd_arena
