#include "memory/buffer_pool.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <thread>
#include <vector>

#include "memory/chunk_size.h"
#include "memory/memory_budget.h"
#include "memory/no_more_memory.h"
#include "memory/private_pool.h"
#include "memory/process_budget.h"
#include "support/random.h"

namespace simd_arena {
namespace {

constexpr std::uint32_t kNone = BufferPool::kNone;
constexpr std::size_t kLastClassBytes = SizeClassBytes(kSizeClasses - 1);

std::uint64_t BudgetUsed() { return MemoryBudget::Process().used(); }

/// An ArrayBuffer of JavaScript over a slot, as far as the core sees it.
BufferCount& Expose(PrivatePool* p, std::uint32_t slot) {
  const ChunkPart part = p->pool.part(slot);
  part.chunk->exposed += 1;
  p->pool.set_exposed(slot, true);
  BufferCount& buffers = part.chunk->buffers_at(part.offset);
  buffers.Add();
  return buffers;
}

TEST_CASE("a buffer that was put back serves every request of its class, whatever it was made for") {
  PrivatePool p;
  const std::uint32_t slot = p.Get(33);
  std::uint8_t* const data = p.data(slot);
  CHECK(p.pool.part(slot).bytes == 64);
  for (const std::size_t bytes : {64, 1, 0, 33}) {
    p.Put(slot);
    CHECK(p.Get(bytes) == slot);
    CHECK(p.data(slot) == data);
  }
  p.Put(slot);
  CHECK(p.Get(65) != slot);
  CHECK(p.Count(PoolStat::hits) == 4);
  CHECK(p.Count(PoolStat::misses) == 2);
}

TEST_CASE("Get hands out what is idle, and makes nothing") {
  PrivatePool p;
  std::uint32_t slot = kNone;
  const std::uint64_t before = BudgetUsed();
  CHECK_FALSE(p.pool.Get(100, 1, &slot));
  CHECK(slot == kNone);
  CHECK(BudgetUsed() == before);
  const std::uint32_t made = p.Get(100);
  p.Put(made);
  CHECK_FALSE(p.pool.Get(100, 3, &slot));
  CHECK_FALSE(p.pool.Get(kLastClassBytes + 1, 1, &slot));
  REQUIRE(p.pool.Get(100, 1, &slot));
  CHECK(slot == made);
  CHECK(p.Count(PoolStat::hits) == 1);
  CHECK(p.Count(PoolStat::misses) == 3);
}

TEST_CASE("the buffer that came back last is handed out first") {
  PrivatePool p;
  const std::uint32_t a = p.Get(1000);
  const std::uint32_t b = p.Get(1000);
  const std::uint32_t c = p.Get(1000);
  p.Put(b);
  p.Put(c);
  p.Put(a);
  CHECK(p.Get(1000) == a);
  CHECK(p.Get(1000) == c);
  CHECK(p.Get(1000) == b);
}

TEST_CASE("slots are aligned as asked for, when they are made and when they are handed out again") {
  PrivatePool p(64);
  for (std::size_t alignment = 1; alignment <= kMaxAlignment; alignment *= 2) {
    for (const std::size_t bytes : {0, 1, 63, 65, 1000, 4096, 5000, 40000, 65536, 100000}) {
      CAPTURE(alignment);
      CAPTURE(bytes);
      for (int round = 0; round < 2; ++round) {
        std::vector<std::uint32_t> slots;
        for (int i = 0; i < 5; ++i) {
          slots.push_back(p.Get(bytes, alignment));
          CHECK(reinterpret_cast<std::uintptr_t>(p.data(slots.back())) % std::max<std::size_t>(alignment, 64) == 0);
          CHECK(p.pool.part(slots.back()).bytes >= bytes);
        }
        for (const std::uint32_t slot : slots) p.Put(slot);
      }
    }
  }
}

TEST_CASE("an alignment that is none is refused, and nothing changes") {
  PrivatePool p;
  std::uint32_t slot = kNone;
  for (const std::size_t alignment : {std::size_t{0}, std::size_t{3}, std::size_t{8192}, SIZE_MAX}) {
    CHECK(p.pool.Make(64, alignment, &slot) == Status::kOutOfRange);
  }
  CHECK(slot == kNone);
  CHECK(std::all_of(p.words.begin(), p.words.end(), [](std::uint64_t word) { return word == 0; }));
}

TEST_CASE("small slots share slabs of 64 KiB without overlapping, larger ones have a chunk each") {
  const std::uint64_t before = BudgetUsed();
  for (std::uint32_t size_class = 0; size_class < 14; ++size_class) {
    CAPTURE(size_class);
    const std::size_t bytes = SizeClassBytes(size_class);
    const std::size_t per_slab = std::max(kMinChunkBytes / bytes, std::size_t{1});
    PrivatePool p;
    std::vector<std::uint8_t*> starts(per_slab);
    for (std::uint8_t*& start : starts) start = p.data(p.Get(bytes));
    CHECK(BudgetUsed() == before + std::max(bytes, kMinChunkBytes));
    std::sort(starts.begin(), starts.end());
    for (std::size_t i = 1; i < starts.size(); ++i) CHECK(starts[i] == starts[i - 1] + bytes);
    p.Get(bytes);
    CHECK(BudgetUsed() == before + 2 * std::max(bytes, kMinChunkBytes));
  }
  CHECK(BudgetUsed() == before);
}

TEST_CASE("the last class is pooled; what is larger gets just the granules it asks for, and is not") {
  const std::uint64_t before = BudgetUsed();
  PrivatePool p;
  const std::uint32_t last = p.Get(kLastClassBytes);
  p.Put(last);
  CHECK(p.BucketFor(kLastClassBytes).idle == 1);
  CHECK(p.Count(PoolStat::pooledBytes) == static_cast<double>(kLastClassBytes));

  const std::uint32_t large = p.Get(kLastClassBytes + 1, 4096);
  CHECK(p.pool.part(large).bytes == kLastClassBytes + 64);
  CHECK(reinterpret_cast<std::uintptr_t>(p.data(large)) % 4096 == 0);
  CHECK(BudgetUsed() == before + kLastClassBytes + RoundChunkBytes(kLastClassBytes + 1));
  CHECK(p.state.buckets[kLargeClass].out == 1);
  p.Put(large);
  CHECK_FALSE(p.pool.IsLive(large));
  CHECK(BudgetUsed() == before + kLastClassBytes);
  CHECK(p.state.buckets[kLargeClass].out == 0);
  CHECK(p.Count(PoolStat::tooLarge) == 1);
  CHECK(p.Count(PoolStat::misses) == 2);
}

TEST_CASE("a bucket keeps as many buffers as it may, and the rest end") {
  PrivatePool p(2);
  const std::vector<std::uint32_t> slots = p.GetMany(4, 100);
  for (const std::uint32_t slot : slots) p.Put(slot);
  CHECK(p.BucketFor(100).idle == 2);
  CHECK(p.BucketFor(100).out == 0);
  CHECK(p.Count(PoolStat::bucketFull) == 2);
  CHECK(p.Count(PoolStat::pooledBytes) == 2 * 128);
  CHECK(p.pool.IsLive(slots[1]));
  CHECK_FALSE(p.pool.IsLive(slots[2]));
  // Each class has a bucket of its own.
  p.Put(p.Get(1000));
  CHECK(p.BucketFor(1000).idle == 1);
}

TEST_CASE("the pool keeps as many bytes as it may, to the byte") {
  PrivatePool p(8, 128 + 1024);
  const std::uint32_t small = p.Get(100);
  const std::uint32_t other = p.Get(64);
  const std::uint32_t large = p.Get(1000);
  p.Put(large);
  p.Put(small);
  CHECK(p.Count(PoolStat::pooledBytes) == 128 + 1024);
  p.Put(other);
  CHECK(p.Count(PoolStat::poolFull) == 1);
  CHECK(p.Count(PoolStat::pooledBytes) == 128 + 1024);
  CHECK_FALSE(p.pool.IsLive(other));
}

TEST_CASE("a pool without room keeps nothing, and serves all the same") {
  const std::uint64_t before = BudgetUsed();
  PrivatePool p(0);
  p.Put(p.Get(100));
  CHECK(BudgetUsed() == before);
  CHECK(p.Count(PoolStat::bucketFull) == 1);
  CHECK(p.pool.TakeColdest() == kNone);
}

TEST_CASE("a buffer that was put back, or that is none, is not taken, and nothing changes") {
  PrivatePool p(1);
  const std::uint32_t idle = p.Get(100);
  const std::uint32_t ended = p.Get(100);
  p.Put(idle);
  p.Put(ended);
  const std::vector<std::uint64_t> before = p.words;
  CHECK(p.pool.Put(idle) == Status::kPoolDoublePut);
  CHECK(p.pool.Put(ended) == Status::kPoolNotOwned);
  CHECK(p.pool.Put(2) == Status::kPoolNotOwned);
  CHECK(p.pool.Put(kNone) == Status::kPoolNotOwned);
  CHECK(p.words == before);
}

TEST_CASE("the counters add up") {
  PrivatePool p(1);
  const std::uint32_t a = p.Get(100);
  const std::uint32_t b = p.Get(50);
  p.Put(a);
  const std::uint32_t c = p.Get(128);
  CHECK(c == a);
  CHECK(p.Count(PoolStat::hits) == 1);
  CHECK(p.Count(PoolStat::misses) == 2);
  CHECK(p.Count(PoolStat::allocations) == 3);
  CHECK(p.Count(PoolStat::deallocations) == 1);
  CHECK(p.Count(PoolStat::bytesAllocated) == 100 + 50 + 128);
  CHECK(p.Count(PoolStat::bytesFreed) == 100);
  CHECK(p.BucketFor(100).out == 1);
  CHECK(p.BucketFor(50).out == 1);
  p.Put(b);
  p.Put(c);
  CHECK(p.Count(PoolStat::bytesFreed) == 100 + 50 + 128);
  CHECK(p.Count(PoolStat::pooledBytes) == 128 + 64);
}

TEST_CASE("the state says of a slot that was made whether its memory is fresh") {
  PrivatePool p;
  for (int i = 0; i < 3; ++i) {
    const std::uint32_t slot = p.Get(100);
    CHECK(p.state.fresh == 1);
    const std::uint8_t* data = p.data(slot);
    CHECK(std::all_of(data, data + 128, [](std::uint8_t byte) { return byte == 0; }));
    std::memset(p.data(slot), 0xAB, 128);
  }
  const std::uint32_t spare = p.Get(100);
  p.pool.Retire(spare);
  CHECK(p.Get(100) == spare);
  CHECK(p.state.fresh == 0);
  p.Get(100);
  CHECK(p.state.fresh == 1);
}

TEST_CASE("spare slots are used before more memory is, and an empty slab gives its chunk back") {
  const std::uint64_t before = BudgetUsed();
  PrivatePool p;
  const std::vector<std::uint32_t> slots = p.GetMany(192, 1024);
  CHECK(BudgetUsed() == before + 3 * kMinChunkBytes);
  // One of each slab remains.
  for (std::size_t i = 0; i < slots.size(); ++i) {
    if (i % 64 != 7) p.pool.Retire(slots[i]);
  }
  CHECK(BudgetUsed() == before + 3 * kMinChunkBytes);
  CHECK(p.BucketFor(1024).out == 3);
  const std::vector<std::uint32_t> again = p.GetMany(189, 1024);
  CHECK(BudgetUsed() == before + 3 * kMinChunkBytes);
  for (const std::uint32_t slot : again) p.pool.Retire(slot);
  p.pool.Retire(slots[7]);
  CHECK(BudgetUsed() == before + 2 * kMinChunkBytes);
  p.pool.Retire(slots[64 + 7]);
  p.pool.Retire(slots[128 + 7]);
  CHECK(BudgetUsed() == before);
  for (const std::uint32_t slot : slots) CHECK_FALSE(p.pool.IsLive(slot));
}

TEST_CASE("the capacity is what the pool takes of the budget") {
  const std::uint64_t before = BudgetUsed();
  PrivatePool p;
  const auto capacity = [&p, before] {
    CHECK(p.Count(PoolStat::capacity) == static_cast<double>(BudgetUsed() - before));
    return p.Count(PoolStat::capacity);
  };
  CHECK(capacity() == 0);
  const std::vector<std::uint32_t> slots = p.GetMany(64, 1024);
  CHECK(capacity() == kMinChunkBytes);
  for (std::size_t i = 1; i < slots.size(); ++i) p.pool.Retire(slots[i]);
  CHECK(capacity() == kMinChunkBytes);

  BufferCount& buffers = Expose(&p, slots[0]);
  p.pool.Lose(slots[0]);
  p.pool.ReclaimLost();
  CHECK(capacity() == kMinChunkBytes);
  buffers.Remove();
  p.pool.ReclaimLost();
  CHECK(capacity() == 0);

  const std::uint32_t large = p.Get(kLastClassBytes + 1);
  CHECK(capacity() == static_cast<double>(RoundChunkBytes(kLastClassBytes + 1)));
  p.Put(large);
  p.Get(1);
  p.Get(100000);
  CHECK(capacity() == static_cast<double>(kMinChunkBytes + RoundChunkBytes(131072)));
  while (Chunk* chunk = p.pool.TakeChunk()) Chunk::Recycle(chunk);
  CHECK(capacity() == 0);
}

TEST_CASE("the indices of slots are used again, so that they stay as few as the slots") {
  PrivatePool p(0);
  for (int round = 0; round < 100; ++round) {
    std::vector<std::uint32_t> slots;
    for (int i = 0; i < 100; ++i) {
      slots.push_back(p.Get(std::size_t{1} << (i % 18)));
      CHECK(slots.back() < 100);
    }
    std::vector<std::uint32_t> sorted = slots;
    std::sort(sorted.begin(), sorted.end());
    CHECK(std::adjacent_find(sorted.begin(), sorted.end()) == sorted.end());
    for (const std::uint32_t slot : slots) p.Put(slot);
  }
}

TEST_CASE("where the budget refuses, nothing changes; what was given back is served") {
  PrivatePool p;
  const ProcessBudget budget(2 * kMinChunkBytes);
  const std::uint32_t first = p.Get(40000);
  const std::uint32_t second = p.Get(40000);
  const std::vector<std::uint64_t> before = p.words;
  const std::uint64_t used = BudgetUsed();
  std::uint32_t slot = kNone;
  CHECK(p.pool.Make(1, 1, &slot) == Status::kMemoryBudget);
  CHECK(p.pool.Make(kLastClassBytes + 1, 1, &slot) == Status::kMemoryBudget);
  CHECK(slot == kNone);
  CHECK(p.words == before);
  CHECK(BudgetUsed() == used);
  p.pool.Retire(first);
  CHECK(p.pool.Make(1, 1, &slot) == Status::kOk);
  CHECK(p.pool.IsLive(second));
}

TEST_CASE("a size that no memory has is out of memory, and nothing changes") {
  PrivatePool p;
  const std::uint64_t used = BudgetUsed();
  std::uint32_t slot = kNone;
  for (const std::size_t bytes : {kMaxChunkBytes + 1, (SIZE_MAX >> 1) + 1, SIZE_MAX - 63, SIZE_MAX}) {
    CAPTURE(bytes);
    CHECK(p.pool.Make(bytes, 1, &slot) == Status::kPoolOutOfMemory);
  }
  CHECK(slot == kNone);
  CHECK(std::all_of(p.words.begin(), p.words.end(), [](std::uint64_t word) { return word == 0; }));
  CHECK(BudgetUsed() == used);
}

TEST_CASE("where the system refuses memory, nothing changes") {
  PrivatePool p;
  const std::uint64_t used = BudgetUsed();
  std::uint32_t slot = kNone;
  Status status;
  {
    const NoMoreMemory no_more_memory;
    status = p.pool.Make(std::size_t{11} << 30, 1, &slot);  // a size that no chunk in the cache has
  }
  CHECK(status == Status::kPoolOutOfMemory);
  CHECK(slot == kNone);
  CHECK(std::all_of(p.words.begin(), p.words.end(), [](std::uint64_t word) { return word == 0; }));
  CHECK(BudgetUsed() == used);
}

TEST_CASE("trimming takes from the class with the most idle bytes, and there the coldest") {
  PrivatePool p;
  const std::vector<std::uint32_t> small = p.GetMany(5, 1024);
  const std::uint32_t large = p.Get(4096);
  for (const std::uint32_t slot : small) p.Put(slot);
  p.Put(large);

  std::vector<std::uint32_t> taken;
  for (std::uint32_t slot; (slot = p.pool.TakeColdest()) != kNone;) {
    taken.push_back(slot);
    p.pool.Retire(slot);
  }
  CHECK(taken == std::vector<std::uint32_t>{small[0], large, small[1], small[2], small[3], small[4]});
  CHECK(p.Count(PoolStat::trimmed) == 6);
  CHECK(p.Count(PoolStat::pooledBytes) == 0);
  for (const PoolBucket& bucket : p.state.buckets) CHECK((bucket.idle == 0 && bucket.out == 0));
}

TEST_CASE("what was not used since the mark is unused, and no other") {
  PrivatePool p;
  const std::vector<std::uint32_t> slots = p.GetMany(5, 1000);
  for (const std::uint32_t slot : slots) p.Put(slot);
  CHECK(p.pool.TakeUnused() == kNone);

  p.pool.MarkAge();
  const std::uint32_t a = p.Get(1000);
  const std::uint32_t b = p.Get(1000);
  p.Put(b);
  p.Put(a);
  p.Put(p.Get(1000));
  for (int i = 0; i < 3; ++i) {
    const std::uint32_t unused = p.pool.TakeUnused();
    CHECK(unused == slots[static_cast<std::size_t>(i)]);
    p.pool.Retire(unused);
  }
  CHECK(p.pool.TakeUnused() == kNone);
  CHECK(p.BucketFor(1000).idle == 2);
  CHECK(p.Count(PoolStat::unused) == 3);
  CHECK(p.Count(PoolStat::pooledBytes) == 2 * 1024);

  p.pool.MarkAge();
  CHECK(p.pool.TakeUnused() == b);
  CHECK(p.pool.TakeUnused() == a);
  CHECK(p.pool.TakeUnused() == kNone);
}

TEST_CASE("what is trimmed is the first of the unused") {
  PrivatePool p;
  const std::uint32_t a = p.Get(1000);
  const std::uint32_t b = p.Get(1000);
  const std::uint32_t c = p.Get(1000);
  for (const std::uint32_t slot : {a, b, c}) p.Put(slot);
  p.pool.MarkAge();
  p.Put(p.Get(1000));
  CHECK(p.pool.TakeColdest() == a);
  CHECK(p.pool.TakeUnused() == b);
  CHECK(p.pool.TakeUnused() == kNone);
}

TEST_CASE("victims are chosen of what JavaScript pushed") {
  PrivatePool p;
  std::uint32_t slots[3];
  for (std::uint32_t& slot : slots) REQUIRE(p.pool.Make(1000, 1, &slot) == Status::kOk);
  PoolBucket& bucket = p.BucketFor(1000);
  CHECK(bucket.out == 3);
  Shared<std::uint32_t>* stack = p.state.stack(SizeClassFor(1000, 1), p.max_buffers);
  for (const std::uint32_t slot : {slots[2], slots[0]}) {
    stack[bucket.idle] = slot;
    bucket.idle += 1;
    bucket.out -= 1;
    p.state[PoolStat::pooledBytes] += 1024;
  }
  CHECK(p.pool.TakeColdest() == slots[2]);
  CHECK(bucket.idle == 1);
  CHECK(bucket.out == 2);
  CHECK(p.Count(PoolStat::pooledBytes) == 1024);
  p.pool.MarkAge();
  CHECK(p.pool.TakeUnused() == slots[0]);
  for (const std::uint32_t slot : slots) p.pool.Retire(slot);
  CHECK(bucket.out == 0);
}

TEST_CASE("the memory of a lost slot is used again when nobody has it, and not before") {
  PrivatePool p;
  const std::uint64_t before = BudgetUsed();
  const std::uint32_t kept = p.Get(32768);
  const std::uint32_t lost = p.Get(32768);
  std::uint8_t* const memory = p.data(lost);
  BufferCount& first = Expose(&p, lost);
  first.Add();  // a second one, of which the first was the predecessor
  p.pool.Lose(lost);
  CHECK_FALSE(p.pool.IsLive(lost));
  CHECK(p.pool.Put(lost) == Status::kPoolNotOwned);
  CHECK(p.BucketFor(32768).out == 1);

  const std::uint32_t other = p.Get(32768);
  CHECK(p.pool.part(other).chunk != p.pool.part(kept).chunk);
  first.Remove();
  p.pool.ReclaimLost();
  CHECK(p.data(p.Get(32768)) != memory);
  first.Remove();
  // The slabs are full: it comes back before another one is made.
  CHECK(p.data(p.Get(32768)) == memory);
  CHECK(p.state.fresh == 0);
  CHECK(p.pool.part(kept).chunk->exposed == 0);
  CHECK(BudgetUsed() == before + 2 * kMinChunkBytes);
}

TEST_CASE("a lost slot does not come back because the ArrayBuffer of another slot is gone") {
  PrivatePool p;
  const std::uint32_t forgotten = p.Get(64);
  const std::uint32_t lost = p.Get(64);
  std::uint8_t* const memory = p.data(lost);
  BufferCount& forgotten_buffers = Expose(&p, forgotten);
  BufferCount& lost_buffers = Expose(&p, lost);
  p.pool.Lose(lost);
  forgotten_buffers.Remove();
  p.pool.ReclaimLost();
  for (int i = 0; i < 2000; ++i) CHECK(p.data(p.Get(64)) != memory);
  lost_buffers.Remove();
}

TEST_CASE("every slot counts its own ArrayBuffers, also where its chunk was never a slab before") {
  PrivatePool p;
  for (int i = 0; i < 2000; ++i) {  // more than the tests leave behind in the cache
    const ChunkPart first = p.pool.part(p.Get(32768));
    const ChunkPart second = p.pool.part(p.Get(32768));
    REQUIRE(first.chunk == second.chunk);
    CHECK(&first.chunk->buffers_at(first.offset) != &second.chunk->buffers_at(second.offset));
  }
}

TEST_CASE("a slab waits for its lost slots, and gives its chunk back when they have come back") {
  const std::uint64_t before = BudgetUsed();
  PrivatePool p;
  std::vector<BufferCount*> buffers;
  for (const std::size_t bytes : {std::size_t{64}, std::size_t{64}, std::size_t{1} << 20, kLastClassBytes + 1}) {
    const std::uint32_t slot = p.Get(bytes);
    buffers.push_back(&Expose(&p, slot));
    p.pool.Lose(slot);
  }
  const std::uint64_t used = BudgetUsed();
  p.pool.ReclaimLost();
  CHECK(BudgetUsed() == used);
  for (BufferCount* count : buffers) {
    p.pool.ReclaimLost();
    CHECK(BudgetUsed() > before);
    count->Remove();
  }
  p.pool.ReclaimLost();
  CHECK(BudgetUsed() == before);
}

TEST_CASE("to make a slot, eight lost slots are looked at, however many there are; each gets its turn") {
  constexpr std::size_t kBytes = 65536;  // a slab each
  PrivatePool p;
  std::vector<BufferCount*> buffers;
  for (const std::uint32_t slot : p.GetMany(1000, kBytes)) {
    buffers.push_back(&Expose(&p, slot));
    p.pool.Lose(slot);
  }
  std::uint64_t used = BudgetUsed();
  // The slabs that were given back when another one was made.
  const auto reclaimed = [&p, &used] {
    const std::uint64_t before = used;
    p.Get(kBytes);
    used = BudgetUsed();
    return (before + kBytes - used) / kBytes;
  };
  buffers[7]->Remove();
  buffers[20]->Remove();
  CHECK(reclaimed() == 1);  // 0 … 7
  CHECK(reclaimed() == 0);  // 8 … 15
  CHECK(reclaimed() == 1);  // 16 … 23
  for (std::size_t i = 0; i < buffers.size(); ++i) {
    if (i != 7 && i != 20) buffers[i]->Remove();
  }
  for (int i = 0; i < 124; ++i) CHECK(reclaimed() == 8);
  CHECK(reclaimed() == 6);
  CHECK(reclaimed() == 0);
}

TEST_CASE("all lost slots are looked at before the budget refuses, and by ReclaimLost") {
  PrivatePool p;
  const std::uint64_t before = BudgetUsed();
  const ProcessBudget budget(20 * kMinChunkBytes);
  std::vector<BufferCount*> buffers;
  for (const std::uint32_t slot : p.GetMany(20, kMinChunkBytes)) {
    buffers.push_back(&Expose(&p, slot));
    p.pool.Lose(slot);
  }
  buffers[19]->Remove();
  std::uint32_t slot = kNone;
  CHECK(p.pool.Make(kMinChunkBytes, 1, &slot) == Status::kOk);
  CHECK(p.pool.Make(kMinChunkBytes, 1, &slot) == Status::kMemoryBudget);
  for (std::size_t i = 0; i < 19; ++i) buffers[i]->Remove();
  CHECK(p.pool.ReclaimLost());
  CHECK_FALSE(p.pool.ReclaimLost());
  p.pool.Retire(slot);
  CHECK(BudgetUsed() == before);
}

TEST_CASE("lost memory that has come back is given up before the budget refuses") {
  PrivatePool p;
  const ProcessBudget budget(1 << 20);
  const std::uint32_t slot = p.Get(1 << 20);
  BufferCount& buffers = Expose(&p, slot);
  p.pool.Lose(slot);
  std::uint32_t other = kNone;
  CHECK(p.pool.Make(1, 1, &other) == Status::kMemoryBudget);
  buffers.Remove();
  CHECK(p.pool.Make(1, 1, &other) == Status::kOk);
}

TEST_CASE("at its end, a pool forgets its slots and hands over its chunks, those with lost slots too") {
  const std::uint64_t before = BudgetUsed();
  PrivatePool p;
  const std::uint32_t idle = p.Get(64);
  const std::uint32_t lost = p.Get(1000);
  const std::uint32_t live = p.Get(100000);
  p.Put(idle);
  Expose(&p, lost).Remove();
  p.pool.Lose(lost);
  std::vector<Chunk*> chunks;
  std::uint32_t exposed = 0;
  while (Chunk* chunk = p.pool.TakeChunk()) {
    chunks.push_back(chunk);
    exposed += chunk->exposed;
    CHECK_FALSE(p.pool.IsLive(idle));
    CHECK_FALSE(p.pool.IsLive(live));
  }
  CHECK(chunks.size() == 3);
  CHECK(exposed == 1);
  for (Chunk* chunk : chunks) Chunk::Recycle(chunk);
  CHECK(BudgetUsed() == before);
}

TEST_CASE("garbage in the state gives wrong statistics and errors, and no memory that is not the pool's") {
  const std::uint64_t before = BudgetUsed();
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    CAPTURE(seed);
    Random random(seed);
    PrivatePool p(4);
    auto* words = reinterpret_cast<std::uint32_t*>(p.words.data());
    std::vector<std::uint32_t> slots;
    for (int step = 0; step < 200; ++step) {
      if (random.Next() % 4 == 0) {
        // Mostly plausible values; sometimes any.
        const std::uint64_t value = random.Next();
        words[random.Next() % PoolState::Words(4)] = static_cast<std::uint32_t>(value % 8 != 0 ? value / 8 % 8 : value);
      }
      std::uint32_t slot = kNone;
      switch (random.Next() % 6) {
        case 0:
        case 1:
          slot = p.Get(std::size_t{1} << (random.Next() % 18));
          break;
        case 2:
          slot = p.pool.TakeColdest();
          break;
        case 3:
          slot = p.pool.TakeUnused();
          break;
        case 4:
          p.pool.MarkAge();
          break;
        default:
          if (!slots.empty()) (void)p.pool.Put(slots[random.Next() % slots.size()]);
      }
      if (slot == kNone) continue;
      REQUIRE(p.pool.IsLive(slot));
      const ChunkPart part = p.pool.part(slot);
      CHECK(part.offset + part.bytes <= part.chunk->bytes());
      std::memset(p.data(slot), 0xAB, part.bytes);
      slots.push_back(slot);
    }
  }
  CHECK(BudgetUsed() == before);
}

TEST_CASE("an entry that no slot of its class can be empties the stack") {
  for (const std::uint32_t garbage : {0u, 1u, 1000u, kNone}) {  // idle itself; of another class; none at all
    CAPTURE(garbage);
    PrivatePool p;
    const std::uint32_t other_class = p.Get(5000);
    const std::uint32_t slot = p.Get(100);
    p.Put(slot);
    REQUIRE(other_class == 0);
    REQUIRE(slot == 1);
    p.state.stack(SizeClassFor(100, 1), p.max_buffers)[0] = garbage;
    if (garbage == slot) {
      CHECK(p.pool.TakeColdest() == slot);
      continue;
    }
    CHECK(p.pool.TakeColdest() == kNone);
    CHECK(p.BucketFor(100).idle == 0);
    CHECK(p.Get(100) != slot);
  }
}

TEST_CASE("other threads may read the numbers, and finalizers may run on them") {
  PrivatePool p;
  const std::uint32_t lost = p.Get(64);
  BufferCount& buffers = Expose(&p, lost);
  p.pool.Lose(lost);
  std::atomic<bool> done{false};
  double seen = 0;
  std::thread reader([&p, &done, &seen] {
    do {
      seen = p.state[PoolStat::hits] + p.state.buckets[0].idle;
    } while (!done.load());
  });
  std::thread finalizer([&buffers] { buffers.Remove(); });
  for (int i = 0; i < 1000; ++i) {
    p.Put(p.Get(64));
    p.pool.ReclaimLost();
  }
  finalizer.join();
  done.store(true);
  reader.join();
  CHECK(p.Count(PoolStat::hits) == 999);
}

}  // namespace
}  // namespace simd_arena
