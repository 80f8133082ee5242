#include "memory/chunk.h"

#include <new>
#include <utility>

#include "base/os_memory.h"
#include "memory/chunk_cache.h"
#include "memory/chunk_size.h"
#include "memory/memory_budget.h"

namespace simd_arena {

Status Chunk::Acquire(std::size_t bytes, Chunk** chunk) {
  if (bytes > kMaxChunkBytes) return Status::kArenaOutOfMemory;
  const std::size_t rounded = RoundChunkBytes(bytes);
  if (Status status = MemoryBudget::Process().Reserve(rounded); status != Status::kOk) return status;

  Chunk* taken = ChunkCache::Process().Take(rounded);
  if (taken == nullptr) {
    taken = Map(rounded);
  }
  if (taken == nullptr) {
    MemoryBudget::Process().Release(rounded);
    return Status::kArenaOutOfMemory;
  }
  *chunk = taken;
  return Status::kOk;
}

Chunk* Chunk::Map(std::size_t bytes) {
  // The record first: pages that were mapped are never unmapped, so nothing may fail after them.
  void* record = ::operator new(sizeof(Chunk), std::nothrow);
  if (record == nullptr) return nullptr;
  void* memory = os::MapPages(bytes);
  if (memory == nullptr) {
    ::operator delete(record);
    return nullptr;
  }
  return new (record) Chunk(static_cast<std::uint8_t*>(memory), bytes);
}

Status Chunk::AcquireForeign(std::size_t bytes, Chunk** chunk) {
  if (bytes > kMaxChunkBytes) return Status::kArenaOutOfMemory;
  const std::size_t rounded = RoundChunkBytes(bytes);
  if (Status status = MemoryBudget::Process().Reserve(rounded); status != Status::kOk) return status;

  *chunk = new (std::nothrow) Chunk(nullptr, rounded);
  if (*chunk != nullptr) return Status::kOk;
  MemoryBudget::Process().Release(rounded);
  return Status::kArenaOutOfMemory;
}

bool Chunk::CountByGranule() {
  if (by_granule_ == nullptr) by_granule_ = new (std::nothrow) BufferCount[bytes_ / kGranuleBytes];
  return by_granule_ != nullptr;
}

std::int32_t Chunk::buffers() const {
  std::int32_t sum = buffers_.value();
  if (by_granule_ != nullptr) {
    for (std::size_t i = 0; i < bytes_ / kGranuleBytes; ++i) sum += by_granule_[i].value();
  }
  return sum;
}

void Chunk::Recycle(Chunk* chunk) {
  const std::size_t bytes = chunk->bytes();
  if (chunk->foreign()) {
    delete chunk;
  } else {
    chunk->exposed = 0;
    os::ZeroPages(chunk->data(), bytes);
    ChunkCache::Process().Put(chunk);
  }
  MemoryBudget::Process().Release(bytes);
}

void Chunk::Abandon(Chunk* chunk) {
  const std::size_t bytes = chunk->bytes();
  if (chunk->foreign()) {
    delete chunk;
  } else {
    os::ZeroPages(chunk->data(), bytes);
    // Of no use any more where every finalizer has run, as on Node.js, whose environments run them first.
    if (chunk->buffers() == 0) delete[] std::exchange(chunk->by_granule_, nullptr);
    ChunkCache::Process().Abandon(chunk);
  }
  MemoryBudget::Process().Release(bytes);
}

}  // namespace simd_arena
