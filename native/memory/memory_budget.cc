#include "memory/memory_budget.h"

namespace simd_arena {

MemoryBudget& MemoryBudget::Process() {
  static MemoryBudget budget;
  return budget;
}

}  // namespace simd_arena
