// Limits the process-wide budget, for one test, to what is in use plus some bytes.
#ifndef SIMD_ARENA_TEST_MEMORY_PROCESS_BUDGET_H_
#define SIMD_ARENA_TEST_MEMORY_PROCESS_BUDGET_H_

#include <cstdint>

#include "memory/memory_budget.h"

namespace simd_arena {

class ProcessBudget {
 public:
  explicit ProcessBudget(std::uint64_t free_bytes) {
    MemoryBudget::Process().set_limit(MemoryBudget::Process().used() + free_bytes);
  }
  ~ProcessBudget() { MemoryBudget::Process().set_limit(MemoryBudget::kUnlimited); }
  ProcessBudget(const ProcessBudget&) = delete;
  ProcessBudget& operator=(const ProcessBudget&) = delete;
};

}  // namespace simd_arena

#endif  // SIMD_ARENA_TEST_MEMORY_PROCESS_BUDGET_H_
