// A pool of C++ with a state of its own.
#ifndef SIMD_ARENA_TEST_MEMORY_PRIVATE_POOL_H_
#define SIMD_ARENA_TEST_MEMORY_PRIVATE_POOL_H_

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <vector>

#include "memory/buffer_pool.h"

namespace simd_arena {

struct PrivatePool {
  explicit PrivatePool(std::uint32_t max_buffers_per_bucket = 8, std::uint64_t max_pool_bytes = UINT64_MAX)
      : max_buffers(max_buffers_per_bucket),
        words((PoolState::Words(max_buffers) + 1) / 2),
        state(*reinterpret_cast<PoolState*>(words.data())),
        pool(&state, max_pool_bytes, max_buffers) {}

  /// Takes a buffer, and requires that there is memory.
  std::uint32_t Get(std::size_t bytes, std::size_t alignment = 1) {
    std::uint32_t slot = BufferPool::kNone;
    REQUIRE(pool.GetOrMake(bytes, alignment, &slot) == Status::kOk);
    REQUIRE(pool.IsLive(slot));
    return slot;
  }

  /// Takes `count` buffers.
  std::vector<std::uint32_t> GetMany(std::size_t count, std::size_t bytes) {
    std::vector<std::uint32_t> slots(count);
    for (std::uint32_t& slot : slots) slot = Get(bytes);
    return slots;
  }

  /// Puts a buffer back, and requires that it may.
  void Put(std::uint32_t slot) { REQUIRE(pool.Put(slot) == Status::kOk); }

  std::uint8_t* data(std::uint32_t slot) const {
    const ChunkPart part = pool.part(slot);
    return part.chunk->data() + part.offset;
  }

  double Count(PoolStat stat) { return state[stat]; }
  PoolBucket& BucketFor(std::size_t bytes) { return state.buckets[SizeClassFor(bytes, 1)]; }

  const std::uint32_t max_buffers;
  std::vector<std::uint64_t> words;  // before the pool, which uses them to the end
  PoolState& state;
  BufferPool pool;
};

}  // namespace simd_arena

#endif  // SIMD_ARENA_TEST_MEMORY_PRIVATE_POOL_H_
