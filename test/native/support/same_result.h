// Compares results of reductions bit by bit. All NaN are one.
#ifndef SIMD_ARENA_TEST_SUPPORT_SAME_RESULT_H_
#define SIMD_ARENA_TEST_SUPPORT_SAME_RESULT_H_

#include <cstddef>

#include "ops/reduce_result.h"
#include "support/result_bits.h"

namespace simd_arena {

inline bool SameInteger(const WideInteger& a, const WideInteger& b) {
  for (std::size_t i = 0; i < WideInteger::kWords; ++i) {
    if (a.word(i) != b.word(i)) return false;
  }
  return true;
}

inline bool SameResult(const ReduceResult& a, const ReduceResult& b) {
  return a.kind == b.kind && ResultBits(a.number) == ResultBits(b.number) &&
         ResultBits(a.greatest_number) == ResultBits(b.greatest_number) && SameInteger(a.integer, b.integer) &&
         SameInteger(a.greatest_integer, b.greatest_integer);
}

}  // namespace simd_arena

#endif  // SIMD_ARENA_TEST_SUPPORT_SAME_RESULT_H_
