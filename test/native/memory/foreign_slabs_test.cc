#include "memory/foreign_slabs.h"

#include <doctest/doctest.h>

#include <vector>

#include "memory/buffer_pool.h"
#include "memory/chunk_size.h"
#include "memory/memory_budget.h"
#include "memory/process_budget.h"

namespace simd_arena {
namespace {

constexpr std::uint32_t kMaxBuffers = 4;
constexpr std::uint32_t kSmall = 4;  // 1 KiB
constexpr std::uint32_t kPage = SizeClassFor(kForeignPageBytes, 1);
constexpr std::uint32_t kWhole = SizeClassFor(kMinChunkBytes, 1);

std::uint64_t BudgetUsed() { return MemoryBudget::Process().used(); }

Chunk* AcquireOrFail(ForeignSlabs* slabs, std::uint32_t size_class) {
  Chunk* chunk = nullptr;
  REQUIRE(slabs->Acquire(size_class, SizeClassBytes(size_class), &chunk) == Status::kOk);
  return chunk;
}

/// A pool whose slots are foreign.
struct ForeignPool {
  explicit ForeignPool(ForeignSlabs* slabs)
      : words((PoolState::Words(kMaxBuffers) + 1) / 2),
        state(*reinterpret_cast<PoolState*>(words.data())),
        pool(&state, UINT64_MAX, kMaxBuffers, slabs) {}

  std::uint32_t Make(std::size_t bytes) {
    std::uint32_t slot = BufferPool::kNone;
    REQUIRE(pool.Make(bytes, 1, &slot) == Status::kOk);
    return slot;
  }

  std::vector<std::uint64_t> words;  // before the pool, which uses them to the end
  PoolState& state;
  BufferPool pool;
};

TEST_CASE("a slab of foreign slots smaller than a page stays charged when it ends, for others of its class") {
  const std::uint64_t before = BudgetUsed();
  {
    ForeignSlabs slabs;
    Chunk* chunk = AcquireOrFail(&slabs, kSmall);
    CHECK(chunk->foreign());
    slabs.Release(kSmall, SizeClassBytes(kSmall), chunk);
    CHECK(BudgetUsed() == before + kMinChunkBytes);
    CHECK(AcquireOrFail(&slabs, kSmall) == chunk);
    CHECK(BudgetUsed() == before + kMinChunkBytes);
    slabs.Release(kSmall, SizeClassBytes(kSmall), chunk);

    Chunk* other = AcquireOrFail(&slabs, kSmall + 1);
    CHECK(BudgetUsed() == before + 2 * kMinChunkBytes);
    slabs.Release(kSmall + 1, SizeClassBytes(kSmall + 1), other);
  }
  CHECK(BudgetUsed() == before);
}

TEST_CASE("a slab of foreign slots that have pages of their own is uncharged when it ends") {
  ForeignSlabs slabs;
  const std::uint64_t before = BudgetUsed();
  for (std::uint32_t size_class = kPage; size_class <= kWhole; ++size_class) {
    Chunk* chunk = AcquireOrFail(&slabs, size_class);
    CHECK(BudgetUsed() == before + kMinChunkBytes);
    slabs.Release(size_class, SizeClassBytes(size_class), chunk);
    CHECK(BudgetUsed() == before);
  }
}

TEST_CASE("an exhausted budget refuses new foreign slabs, and none that are kept") {
  ForeignSlabs slabs;
  Chunk* chunk = AcquireOrFail(&slabs, kSmall);
  slabs.Release(kSmall, SizeClassBytes(kSmall), chunk);
  const ProcessBudget budget(0);
  CHECK(slabs.Acquire(kSmall + 1, SizeClassBytes(kSmall + 1), &chunk) == Status::kMemoryBudget);
  slabs.Release(kSmall, SizeClassBytes(kSmall), AcquireOrFail(&slabs, kSmall));
}

TEST_CASE("a pool of foreign slots counts them as others, and large ones in whole chunks") {
  ForeignSlabs slabs;
  ForeignPool p(&slabs);
  CHECK(p.pool.foreign());
  const std::uint32_t small = p.Make(1000);
  CHECK(p.pool.bytes(small) == 1024);
  CHECK(p.state[PoolStat::capacity] == double{kMinChunkBytes});
  p.pool.Retire(small);
  CHECK(p.state[PoolStat::capacity] == 0);

  constexpr std::size_t kLarge = SizeClassBytes(kSizeClasses - 1) + 1;
  const std::uint32_t large = p.Make(kLarge);
  CHECK(p.pool.bytes(large) == RoundChunkBytes(kLarge));
  CHECK(p.state[PoolStat::capacity] == static_cast<double>(RoundChunkBytes(kLarge)));
  p.pool.Retire(large);
  CHECK(p.state[PoolStat::capacity] == 0);
}

TEST_CASE("a foreign slot that is lost is free at once, because its memory is whoever's has it") {
  ForeignSlabs slabs;
  ForeignPool p(&slabs);
  const std::uint32_t kept = p.Make(1000);
  const std::uint32_t lost = p.Make(1000);
  p.pool.Lose(lost);
  CHECK(p.pool.ReclaimLost());
  CHECK(p.Make(1000) == lost);
  p.pool.Retire(lost);
  p.pool.Retire(kept);
}

TEST_CASE("pools of foreign slots share what is kept") {
  const std::uint64_t before = BudgetUsed();
  {
    ForeignSlabs slabs;
    for (int round = 0; round < 3; ++round) {
      ForeignPool p(&slabs);
      for (int slot = 0; slot < 100; ++slot) p.pool.Retire(p.Make(1000));
      CHECK(BudgetUsed() == before + kMinChunkBytes);
    }
    ForeignPool left(&slabs);
    left.Make(1000);
  }
  CHECK(BudgetUsed() == before);
}

}  // namespace
}  // namespace simd_arena
