// Reductions to one number of vectors whose type tells the element type.
#ifndef SIMD_ARENA_TEST_SUPPORT_REDUCE_ELEMENTS_H_
#define SIMD_ARENA_TEST_SUPPORT_REDUCE_ELEMENTS_H_

#include <cstdint>
#include <vector>

#include "ops/reduce.h"
#include "support/each_isa.h"
#include "support/float_types.h"

namespace simd_arena {

constexpr ElementType TypeOf(Float16) { return ElementType::kF16; }
constexpr ElementType TypeOf(BFloat16) { return ElementType::kBF16; }
constexpr ElementType TypeOf(Float32) { return ElementType::kF32; }
constexpr ElementType TypeOf(Float64) { return ElementType::kF64; }
constexpr ElementType TypeOf(std::int32_t) { return ElementType::kI32; }

template <typename T>
double ReduceElements(const KernelTable& kernels, ReduceOp op, const std::vector<T>& x, std::uint64_t ddof = 0) {
  ReduceResult result;
  FindReduction(op, TypeOf(T{})).whole(kernels, Bytes(x), x.size(), ddof, &result);
  return result.number;
}

}  // namespace simd_arena

#endif  // SIMD_ARENA_TEST_SUPPORT_REDUCE_ELEMENTS_H_
