// Goes through all reductions: every operation but dot, on every element type.
#ifndef SIMD_ARENA_TEST_SUPPORT_EACH_REDUCTION_H_
#define SIMD_ARENA_TEST_SUPPORT_EACH_REDUCTION_H_

#include <doctest/doctest.h>

#include <cstddef>

#include "ops/reduce.h"

namespace simd_arena {

inline const char* LabelOf(ReduceOp op) {
  constexpr const char* kLabels[] = {
#define REDUCE_OP(name, label) #label,
#include "ops/reduce_op.def"
#undef REDUCE_OP
  };
  return kLabels[static_cast<std::size_t>(op)];
}

inline const char* LabelOf(ElementType type) {
  constexpr const char* kLabels[] = {
#define ELEMENT_TYPE(name, label, size) #label,
#include "base/element_type.def"
#undef ELEMENT_TYPE
  };
  return kLabels[static_cast<std::size_t>(type)];
}

/// Calls `test(op, type)`; a failure inside names both.
template <typename Test>
void ForEachReduction(Test test) {
  for (std::size_t t = 0; t < kElementTypes; ++t) {
    for (std::size_t o = 0; o < kReduceOps; ++o) {
      const auto op = static_cast<ReduceOp>(o);
      const auto type = static_cast<ElementType>(t);
      if (op == ReduceOp::kDot) continue;
      INFO("operation: ", LabelOf(op));
      INFO("element type: ", LabelOf(type));
      test(op, type);
    }
  }
}

}  // namespace simd_arena

#endif  // SIMD_ARENA_TEST_SUPPORT_EACH_REDUCTION_H_
