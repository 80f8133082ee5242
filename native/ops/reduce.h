// Reductions: from n elements to one result, for every operation x element type.
//
// Owns nothing and allocates nothing. Functions are pure; any thread.
//
//                result, by ReduceResult                                     n == 0
//   kSum         floats: see kernels/README.md; integers: exact, then        0
//                rounded once to float64; i64, u64: exact; bool: how many
//                are true
//   kMean        kSum / n, rounded                                           NaN
//   kMin kMax    the least, the greatest element; NaN if one is NaN          kEmptyInput
//   kMinmax      both
//   kArgmin      index of the first least element, or of the first NaN       kEmptyInput
//   kArgmax      likewise of the greatest
//   kAll kAny    whether all, or any, elements are not 0 (NaN is not)        true, false
//   kCountNonzero  how many are not 0                                        0
//   kNorm        sqrt(sum(x^2))                                              0
//   kVariance    sum((x - mean)^2) / (n - ddof); NaN if n <= ddof            NaN
//   kStd         sqrt(kVariance)                                             NaN
//   kDot         of two operands: Dot()                                      0
#ifndef SIMD_ARENA_OPS_REDUCE_H_
#define SIMD_ARENA_OPS_REDUCE_H_

#include <cstddef>
#include <cstdint>

#include "base/element_type.h"
#include "kernels/kernel_table.h"
#include "ops/reduce_result.h"

namespace simd_arena {

/// Values are dense from 0, in the order of reduce_op.def.
enum class ReduceOp : std::int32_t {
#define REDUCE_OP(name, label) k##name,
#include "ops/reduce_op.def"
#undef REDUCE_OP
};

inline constexpr std::size_t kReduceOps = 0
#define REDUCE_OP(name, label) +1
#include "ops/reduce_op.def"
#undef REDUCE_OP
    ;

/// What some operations remember of the elements that they have seen: bytes that begin() fills and add() changes.
/// Operations with the same accumulator share it; compare addresses.
struct Accumulator {
  std::size_t bytes;
  void (*begin)(void* state);
  /// `n` is a multiple of `granularity`, but in the last call.
  void (*add)(const KernelTable& kernels, void* state, const std::uint8_t* data, std::size_t n);
  std::size_t granularity;
};

/// The most bytes, and the most granularity, of any accumulator. Its bytes are aligned as std::max_align_t is.
inline constexpr std::size_t kMaxAccumulatorBytes = 1024;
inline constexpr std::size_t kMaxGranularity = kMomentsChunk;

/// One operation on elements of one type, other than kDot.
struct Reduction {
  const Accumulator* accumulator;
  bool needs_elements;  ///< there is no result without any: kEmptyInput
  /// From the accumulator of `n` elements, which it leaves as it is. `ddof` matters to kVariance and kStd.
  void (*finish)(const KernelTable& kernels, const void* state, std::uint64_t n, std::uint64_t ddof,
                 ReduceResult* result);
  /// Of `n` elements that start at `data`, at any byte alignment; `data` may be null if `n` is 0. O(n). The bits of
  /// begin, add and finish.
  void (*whole)(const KernelTable& kernels, const std::uint8_t* data, std::size_t n, std::uint64_t ddof,
                ReduceResult* result);
};

/// The reduction for `op`, any but kDot, on elements of `type`. O(1).
const Reduction& FindReduction(ReduceOp op, ElementType type);

/// Reduces `n` elements that lie `stride` bytes apart, each at any alignment, the first at `data`; `stride` is at least
/// the size of an element. The bits of the same elements side by side. O(n).
void ReduceStrided(const KernelTable& kernels, const Reduction& reduction, ElementType type, const std::uint8_t* data,
                   std::size_t stride, std::size_t n, std::uint64_t ddof, ReduceResult* result);

/// The dot product of twice `n` elements of `type`. O(n).
void Dot(const KernelTable& kernels, ElementType type, const std::uint8_t* a, const std::uint8_t* b, std::size_t n,
         ReduceResult* result);

}  // namespace simd_arena

#endif  // SIMD_ARENA_OPS_REDUCE_H_
