#include "memory/chunk_cache.h"

#include "base/never_destroyed.h"

namespace simd_arena {

ChunkCache& ChunkCache::Process() {
  static NeverDestroyed<ChunkCache> cache;
  return *cache;
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
