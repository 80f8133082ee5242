#include "memory/memory_budget.h"

#include <doctest/doctest.h>

#include <atomic>
#include <thread>
#include <vector>

namespace simd_arena {
namespace {

TEST_CASE("a budget is exact: the last byte fits, one more does not, and a refusal takes nothing") {
  MemoryBudget budget;
  budget.set_limit(100);
  CHECK(budget.Reserve(60) == Status::kOk);
  CHECK(budget.Reserve(41) == Status::kMemoryBudget);
  CHECK(budget.used() == 60);
  CHECK(budget.Reserve(40) == Status::kOk);
  CHECK(budget.Reserve(1) == Status::kMemoryBudget);
  CHECK(budget.Reserve(0) == Status::kOk);
  budget.Release(60);
  CHECK(budget.used() == 40);
  CHECK(budget.Reserve(60) == Status::kOk);
}

TEST_CASE("a budget does not wrap around") {
  MemoryBudget budget;
  CHECK(budget.limit() == MemoryBudget::kUnlimited);
  CHECK(budget.Reserve(UINT64_MAX - 1) == Status::kOk);
  CHECK(budget.Reserve(2) == Status::kMemoryBudget);
  CHECK(budget.Reserve(UINT64_MAX) == Status::kMemoryBudget);
  CHECK(budget.used() == UINT64_MAX - 1);
}

TEST_CASE("a limit below what is in use refuses everything until enough has come back") {
  MemoryBudget budget;
  REQUIRE(budget.Reserve(100) == Status::kOk);
  budget.set_limit(50);
  CHECK(budget.Reserve(0) == Status::kMemoryBudget);
  budget.Release(60);
  CHECK(budget.Reserve(11) == Status::kMemoryBudget);
  CHECK(budget.Reserve(10) == Status::kOk);
}

TEST_CASE("a default limit holds until a limit is set, and undoes none") {
  MemoryBudget budget;
  budget.set_default_limit(10);
  CHECK(budget.limit() == 10);
  budget.set_default_limit(20);
  CHECK(budget.limit() == 10);
  budget.set_limit(30);
  budget.set_default_limit(40);
  CHECK(budget.limit() == 30);

  MemoryBudget lifted;
  lifted.set_limit(MemoryBudget::kUnlimited);
  lifted.set_default_limit(10);
  CHECK(lifted.limit() == MemoryBudget::kUnlimited);
}

TEST_CASE("threads that compete for a budget never exceed it together, and lose nothing of it") {
  constexpr std::uint64_t kLimit = 1000;
  constexpr int kThreads = 4;
  MemoryBudget budget;
  budget.set_limit(kLimit);
  // What the threads hold, counted after Reserve and before Release: never more than what the budget counts.
  std::atomic<std::uint64_t> held{0};
  std::atomic<std::uint64_t> most{0};
  std::atomic<std::uint64_t> granted{0};
  std::atomic<std::uint64_t> refused{0};

  std::vector<std::thread> threads;
  threads.reserve(kThreads);
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 20000; ++i) {
        const std::uint64_t bytes = static_cast<std::uint64_t>(t + i) % 7 * 100 + 1;
        if (budget.Reserve(bytes) != Status::kOk) {
          refused.fetch_add(1);
          std::this_thread::yield();
          continue;
        }
        granted.fetch_add(1);
        const std::uint64_t now = held.fetch_add(bytes) + bytes;
        std::uint64_t seen = most.load();
        while (now > seen && !most.compare_exchange_weak(seen, now)) {
        }
        if (i % 3 == 0) std::this_thread::yield();
        held.fetch_sub(bytes);
        budget.Release(bytes);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();

  CHECK(most.load() <= kLimit);
  CHECK(budget.used() == 0);
  CHECK(granted.load() + refused.load() == std::uint64_t{20000} * kThreads);
  CHECK(budget.Reserve(kLimit) == Status::kOk);
}

TEST_CASE("of threads that each want all of the budget, exactly one gets it") {
  for (int round = 0; round < 50; ++round) {
    MemoryBudget budget;
    budget.set_limit(64);
    std::atomic<bool> go{false};
    std::atomic<int> winners{0};
    std::vector<std::thread> threads;
    threads.reserve(4);
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&] {
        while (!go.load()) std::this_thread::yield();
        if (budget.Reserve(64) == Status::kOk) winners.fetch_add(1);
      });
    }
    go.store(true);
    for (std::thread& thread : threads) thread.join();
    CHECK(winners.load() == 1);
  }
}

}  // namespace
}  // namespace simd_arena
