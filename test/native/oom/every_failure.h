// Runs a scenario again and again, a later allocation failing each time, until there is none left to fail.
#ifndef SIMD_ARENA_TEST_OOM_EVERY_FAILURE_H_
#define SIMD_ARENA_TEST_OOM_EVERY_FAILURE_H_

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <optional>
#include <string>

#include "base/status.h"
#include "faults/fault_plan.h"
#include "memory/memory_budget.h"

namespace simd_arena {

/// The allocations that Attempt is to see fail: the calls from `first` on, `end` being the one after the last.
struct PlannedFailure {
  std::uint32_t first;
  std::uint32_t end;
};
inline PlannedFailure planned_failure = {};

/// Calls `call`, a function of the core that returns a Status, with the planned failure. Where that fails, it must say
/// `failure`, and change neither the budget nor `snapshot()`; once there is
/// memory again, it must succeed.
template <typename Snapshot, typename Call>
void Attempt(Status failure, Snapshot snapshot, Call call) {
  const auto before = snapshot();
  const std::uint64_t used = MemoryBudget::Process().used();
  FaultPlan& plan = fault_plans.memory;
  plan.first = planned_failure.first;
  plan.end = planned_failure.end;
  const Status status = call();
  plan.end = 0;
  if (status == Status::kOk) return;
  REQUIRE(plan.failed > 0);
  REQUIRE(status == failure);
  REQUIRE(MemoryBudget::Process().used() == used);
  REQUIRE(snapshot() == before);
  REQUIRE(call() == Status::kOk);
}

/// Runs `scenario` with planned_failure in a process of its own, where nothing has been allocated before. True if an
/// allocation has failed, none if the process did not survive, or a requirement was not met.
template <typename Scenario>
std::optional<bool> RunApart(Scenario scenario) {
  std::cout.flush();  // or the child prints it again
  const pid_t child = fork();
  if (child == 0) {
    alarm(60);  // a scenario that hangs fails
    try {
      scenario();
      REQUIRE(MemoryBudget::Process().used() == 0);
    } catch (...) {
      std::exit(2);
    }
    std::exit(fault_plans.memory.failed > 0 ? 1 : 0);
  }
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  if (!WIFEXITED(status) || WEXITSTATUS(status) > 1) return std::nullopt;
  return WEXITSTATUS(status) == 1;
}

/// See the head of this file: once with one allocation failing alone, once with all that follow. There must be
/// `at_least` so many.
template <typename Scenario>
void ForEachFailure(std::uint32_t at_least, Scenario scenario) {
  for (const bool alone : {true, false}) {
    for (std::uint32_t first = 0;; ++first) {
      planned_failure = {first, alone ? first + 1 : UINT32_MAX};
      const std::optional<bool> failed = RunApart(scenario);
      INFO("failing: allocation ", first, std::string(alone ? "" : " and all after it"));
      REQUIRE(failed.has_value());
      if (failed.value_or(false)) continue;
      CHECK(first >= at_least);
      break;
    }
  }
}

}  // namespace simd_arena

#endif  // SIMD_ARENA_TEST_OOM_EVERY_FAILURE_H_
