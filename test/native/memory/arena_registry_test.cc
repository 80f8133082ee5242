#include "memory/arena_registry.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <memory>
#include <thread>
#include <vector>

#include "memory/memory_budget.h"
#include "memory/private_arena.h"
#include "support/random.h"

namespace simd_arena {
namespace {

/// The counters of an environment, and its registry.
struct Environment {
  void Count(MemoryStat stat, double value) { counters[static_cast<std::size_t>(stat)] = value; }
  MemoryStats Stats(double now = 0) const { return registry.Stats(now); }

  double counters[kMemoryStats] = {};
  ArenaRegistry registry{counters};
};

/// An arena that is registered while it lives.
struct RegisteredArena : PrivateArena {
  explicit RegisteredArena(ArenaRegistry* to) : registry(to) { registry->Add(&arena); }
  ~RegisteredArena() { registry->Remove(&arena); }
  RegisteredArena(const RegisteredArena&) = delete;
  RegisteredArena& operator=(const RegisteredArena&) = delete;
  ArenaRegistry* registry;
};

double ProcessStat(MemoryStat stat, double now = 0) { return ArenaRegistry::ProcessStats(now)[stat]; }

Chunk* LoseAChunk(ArenaRegistry* registry, std::size_t bytes) {
  Chunk* chunk = nullptr;
  REQUIRE(Chunk::Acquire(bytes, &chunk) == Status::kOk);
  chunk->exposed = 1;
  chunk->buffers_at(0).Add();
  registry->AddLostChunk(chunk);
  return chunk;
}

TEST_CASE("a registry adds up its arenas and its counters") {
  Environment environment;
  environment.Count(MemoryStat::used, 128);
  environment.Count(MemoryStat::allocations, 5);
  environment.Count(MemoryStat::limitHits, 3);
  RegisteredArena a(&environment.registry);
  RegisteredArena b(&environment.registry);
  a.Allocate(1);
  b.Allocate(1);
  b.Allocate(100000);
  a.state.open = 1;
  a.state.allocations = 7;
  a.state.holds = 1;
  b.state.holds = 2;
  b.state.wasted = 3;

  const MemoryStats stats = environment.Stats();
  CHECK(stats[MemoryStat::arenas] == 2);
  CHECK(stats[MemoryStat::capacity] == (64 << 10) + (192 << 10));
  CHECK(stats[MemoryStat::wasted] == 3 * 64);
  CHECK(stats[MemoryStat::allocations] == 12);
  CHECK(stats[MemoryStat::openScopes] == 1);
  CHECK(stats[MemoryStat::used] == 128);
  CHECK(stats[MemoryStat::limitHits] == 3);
  // An open arena with holds does not wait for them.
  CHECK(stats[MemoryStat::held] == 1);
}

TEST_CASE("the peak is never below what is in use") {
  Environment environment;
  environment.Count(MemoryStat::used, 500);
  environment.Count(MemoryStat::peak, 200);
  CHECK(environment.Stats()[MemoryStat::peak] == 500);
  environment.Count(MemoryStat::used, 100);
  CHECK(environment.Stats()[MemoryStat::peak] == 200);
}

TEST_CASE("the oldest scope counts, of those that have a clock, in one registry and in all") {
  Environment environment;
  Environment other;
  RegisteredArena young(&environment.registry);
  RegisteredArena old(&environment.registry);
  RegisteredArena synchronous(&environment.registry);
  RegisteredArena oldest(&other.registry);
  young.state.opened_at = 90;
  old.state.opened_at = 50;
  oldest.state.opened_at = 20;
  CHECK(environment.Stats(100)[MemoryStat::oldestScopeAge] == 50);
  CHECK(ProcessStat(MemoryStat::oldestScopeAge, 100) == 80);
}

TEST_CASE("arenas leave a registry in any order") {
  Environment environment;
  Random random(7);
  std::vector<std::unique_ptr<RegisteredArena>> arenas;
  for (int step = 0; step < 500; ++step) {
    if (arenas.empty() || random.Next() % 5 < 3) {
      arenas.push_back(std::make_unique<RegisteredArena>(&environment.registry));
    } else {
      arenas.erase(arenas.begin() + static_cast<std::ptrdiff_t>(random.Next() % arenas.size()));
    }
    CHECK(environment.Stats()[MemoryStat::arenas] == static_cast<double>(arenas.size()));
  }
}

TEST_CASE("process statistics are the sum over all registries; a closed one leaves its events") {
  const double arenas = ProcessStat(MemoryStat::arenas);
  const double escapes = ProcessStat(MemoryStat::escapes);
  {
    Environment first;
    Environment second;
    Environment third;
    RegisteredArena a(&first.registry);
    RegisteredArena b(&second.registry);
    RegisteredArena c(&third.registry);
    first.Count(MemoryStat::escapes, 1);
    second.Count(MemoryStat::escapes, 10);
    third.Count(MemoryStat::escapes, 100);
    CHECK(ProcessStat(MemoryStat::arenas) == arenas + 3);
    CHECK(ProcessStat(MemoryStat::escapes) == escapes + 111);
    second.registry.Close();
    CHECK(ProcessStat(MemoryStat::arenas) == arenas + 2);
    CHECK(ProcessStat(MemoryStat::escapes) == escapes + 111);
  }
  CHECK(ProcessStat(MemoryStat::arenas) == arenas);
  CHECK(ProcessStat(MemoryStat::escapes) == escapes + 111);
}

TEST_CASE("closing twice is closing once, and what ends after that ends quietly") {
  const double arenas = ProcessStat(MemoryStat::arenas);
  const std::uint64_t budget = MemoryBudget::Process().used();
  {
    Environment survivor;
    Environment environment;
    Environment last;
    RegisteredArena counted(&survivor.registry);
    auto arena = std::make_unique<RegisteredArena>(&environment.registry);
    arena->Allocate(1);
    LoseAChunk(&environment.registry, 64 << 10);
    environment.registry.Close();
    environment.registry.Close();
    CHECK(ProcessStat(MemoryStat::arenas) == arenas + 1);
    arena.reset();
    CHECK(ProcessStat(MemoryStat::arenas) == arenas + 1);
  }
  CHECK(MemoryBudget::Process().used() == budget);
}

TEST_CASE("a lost chunk comes back when its buffers are gone, and not before") {
  Environment environment;
  const std::uint64_t budget = MemoryBudget::Process().used();
  constexpr std::size_t kBytes = std::size_t{11} << 16;
  Chunk* chunks[3];
  for (Chunk*& chunk : chunks) chunk = LoseAChunk(&environment.registry, kBytes);
  chunks[1]->buffers_at(0).Add();
  const std::uint64_t charge = chunks[0]->bytes();

  environment.registry.ReclaimLostChunks();
  CHECK(MemoryBudget::Process().used() == budget + 3 * charge);

  chunks[1]->buffers_at(0).Remove();
  chunks[0]->buffers_at(0).Remove();
  std::uint8_t* const freed = chunks[0]->data();
  environment.registry.ReclaimLostChunks();
  CHECK(MemoryBudget::Process().used() == budget + 2 * charge);
  Chunk* again = nullptr;
  REQUIRE(Chunk::Acquire(kBytes, &again) == Status::kOk);
  CHECK(again->data() == freed);
  Chunk::Recycle(again);

  chunks[1]->buffers_at(0).Remove();
  chunks[2]->buffers_at(0).Remove();
  environment.registry.ReclaimLostChunks();
  environment.registry.ReclaimLostChunks();
  CHECK(MemoryBudget::Process().used() == budget);
}

TEST_CASE("a finalizer on another thread is enough for a lost chunk to come back") {
  Environment environment;
  const std::uint64_t budget = MemoryBudget::Process().used();
  for (int i = 0; i < 100; ++i) {
    Chunk* chunk = LoseAChunk(&environment.registry, 64 << 10);
    std::thread finalizer([chunk] { chunk->buffers_at(0).Remove(); });
    while (MemoryBudget::Process().used() != budget) {
      environment.registry.ReclaimLostChunks();
      std::this_thread::yield();
    }
    finalizer.join();
  }
}

TEST_CASE("chunks that are lost when an environment ends are never used again, even if their buffers are gone") {
  constexpr std::size_t kBytes = std::size_t{13} << 16;
  const std::uint64_t budget = MemoryBudget::Process().used();
  std::uint8_t* data[2];
  {
    Environment environment;
    Chunk* gone = LoseAChunk(&environment.registry, kBytes);
    gone->buffers_at(0).Remove();
    data[0] = gone->data();
    data[1] = LoseAChunk(&environment.registry, kBytes)->data();
  }
  CHECK(MemoryBudget::Process().used() == budget);
  std::vector<Chunk*> chunks;
  for (int i = 0; i < 10; ++i) {
    chunks.push_back(nullptr);
    REQUIRE(Chunk::Acquire(kBytes, &chunks.back()) == Status::kOk);
    CHECK(chunks.back()->data() != data[0]);
    CHECK(chunks.back()->data() != data[1]);
  }
  for (Chunk* chunk : chunks) Chunk::Recycle(chunk);
}

TEST_CASE("process statistics can be read while threads start, allocate, grow and end") {
  constexpr int kThreads = 3;
  std::atomic<bool> stop{false};
  std::vector<std::thread> threads;
  const double arenas_before = ProcessStat(MemoryStat::arenas);
  threads.reserve(kThreads);
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([t, &stop] {
      Random random(static_cast<std::uint64_t>(t) + 1);
      for (int round = 0; !stop.load(); ++round) {
        // As an environment of JavaScript: it ends while its arenas are there.
        double counters[kMemoryStats] = {};
        auto registry = std::make_unique<ArenaRegistry>(counters);
        {
          RegisteredArena a(registry.get());
          RegisteredArena b(registry.get());
          for (int i = 0; i < 50; ++i) {
            void* memory;
            if (a.arena.Allocate(random.Next() % 4096, &memory) != Status::kOk) std::abort();
            BumpArena::Growth growth;
            if (i % 7 == 0 &&
                b.arena.Grow(random.Next() % 200000, kMinChunkBytes, kMaxChunkBytes, &growth) == Status::kOk) {
              if (i % 2 == 0) b.arena.UndoGrow();
            }
          }
          if (round % 2 == 0) registry->Close();
        }
      }
    });
  }
  // Until all threads have been seen at work at once, and for some time at least.
  double most = 0;
  for (int reads = 0; reads < 2000 || (most < 2 * kThreads && reads < 1000000); ++reads) {
    const MemoryStats stats = ArenaRegistry::ProcessStats(1);
    const double arenas = stats[MemoryStat::arenas] - arenas_before;
    most = std::max(most, arenas);
    if (arenas < 0 || arenas > 2 * kThreads || stats[MemoryStat::capacity] < 0) {
      FAIL_CHECK("impossible statistics: ", arenas, " arenas, ", stats[MemoryStat::capacity], " bytes");
      break;
    }
    std::this_thread::yield();
  }
  stop.store(true);
  for (std::thread& thread : threads) thread.join();
  CHECK(most == 2 * kThreads);
  CHECK(ProcessStat(MemoryStat::arenas) == arenas_before);
}

}  // namespace
}  // namespace simd_arena
