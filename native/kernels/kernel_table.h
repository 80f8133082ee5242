// The kernels of one instruction set, as a plain struct of function pointers: operation x element type.
//
// A kernel is a pure function of `n` elements that start at `data`: no allocation, no threads, no errors, no state. It
// reads exactly those elements, at any byte alignment; `data` may be null if `n` is 0. Every table computes the same
// bits. The tables are constants; use them from any thread.
#ifndef SIMD_ARENA_KERNELS_KERNEL_TABLE_H_
#define SIMD_ARENA_KERNELS_KERNEL_TABLE_H_

#include <cstddef>
#include <cstdint>

namespace simd_arena {

/// The most elements that one call of KernelTable::sum_i32 takes: any sum of 2^32 int32 values fits an int64.
inline constexpr std::uint64_t kMaxSumI32Elements = std::uint64_t{1} << 32;

/// Fields are listed in kernel.def and specified in README.md.
struct KernelTable {
#define KERNEL(member, Function, Result) Result (*member)(const std::uint8_t* data, std::size_t n);
#include "kernels/kernel.def"
#undef KERNEL
};

}  // namespace simd_arena

#endif  // SIMD_ARENA_KERNELS_KERNEL_TABLE_H_
