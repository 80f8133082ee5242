#include "memory/bump_arena.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstring>
#include <vector>

#include "memory/chunk_size.h"
#include "memory/memory_budget.h"
#include "memory/private_arena.h"
#include "memory/process_budget.h"
#include "support/random.h"

namespace simd_arena {
namespace {

std::uint64_t BudgetUsed() { return MemoryBudget::Process().used(); }

std::size_t ChunkBytes(const BumpArena& arena) {
  std::size_t bytes = 0;
  for (std::uint32_t i = 0; i < arena.chunks(); ++i) bytes += arena.chunk(i)->bytes();
  return bytes;
}

/// Whether [memory, memory + bytes) lies within one chunk of the arena.
bool IsInside(const BumpArena& arena, const std::uint8_t* memory, std::size_t bytes) {
  for (std::uint32_t i = 0; i < arena.chunks(); ++i) {
    const Chunk& chunk = *arena.chunk(i);
    const auto offset = reinterpret_cast<std::uintptr_t>(memory) - reinterpret_cast<std::uintptr_t>(chunk.data());
    if (offset < chunk.bytes()) return bytes <= chunk.bytes() - offset;
  }
  return false;
}

TEST_CASE("allocations follow each other at multiples of 64 bytes") {
  PrivateArena a;
  std::uint8_t* first = a.Allocate(1);
  CHECK(reinterpret_cast<std::uintptr_t>(first) % 64 == 0);
  CHECK(a.Allocate(64) == first + 64);
  CHECK(a.Allocate(65) == first + 128);
  CHECK(a.Allocate(0) == first + 256);
  CHECK(a.Allocate(1) == first + 320);
  CHECK(a.state.used() == 6);
}

TEST_CASE("an arena makes no memory before it is used, and gives all of it back at its end") {
  const std::uint64_t before = BudgetUsed();
  {
    PrivateArena a;
    CHECK(BudgetUsed() == before);
    a.Allocate(1);
    a.Allocate(10 << 20);
    CHECK(BudgetUsed() == before + ChunkBytes(a.arena));
  }
  CHECK(BudgetUsed() == before);
}

TEST_CASE("a chunk is used to its last byte") {
  PrivateArena a;
  std::uint8_t* first = a.Allocate(kMinChunkBytes - 64);
  CHECK(a.Allocate(64) == first + kMinChunkBytes - 64);
  CHECK(a.arena.chunks() == 1);
  CHECK(a.state.wasted == 0);
  a.Allocate(1);
  CHECK(a.arena.chunks() == 2);
  CHECK(a.state.wasted == 0);
}

TEST_CASE("growth is geometric: 64 MiB in small pieces take few chunks, and at most twice their size") {
  PrivateArena a;
  constexpr std::size_t kTotal = std::size_t{64} << 20;
  for (std::size_t bytes = 0; bytes < kTotal; bytes += 4096) a.Allocate(4096);
  CHECK(a.arena.chunks() <= 12);
  CHECK(ChunkBytes(a.arena) >= kTotal);
  CHECK(ChunkBytes(a.arena) <= 2 * kTotal);
  CHECK(a.state.capacity * kGranuleBytes == ChunkBytes(a.arena));
  CHECK(a.state.grows == a.arena.chunks());
}

TEST_CASE("a large request has a chunk of its own, and the current chunk goes on serving small ones") {
  PrivateArena a;
  std::uint8_t* small = a.Allocate(64);
  std::uint8_t* large = a.Allocate(1 << 20);
  CHECK(a.arena.chunks() == 2);
  CHECK(a.arena.chunk(1)->data() == large);
  CHECK(a.arena.chunk(1)->bytes() == 1 << 20);
  CHECK(a.state.current == 0);
  CHECK(a.Allocate(64) == small + 64);
  CHECK(a.state.used() == 2 + (1 << 20) / 64);
}

TEST_CASE("what an own chunk and a left chunk leave over counts as wasted") {
  PrivateArena a;
  a.Allocate(64);
  a.Allocate((1 << 20) + 1);
  const std::uint32_t rest_of_own = ((1 << 20) + (1 << 17)) / 64 - ((1 << 20) / 64 + 1);
  CHECK(a.state.wasted == rest_of_own);
  // The rest of the first chunk is too small for this; the next chunk doubles the arena, so it is shared.
  a.Allocate(kMinChunkBytes);
  CHECK(a.state.wasted == rest_of_own + kMinChunkBytes / 64 - 1);
}

TEST_CASE("a mark releases what came after it, and nothing else") {
  PrivateArena a;
  std::uint8_t* kept = a.Allocate(100);
  std::memset(kept, 0x5A, 100);
  const BumpArena::Mark mark = a.arena.GetMark();
  const StateBytes state(a.state);
  std::uint8_t* released = a.Allocate(200);
  a.arena.Rewind(mark);
  CHECK(a.state.peak == 2 + 4);
  a.state.peak = 0;
  CHECK(StateBytes(a.state) == state);
  CHECK(a.Allocate(200) == released);
  CHECK(std::all_of(kept, kept + 100, [](std::uint8_t byte) { return byte == 0x5A; }));
}

TEST_CASE("rewinding drops the chunks made since the mark, and the arena goes on in the one that was current") {
  PrivateArena a;
  a.Allocate(64);
  const BumpArena::Mark mark = a.arena.GetMark();
  std::uint8_t* next = a.Allocate(64);
  for (int i = 0; i < 100; ++i) a.Allocate(40000);
  a.Allocate(5 << 20);
  CHECK(a.arena.chunks() > 3);
  a.arena.Rewind(mark);
  CHECK(a.arena.chunks() == 1);
  CHECK(a.state.chunks == 1);
  CHECK(a.state.capacity * kGranuleBytes == kMinChunkBytes);
  CHECK(a.state.wasted == 0);
  CHECK(a.Allocate(64) == next);
}

TEST_CASE("a scope in an empty arena leaves it its current chunk, so that the next scope makes none") {
  PrivateArena a;
  const BumpArena::Mark empty = a.arena.GetMark();
  for (int i = 0; i < 40; ++i) a.Allocate(10000);
  a.Allocate(9 << 20);
  a.arena.Rewind(empty);
  CHECK(a.arena.chunks() == 1);
  CHECK(a.state.used() == 0);
  CHECK(a.state.wasted == 0);
  const std::uint32_t grows = a.state.grows;
  const std::size_t capacity = ChunkBytes(a.arena);
  CHECK(capacity > kMinChunkBytes);
  for (int i = 0; i < 3; ++i) {
    const ArenaScope scope(&a.arena);
    CHECK(a.Allocate(capacity) == a.arena.chunk(0)->data());
  }
  CHECK(a.state.grows == grows);
  CHECK(a.state.peak >= capacity / 64);
}

TEST_CASE("an arena behaves as a stack of blocks that do not overlap, whatever is allocated, marked and rewound") {
  struct Block {
    std::uint8_t* memory;
    std::size_t bytes;
    std::uint8_t pattern;
  };
  struct MarkedAt {
    BumpArena::Mark mark;
    std::size_t blocks;
  };
  const std::uint64_t budget_before = BudgetUsed();

  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    CAPTURE(seed);
    Random random(seed);
    PrivateArena a;
    std::vector<Block> blocks;
    std::vector<MarkedAt> marks;
    std::uint64_t most = 0;
    const auto used = [&blocks] {
      std::uint64_t granules = 0;
      for (const Block& block : blocks) granules += GranulesFor(block.bytes);
      return granules;
    };
    const auto check_contents = [&blocks](std::size_t from) {
      for (std::size_t i = from; i < blocks.size(); ++i) {
        const Block& block = blocks[i];
        const bool intact = std::all_of(block.memory, block.memory + block.bytes,
                                        [&block](std::uint8_t byte) { return byte == block.pattern; });
        CHECK(intact);
      }
    };

    for (int step = 0; step < 300; ++step) {
      const std::uint64_t choice = random.Next() % 100;
      if (choice < 75) {
        // Mostly small, some as large as chunks, few larger.
        const std::size_t largest = choice < 60 ? 2000 : choice < 73 ? 100000 : 3000000;
        const std::size_t bytes = random.Next() % largest;
        std::uint8_t* memory = a.Allocate(bytes);
        CHECK(reinterpret_cast<std::uintptr_t>(memory) % kGranuleBytes == 0);
        REQUIRE(IsInside(a.arena, memory, bytes));
        const auto pattern = static_cast<std::uint8_t>(random.Next());
        if (bytes != 0) std::memset(memory, pattern, bytes);
        blocks.push_back({memory, bytes, pattern});
        most = std::max(most, used());
      } else if (choice < 88) {
        marks.push_back({a.arena.GetMark(), blocks.size()});
      } else if (!marks.empty()) {
        const std::size_t index = random.Next() % marks.size();
        const MarkedAt to = marks[index];
        marks.resize(index);
        check_contents(to.blocks);
        a.arena.Rewind(to.mark);
        blocks.resize(to.blocks);
        CHECK(a.state.peak == most);
      }
      CHECK(a.state.used() == used());
      CHECK(a.state.chunks == a.arena.chunks());
      CHECK(a.state.capacity * kGranuleBytes == ChunkBytes(a.arena));
      CHECK(BudgetUsed() == budget_before + ChunkBytes(a.arena));
    }
    check_contents(0);
  }
  CHECK(BudgetUsed() == budget_before);
}

TEST_CASE("maxBytes is exact, whatever the chunks: the last granule is handed out, and not one more") {
  for (const std::uint32_t maximum : {1u, 2u, 1023u, 1024u, 1025u, 5000u, 100000u}) {
    for (const std::size_t bytes : {64, 640, 60000, 100000}) {
      CAPTURE(maximum);
      CAPTURE(bytes);
      PrivateArena a;
      a.state.maximum = maximum;
      const std::uint64_t fitting = maximum / GranulesFor(bytes);
      void* memory = nullptr;
      for (std::uint64_t i = 0; i < fitting; ++i) REQUIRE(a.arena.Allocate(bytes, &memory) == Status::kOk);
      CHECK(a.arena.Allocate(bytes, &memory) == Status::kArenaLimit);
      for (std::uint64_t i = fitting * GranulesFor(bytes); i < maximum; ++i) {
        REQUIRE(a.arena.Allocate(64, &memory) == Status::kOk);
      }
      CHECK(a.arena.Allocate(1, &memory) == Status::kArenaLimit);
      CHECK(a.state.used() == maximum);
    }
  }
}

TEST_CASE("an arena does not map more than its maximum needs") {
  PrivateArena a;
  a.state.maximum = (1 << 20) / 64;
  for (int i = 0; i < (1 << 20) / 1024; ++i) a.Allocate(1024);
  CHECK(ChunkBytes(a.arena) <= (1 << 20) + (1 << 17));
}

TEST_CASE("a refused allocation changes nothing, and the arena stays usable") {
  PrivateArena a;
  std::uint8_t* first = a.Allocate(64);
  a.Allocate(3 << 20);
  const std::uint32_t chunks = a.arena.chunks();
  const std::uint64_t before = BudgetUsed();
  void* memory = &a;
  BumpArena::Growth growth = {77, 77, true};
  const auto check_unchanged = [&](const StateBytes& state) {
    CHECK(StateBytes(a.state) == state);
    CHECK(a.arena.chunks() == chunks);
    CHECK(BudgetUsed() == before);
    CHECK(memory == &a);
    CHECK(growth.index == 77);
  };

  SUBCASE("by the maximum") {
    a.state.maximum = static_cast<std::uint32_t>(a.state.used() + 10);
    const StateBytes state(a.state);
    CHECK(a.arena.Allocate(kMinChunkBytes, &memory) == Status::kArenaLimit);
    CHECK(a.arena.Grow(641, kMinChunkBytes, kMaxChunkBytes, &growth) == Status::kArenaLimit);
    check_unchanged(state);
  }
  SUBCASE("by a maximum below what is in use") {
    a.state.maximum = 5;
    const StateBytes state(a.state);
    CHECK(a.arena.Grow(1, kMinChunkBytes, kMaxChunkBytes, &growth) == Status::kArenaLimit);
    check_unchanged(state);
  }
  SUBCASE("by the budget") {
    const ProcessBudget budget(kMinChunkBytes - 1);
    const StateBytes state(a.state);
    CHECK(a.arena.Allocate(1 << 20, &memory) == Status::kMemoryBudget);
    CHECK(a.arena.Grow(1, kMinChunkBytes, kMaxChunkBytes, &growth) == Status::kMemoryBudget);
    check_unchanged(state);
  }
  SUBCASE("by its size") {
    const StateBytes state(a.state);
    // Without a limit of its own, the arena is not what refuses.
    CHECK(a.arena.Allocate(SIZE_MAX, &memory) == Status::kArenaOutOfMemory);
    CHECK(a.arena.Allocate(kMaxChunkBytes + 1, &memory) == Status::kArenaOutOfMemory);
    check_unchanged(state);
  }
  SUBCASE("by what the runtime can expose at once") {
    const StateBytes state(a.state);
    CHECK(a.arena.Grow((1 << 20) + 1, kMinChunkBytes, 1 << 20, &growth) == Status::kArenaOutOfMemory);
    check_unchanged(state);
    CHECK(a.arena.Grow(1 << 20, kMinChunkBytes, 1 << 20, &growth) == Status::kOk);
    CHECK(growth.bytes == 1 << 20);
  }
  a.state.maximum = UINT32_MAX;
  CHECK(a.Allocate(64) == first + 64);
}

TEST_CASE("where growth ahead of need is refused, the request has a chunk of its size") {
  PrivateArena a;
  a.Allocate(1 << 20);
  const ProcessBudget budget(2 * kMinChunkBytes);
  a.Allocate(kMinChunkBytes + 1);
  CHECK(a.arena.chunks() == 2);
  CHECK(a.arena.chunk(1)->bytes() == 2 * kMinChunkBytes);
  CHECK(a.state.used() == (1 << 20) / 64 + kMinChunkBytes / 64 + 1);
}

TEST_CASE("where a first chunk of the wanted size is refused, the request has one that is just large enough") {
  for (const BumpArena::Source source : {BumpArena::Source::kMapped, BumpArena::Source::kForeign}) {
    PrivateArena a(source);
    const ProcessBudget budget(2 * kMinChunkBytes);
    BumpArena::Growth growth = {};
    const StateBytes state(a.state);
    CHECK(a.arena.Grow(2 * kMinChunkBytes + 1, std::size_t{1} << 30, kMaxChunkBytes, &growth) == Status::kMemoryBudget);
    CHECK(StateBytes(a.state) == state);
    CHECK(a.arena.Grow(64, std::size_t{1} << 30, kMaxChunkBytes, &growth) == Status::kOk);
    CHECK(growth.bytes == kMinChunkBytes);
    CHECK_FALSE(growth.serves_only_this);
    CHECK(a.state.limit == kMinChunkBytes / 64);
    CHECK(a.state.grows == 1);
    a.arena.UndoGrow();
    CHECK(a.state.chunks == 0);
    CHECK(a.state.grows == 0);
  }
}

TEST_CASE("an arena that has all the chunks it can have refuses more, and keeps those") {
  PrivateArena a;
  a.state.maximum = UINT32_MAX;
  BumpArena::Growth growth = {};
  Status status = Status::kOk;
  // The runtime's largest chunk keeps them all small.
  std::uint32_t made = 0;
  while ((status = a.arena.Grow(kMinChunkBytes, kMinChunkBytes, kMinChunkBytes, &growth)) == Status::kOk) ++made;
  CHECK(status == Status::kArenaOutOfMemory);
  CHECK(made == BumpArena::kMaxChunks);
  CHECK(a.arena.chunks() == BumpArena::kMaxChunks);
}

TEST_CASE("UndoGrow restores an arena as it was before Grow") {
  PrivateArena a;

  SUBCASE("that had no chunk") {}
  SUBCASE("that had a current chunk, with one that becomes current") { a.Allocate(kMinChunkBytes - 64); }
  SUBCASE("with a current chunk and one of its own") {
    a.Allocate(64);
    a.Allocate(1 << 20);
  }
  SUBCASE("whose current chunk was taken away") {
    a.Allocate(64);
    a.Allocate(1 << 20);
    Chunk::Recycle(a.arena.TakeChunk(0));
  }
  SUBCASE("whose current chunk, the last one, was taken away") {
    a.Allocate(64);
    a.Allocate(1 << 20);
    a.Allocate(100000);
    REQUIRE(a.state.current == a.arena.chunks() - 1);
    Chunk::Recycle(a.arena.TakeChunk(a.arena.chunks() - 1));
  }

  const StateBytes state(a.state);
  const std::uint32_t current = a.state.current;  // means nothing where the current chunk was taken away
  const std::uint32_t chunks = a.arena.chunks();
  const std::uint64_t used = BudgetUsed();
  for (const std::size_t bytes : {std::size_t{1}, kMinChunkBytes, std::size_t{2} << 20}) {
    CAPTURE(bytes);
    a.Grow(bytes);
    CHECK(BudgetUsed() > used);
    a.arena.UndoGrow();
    if (a.state.limit == 0) a.state.current = current;
    CHECK(StateBytes(a.state) == state);
    CHECK(a.arena.chunks() == chunks);
    CHECK(BudgetUsed() == used);
  }
  // And it serves as before.
  const std::uint64_t granules = a.state.used();
  std::uint8_t* memory = a.Allocate(128);
  CHECK(IsInside(a.arena, memory, 128));
  CHECK(a.state.used() == granules + 2);
}

TEST_CASE("TakeChunk moves the last chunk to the index of the one that it takes") {
  PrivateArena a;
  std::uint8_t* first = a.Allocate(64);
  a.Allocate(1 << 20);
  a.Allocate(2 << 20);
  Chunk* const current = a.arena.chunk(0);
  Chunk* const own = a.arena.chunk(1);
  Chunk* const last = a.arena.chunk(2);
  const std::uint64_t used = a.state.used();

  SUBCASE("an own chunk: the current one goes on") {
    CHECK(a.arena.TakeChunk(1) == own);
    CHECK(a.arena.chunk(1) == last);
    CHECK(a.arena.chunk(2) == nullptr);
    CHECK(a.state.current == 0);
    CHECK(a.Allocate(64) == first + 64);
    CHECK(a.state.used() == used + 1);
    Chunk::Recycle(own);
  }
  SUBCASE("the current chunk: there is none until the arena grows, and what it handed out still counts") {
    CHECK(a.arena.TakeChunk(0) == current);
    CHECK(a.arena.chunk(0) == last);
    CHECK(a.state.limit == 0);
    CHECK(a.state.used() == used);
    const std::uint8_t* memory = a.Allocate(64);
    CHECK(a.arena.chunks() == 3);
    CHECK(a.arena.chunk(2)->data() == memory);
    CHECK(a.state.current == 2);
    CHECK(a.state.used() == used + 1);
    Chunk::Recycle(current);
  }
  SUBCASE("a chunk before the current one, which is the last: the current one moves with its offset") {
    std::uint8_t* moved = a.Allocate(70000);
    REQUIRE(a.state.current == 3);
    CHECK(a.arena.TakeChunk(1) == own);
    CHECK(a.state.current == 1);
    CHECK(a.arena.chunk(1)->data() == moved);
    CHECK(a.Allocate(64) == moved + GranulesFor(70000) * 64);
    Chunk::Recycle(own);
  }
  SUBCASE("one that is not there: nothing") {
    const StateBytes state(a.state);
    CHECK(a.arena.TakeChunk(3) == nullptr);
    CHECK(a.arena.TakeChunk(UINT32_MAX) == nullptr);
    CHECK(StateBytes(a.state) == state);
  }
  CHECK(a.state.chunks == a.arena.chunks());
  CHECK(a.state.capacity * kGranuleBytes == ChunkBytes(a.arena));
}

TEST_CASE("an arena of foreign memory grows in sizes alone") {
  const std::uint64_t before = BudgetUsed();
  PrivateArena a(BumpArena::Source::kForeign);
  const BumpArena::Growth growth = a.Grow(100);
  CHECK(growth.index == 0);
  CHECK(growth.bytes == kMinChunkBytes);
  CHECK_FALSE(growth.serves_only_this);
  CHECK(a.state.limit == kMinChunkBytes / 64);
  CHECK(a.arena.chunk(0)->foreign());
  CHECK(BudgetUsed() == before + kMinChunkBytes);
}

TEST_CASE("a shared state that lies leads to errors and odd sizes, never to memory that is not the arena's") {
  const ProcessBudget budget(std::size_t{64} << 20);
  const std::uint64_t before = BudgetUsed();
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    CAPTURE(seed);
    Random random(seed);
    {
      PrivateArena a;
      for (int step = 0; step < 200; ++step) {
        // Some words become anything, a small number, or nearly the largest; the others stay plausible, so that calls
        // get far.
        std::uint32_t words[sizeof(ArenaState) / 4];
        std::memcpy(words, &a.state, sizeof words);
        for (std::uint32_t& word : words) {
          const std::uint64_t bits = random.Next();
          if (bits >> 61 == 0) word = static_cast<std::uint32_t>(bits);
          if (bits >> 61 == 1) word = static_cast<std::uint32_t>(bits % 2000);
          if (bits >> 61 == 2) word = static_cast<std::uint32_t>(bits | 0xFFFFFF00u);
        }
        std::memcpy(static_cast<void*>(&a.state), words, sizeof words);
        if (step % 2 == 0) a.state.offset = a.state.full = a.state.capacity = 0;

        const std::uint64_t choice = random.Next() % 6;
        if (choice < 2) {
          if (Chunk* taken = a.arena.TakeChunk(static_cast<std::uint32_t>(random.Next() % 4))) Chunk::Recycle(taken);
        } else if (choice == 2) {
          a.arena.UndoGrow();
        } else {
          const std::size_t bytes = random.Next() % (std::size_t{1} << (6 + random.Next() % 18));
          BumpArena::Growth growth = {};
          if (a.arena.Grow(bytes, words[0], kMaxChunkBytes, &growth) == Status::kOk) {
            REQUIRE(growth.index == a.arena.chunks() - 1);
            CHECK(growth.bytes == a.arena.chunk(growth.index)->bytes());
            CHECK(growth.bytes >= bytes);
            // Only a chunk that serves one request leaves the state's word for the current chunk as it was.
            if (!growth.serves_only_this) CHECK(a.state.current == growth.index);
            if (!growth.serves_only_this) CHECK(a.state.limit * kGranuleBytes <= growth.bytes);
          }
        }
        // Chunks are there, whole and nobody else's: whatever the arena writes is inside of them.
        CHECK(BudgetUsed() == before + ChunkBytes(a.arena));
        for (std::uint32_t i = 0; i < a.arena.chunks(); ++i) {
          const Chunk* chunk = a.arena.chunk(i);
          REQUIRE(chunk != nullptr);
          chunk->data()[0] = chunk->data()[chunk->bytes() - 1] = 1;
          for (std::uint32_t j = 0; j < i; ++j) CHECK(a.arena.chunk(j) != chunk);
        }
      }
    }
    CHECK(BudgetUsed() == before);
  }
}

}  // namespace
}  // namespace simd_arena
