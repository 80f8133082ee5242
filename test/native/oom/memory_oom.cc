// Chunks, arenas, their registry and pools where any allocation may fail.
#include <doctest/doctest.h>

#include <cstdint>
#include <utility>
#include <vector>

#include "memory/arena_registry.h"
#include "memory/chunk.h"
#include "memory/chunk_size.h"
#include "memory/private_arena.h"
#include "memory/private_pool.h"
#include "oom/every_failure.h"

namespace simd_arena {
namespace {

bool Nothing() { return true; }

TEST_CASE("chunks") {
  ForEachFailure(4, [] {
    Chunk* mapped = nullptr;
    Chunk* foreign = nullptr;
    Attempt(Status::kArenaOutOfMemory, Nothing, [&] { return Chunk::Acquire(100000, &mapped); });
    Attempt(Status::kArenaOutOfMemory, Nothing, [&] { return Chunk::AcquireForeign(100000, &foreign); });
    Attempt(
        Status::kArenaOutOfMemory, [&] { return mapped->buffers(); },
        [&] { return mapped->CountByGranule() ? Status::kOk : Status::kArenaOutOfMemory; });
    Chunk::Recycle(mapped);
    Chunk::Recycle(foreign);
    Attempt(Status::kArenaOutOfMemory, Nothing, [&] { return Chunk::Acquire(100000, &mapped); });
    Chunk::Abandon(mapped);
  });
}

TEST_CASE("a private arena") {
  ForEachFailure(8, [] {
    PrivateArena owner;
    BumpArena& arena = owner.arena;
    const auto snapshot = [&] { return std::pair(StateBytes(owner.state), arena.chunks()); };
    const auto allocate = [&](std::size_t bytes) {
      void* memory = nullptr;
      Attempt(Status::kArenaOutOfMemory, snapshot, [&] { return arena.Allocate(bytes, &memory); });
      std::memset(memory, 1, bytes);
    };
    allocate(1000);
    const BumpArena::Mark mark = arena.GetMark();
    allocate(kMinChunkBytes);
    allocate(1 << 20);  // a chunk of its own
    allocate(1);
    arena.Rewind(mark);
    REQUIRE(arena.state().used() == 16);
    allocate(kMinChunkBytes);
    allocate(1 << 21);
  });
}

/// Grows as an arena of JavaScript does; where there is no memory, nothing changes.
void Grow(PrivateArena* owner, std::size_t bytes, BumpArena::Growth* growth) {
  Attempt(
      Status::kArenaOutOfMemory, [&] { return std::pair(StateBytes(owner->state), owner->arena.chunks()); },
      [&] { return owner->arena.Grow(bytes, kMinChunkBytes, kMaxChunkBytes, growth); });
}

TEST_CASE("arenas of JavaScript, with their registry") {
  for (const BumpArena::Source source : {BumpArena::Source::kMapped, BumpArena::Source::kForeign}) {
    ForEachFailure(source == BumpArena::Source::kMapped ? 6 : 3, [source] {
      const double counters[kMemoryStats] = {};
      ArenaRegistry registry(counters);
      PrivateArena owner(source);
      registry.Add(&owner.arena);
      BumpArena::Growth growth = {};
      Grow(&owner, 1000, &growth);
      Grow(&owner, 1 << 20, &growth);
      owner.arena.UndoGrow();
      Grow(&owner, 1 << 22, &growth);
      REQUIRE(registry.Stats(0)[MemoryStat::capacity] == ArenaRegistry::ProcessStats(0)[MemoryStat::capacity]);
      if (source == BumpArena::Source::kMapped) {
        registry.AddLostChunk(owner.arena.TakeChunk(0));
        registry.ReclaimLostChunks();
      }
      registry.Remove(&owner.arena);
    });
  }
}

/// All words that a pool shares with JavaScript, but for the requests that were counted before they failed.
std::vector<std::uint64_t> WordsOf(const PrivatePool& owner) {
  const double misses = owner.state[PoolStat::misses];
  owner.state[PoolStat::misses] = 0;
  std::vector<std::uint64_t> words = owner.words;
  owner.state[PoolStat::misses] = misses;
  return words;
}

std::uint32_t Get(PrivatePool* owner, std::size_t bytes) {
  std::uint32_t slot = BufferPool::kNone;
  Attempt(
      Status::kPoolOutOfMemory, [&] { return WordsOf(*owner); },
      [&] { return owner->pool.GetOrMake(bytes, 1, &slot); });
  REQUIRE(owner->pool.IsLive(slot));
  *owner->data(slot) = 1;
  return slot;
}

TEST_CASE("a pool of every size class, and beyond") {
  ForEachFailure(kSizeClasses * 3, [] {
    PrivatePool owner;
    std::vector<std::uint32_t> slots(kSizeClasses + 1);
    for (std::uint32_t size_class = 0; size_class < kSizeClasses; ++size_class) {
      slots[size_class] = Get(&owner, SizeClassBytes(size_class));
    }
    slots[kLargeClass] = Get(&owner, SizeClassBytes(kSizeClasses - 1) + 1);
    for (const std::uint32_t slot : slots) owner.Put(slot);
    REQUIRE(owner.Count(PoolStat::allocations) == owner.Count(PoolStat::deallocations));
    while (owner.pool.TakeColdest() != BufferPool::kNone) continue;
  });
}

TEST_CASE("slots that are retired, lost and made again, and indices that run out") {
  ForEachFailure(8, [] {
    PrivatePool owner;
    std::vector<std::uint32_t> slots(3000);
    for (std::uint32_t& slot : slots) slot = Get(&owner, 64);
    for (std::size_t i = 0; i < slots.size(); ++i) {
      if (i % 2 == 0) {
        owner.pool.Lose(slots[i]);
      } else {
        owner.pool.Retire(slots[i]);
      }
    }
    REQUIRE(owner.pool.ReclaimLost());
    for (int i = 0; i < 3000; ++i) Get(&owner, 64);
    owner.pool.MarkAge();
    REQUIRE(owner.pool.TakeUnused() == BufferPool::kNone);
  });
}

}  // namespace
}  // namespace simd_arena
