#include "memory/chunk.h"

#include <doctest/doctest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <cstring>
#include <thread>
#include <vector>

#include "memory/chunk_size.h"
#include "memory/memory_budget.h"
#include "memory/no_more_memory.h"
#include "memory/process_budget.h"

namespace simd_arena {
namespace {

std::uint64_t Used() { return MemoryBudget::Process().used(); }

Chunk* AcquireOrFail(std::size_t bytes) {
  Chunk* chunk = nullptr;
  REQUIRE(Chunk::Acquire(bytes, &chunk) == Status::kOk);
  REQUIRE(chunk != nullptr);
  return chunk;
}

bool IsZero(const Chunk& chunk) {
  return std::all_of(chunk.data(), chunk.data() + chunk.bytes(), [](std::uint8_t byte) { return byte == 0; });
}

/// Pages of the chunk that take physical memory.
std::size_t ResidentPages(const Chunk& chunk) {
  const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  std::vector<unsigned char> resident(chunk.bytes() / page);
  REQUIRE(mincore(chunk.data(), chunk.bytes(), resident.data()) == 0);
  return static_cast<std::size_t>(
      std::count_if(resident.begin(), resident.end(), [](unsigned char flags) { return (flags & 1) != 0; }));
}

TEST_CASE("a chunk has the size of its class, starts on a page, is zero, and is charged to the budget") {
  const std::uint64_t before = Used();
  Chunk* chunk = AcquireOrFail(100000);
  CHECK(chunk->bytes() == RoundChunkBytes(100000));
  CHECK(reinterpret_cast<std::uintptr_t>(chunk->data()) % static_cast<std::uintptr_t>(sysconf(_SC_PAGESIZE)) == 0);
  CHECK(IsZero(*chunk));
  CHECK_FALSE(chunk->foreign());
  CHECK(chunk->exposed == 0);
  CHECK(chunk->buffers() == 0);
  CHECK(Used() == before + chunk->bytes());
  Chunk::Recycle(chunk);
  CHECK(Used() == before);
}

TEST_CASE("a recycled chunk gives its pages back, and its addresses come again, zeroed") {
  Chunk* chunk = AcquireOrFail(640 << 10);
  std::uint8_t* const data = chunk->data();
  std::memset(data, 0xAB, chunk->bytes());
  chunk->exposed = 1;
  CHECK(ResidentPages(*chunk) > 0);
  Chunk::Recycle(chunk);

  Chunk* again = AcquireOrFail(640 << 10);
  CHECK(again->data() == data);
  CHECK(again->exposed == 0);
  CHECK(ResidentPages(*again) == 0);
  CHECK(IsZero(*again));
  Chunk::Recycle(again);
}

TEST_CASE("released chunks are reused by size class only") {
  Chunk* small = AcquireOrFail(192 << 10);
  std::uint8_t* const data = small->data();
  Chunk::Recycle(small);
  Chunk* larger = AcquireOrFail((192 << 10) + 1);
  CHECK(larger->data() != data);
  CHECK(larger->bytes() == 256 << 10);
  Chunk* same_class = AcquireOrFail((128 << 10) + 1);
  CHECK(same_class->data() == data);
  Chunk::Recycle(larger);
  Chunk::Recycle(same_class);
}

TEST_CASE("an abandoned chunk gives its pages back and its addresses never come again, but stay readable") {
  const std::uint64_t before = Used();
  Chunk* chunk = AcquireOrFail(320 << 10);
  std::uint8_t* const data = chunk->data();
  std::memset(data, 0xAB, chunk->bytes());
  Chunk::Abandon(chunk);
  CHECK(Used() == before);
  CHECK(ResidentPages(*chunk) == 0);

  std::vector<Chunk*> others;
  for (int i = 0; i < 20; ++i) {
    others.push_back(AcquireOrFail(320 << 10));
    CHECK(others.back()->data() != data);
  }
  for (Chunk* other : others) Chunk::Recycle(other);
  CHECK(static_cast<volatile std::uint8_t*>(data)[0] == 0);
  CHECK(static_cast<volatile std::uint8_t*>(data)[chunk->bytes() - 1] == 0);
  // A finalizer that runs this late still finds its chunk.
  chunk->buffers_at(0).Add();
  chunk->buffers_at(0).Remove();
  CHECK(chunk->buffers() == 0);
}

TEST_CASE("an abandoned chunk keeps the counts of its granules only for finalizers that have not run") {
  for (const bool all_have_run : {true, false}) {
    CAPTURE(all_have_run);
    Chunk* chunk = AcquireOrFail(320 << 10);
    REQUIRE(chunk->CountByGranule());
    BufferCount& last = chunk->buffers_at((320 << 10) - 64);
    last.Add();
    if (all_have_run) last.Remove();
    Chunk::Abandon(chunk);
    const bool counts_by_granule = &chunk->buffers_at(0) != &chunk->buffers_at(64);
    CHECK(counts_by_granule == !all_have_run);
    if (all_have_run) continue;
    last.Remove();
    CHECK(chunk->buffers() == 0);
  }
}

TEST_CASE("a size that no chunk has is out of memory, and changes nothing") {
  const std::uint64_t before = Used();
  Chunk* chunk = nullptr;
  for (std::size_t bytes : {kMaxChunkBytes + 1, SIZE_MAX / 2, SIZE_MAX - 63, SIZE_MAX}) {
    CAPTURE(bytes);
    CHECK(Chunk::Acquire(bytes, &chunk) == Status::kArenaOutOfMemory);
    CHECK(Chunk::AcquireForeign(bytes, &chunk) == Status::kArenaOutOfMemory);
  }
  CHECK(chunk == nullptr);
  CHECK(Used() == before);
}

TEST_CASE("where the system refuses memory, the budget has its bytes back") {
  constexpr std::size_t kUnusualBytes = std::size_t{9} << 30;
  const std::uint64_t before = Used();
  Chunk* chunk = nullptr;
  Status status;
  {
    const NoMoreMemory no_more_memory;
    status = Chunk::Acquire(kUnusualBytes, &chunk);
  }
  CHECK(status == Status::kArenaOutOfMemory);
  CHECK(chunk == nullptr);
  CHECK(Used() == before);
}

TEST_CASE("a chunk that exceeds the budget is refused by its rounded size, and nothing is made") {
  const ProcessBudget budget(128 << 10);
  const std::uint64_t before = Used();
  Chunk* chunk = nullptr;
  CHECK(Chunk::Acquire((128 << 10) + 1, &chunk) == Status::kMemoryBudget);
  CHECK(Chunk::AcquireForeign((128 << 10) + 1, &chunk) == Status::kMemoryBudget);
  CHECK(chunk == nullptr);
  CHECK(Used() == before);
  Chunk* fits = AcquireOrFail(128 << 10);
  CHECK(Chunk::Acquire(1, &chunk) == Status::kMemoryBudget);
  Chunk::Recycle(fits);
}

TEST_CASE("a foreign chunk is a size and a charge, without memory") {
  const std::uint64_t before = Used();
  for (const bool recycle : {true, false}) {
    Chunk* chunk = nullptr;
    REQUIRE(Chunk::AcquireForeign(100000, &chunk) == Status::kOk);
    CHECK(chunk->foreign());
    CHECK(chunk->data() == nullptr);
    CHECK(chunk->bytes() == 128 << 10);
    CHECK(Used() == before + chunk->bytes());
    recycle ? Chunk::Recycle(chunk) : Chunk::Abandon(chunk);
    CHECK(Used() == before);
  }
}

TEST_CASE("a chunk that is cut counts its buffers by granule, those of its earlier lives included") {
  Chunk* chunk = AcquireOrFail(448 << 10);  // a size that no other test uses

  BufferCount& whole = chunk->buffers_at(0);
  whole.Add();
  REQUIRE(chunk->CountByGranule());
  BufferCount& first = chunk->buffers_at(0);
  BufferCount& last = chunk->buffers_at((448 << 10) - 64);
  CHECK(&first != &whole);
  CHECK(&first != &chunk->buffers_at(64));
  first.Add();
  last.Add();
  CHECK(chunk->buffers() == 3);
  whole.Remove();
  last.Remove();
  CHECK(chunk->buffers() == 1);
  REQUIRE(chunk->CountByGranule());
  CHECK(&chunk->buffers_at(0) == &first);
  CHECK(first.value() == 1);
  first.Remove();
  CHECK(chunk->buffers() == 0);
  Chunk::Recycle(chunk);
}

TEST_CASE("threads that make and recycle chunks never have one at the same time") {
  const std::uint64_t before = Used();
  std::vector<std::thread> threads;
  std::atomic<int> clashes{0};
  for (std::uint8_t t = 1; t <= 4; ++t) {
    threads.emplace_back([&clashes, t] {
      for (int i = 0; i < 300; ++i) {
        Chunk* chunks[3];
        for (Chunk*& chunk : chunks) {
          if (Chunk::Acquire(64 << 10, &chunk) != Status::kOk) std::abort();
          if (chunk->data()[0] != 0 || chunk->data()[chunk->bytes() - 1] != 0) clashes.fetch_add(1);
          chunk->data()[0] = chunk->data()[chunk->bytes() - 1] = t;
        }
        std::this_thread::yield();
        for (Chunk* chunk : chunks) {
          if (chunk->data()[0] != t || chunk->data()[chunk->bytes() - 1] != t) clashes.fetch_add(1);
          Chunk::Recycle(chunk);
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(clashes.load() == 0);
  CHECK(Used() == before);
}

}  // namespace
}  // namespace simd_arena
