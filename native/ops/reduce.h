// Reductions: from n elements to one number, for every operation x element type.
//
// Owns nothing and allocates nothing. Functions are pure; any thread.
#ifndef SIMD_ARENA_OPS_REDUCE_H_
#define SIMD_ARENA_OPS_REDUCE_H_

#include <cstddef>
#include <cstdint>

#include "base/element_type.h"
#include "kernels/kernel_table.h"

namespace simd_arena {

/// Values are dense from 0, in the order of reduce_op.def.
enum class ReduceOp : std::int32_t {
#define REDUCE_OP(name, label) k##name,
#include "ops/reduce_op.def"
#undef REDUCE_OP
};

/// Reduces the `n` elements that start at `data`, at any byte alignment; `data` may be null if `n` is 0. O(n).
///
///           result                                                      n == 0
///   kSum    f32: see kernels/README.md; i32, u8: exact, then rounded    0
///           once to float64; bool: the number of true elements
///   kMean   kSum / n, rounded                                           NaN
///   kAll    1 if no element is zero, else 0 (NaN is not zero, -0 is)    1
///   kAny    1 if some element is not zero, else 0                       0
using ReduceFn = double (*)(const KernelTable& kernels, const void* data, std::size_t n);

/// The function for `op` on elements of `type`; never null. O(1): look it up once, then call it directly.
ReduceFn FindReduce(ReduceOp op, ElementType type);

}  // namespace simd_arena

#endif  // SIMD_ARENA_OPS_REDUCE_H_
