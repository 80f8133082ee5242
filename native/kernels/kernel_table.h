// The kernels of one instruction set, as a plain struct of function pointers: operation x element type.
//
// A kernel is a pure function of `n` elements that start at `data`: no allocation, no threads, no errors, no state but
// what the caller passes in. It reads exactly those elements, at any byte alignment; `data` may be null if `n` is 0.
// Every table computes the same bits. The tables are constants; use them from any thread.
#ifndef SIMD_ARENA_KERNELS_KERNEL_TABLE_H_
#define SIMD_ARENA_KERNELS_KERNEL_TABLE_H_

#include <cstddef>
#include <cstdint>

namespace simd_arena {

/// The most integers that one call of a sum or dot product takes: no accumulator overflows with so many.
inline constexpr std::size_t kMaxTerms = std::size_t{1} << 31;

/// Elements that are added to a RunningSum come in multiples of this, but for the last ones.
inline constexpr std::size_t kSumBlock = 64;

/// The most elements that one call of a FloatMoments kernel takes, and its chunk.
inline constexpr std::size_t kMomentsChunk = 2048;

/// A float64 sum that goes on over several calls, with the bits of one call on the whole. It starts as `RunningSum{}`;
/// only the kernels of one element type may look at it.
struct RunningSum {
  double lanes[32];          ///< of the chunk that is under way; unspecified where `position` is 0
  std::size_t position = 0;  ///< elements of that chunk
  double sum = -0.0;         ///< of the chunks that are complete
  double error = 0.0;        ///< of `sum`
};

/// The sum of 64-bit terms, exact: 2^32 * high + low.
struct WordSums {
  std::uint64_t low;   ///< sum of the lower words
  std::uint64_t high;  ///< sum of the upper words
};

/// The least and the greatest key of some elements. Keys order like the elements: of a signed integer its value; of an
/// unsigned one of `w` bits its value - 2^(w - 1); of a float of `w` bits the bits as a signed integer, of which a
/// negative one has all but the sign inverted, so that -0 < +0, and NaN lie beyond the infinities of their sign.
struct Extremes {
  std::int64_t least;
  std::int64_t greatest;
};

/// What the variance needs to know of one chunk.
struct Moments {
  double mean;                ///< sum / n, rounded
  double deviation_sum;       ///< sum of x - mean: what the rounding of the mean left over
  double squared_deviations;  ///< sum of (x - mean)^2
};

using SumFloats = double(const std::uint8_t* data, std::size_t n);
using DotFloats = double(const std::uint8_t* a, const std::uint8_t* b, std::size_t n);
/// Goes on with a sum: `n` is a multiple of kSumBlock, but in the last call.
using AddFloats = void(RunningSum* sum, const std::uint8_t* data, std::size_t n);
/// The same with the sum of (scale * x)^2; `scale` is a power of two, and 1 for elements narrower than float64.
using AddSquares = void(RunningSum* sum, const std::uint8_t* data, std::size_t n, double scale);
/// The sum of all that was added, of one element at least.
using TotalOfSum = double(const RunningSum& sum);
/// 0 < n <= kMomentsChunk.
using FloatMoments = Moments(const std::uint8_t* data, std::size_t n);
using SumSigned = std::int64_t(const std::uint8_t* data, std::size_t n);
using SumUnsigned = std::uint64_t(const std::uint8_t* data, std::size_t n);
/// Of signed elements, every term is taken plus 2^63.
using SumWide = WordSums(const std::uint8_t* data, std::size_t n);
using DotSigned = std::int64_t(const std::uint8_t* a, const std::uint8_t* b, std::size_t n);
using DotUnsigned = std::uint64_t(const std::uint8_t* a, const std::uint8_t* b, std::size_t n);
/// Of signed elements, every product is taken plus 2^63.
using DotWide = WordSums(const std::uint8_t* a, const std::uint8_t* b, std::size_t n);
using CountElements = std::uint64_t(const std::uint8_t* data, std::size_t n);
using TestElements = bool(const std::uint8_t* data, std::size_t n);
/// n > 0.
using ExtremesOfElements = Extremes(const std::uint8_t* data, std::size_t n);
/// The index of the first element that has these bits; n if none has.
using FindElement = std::size_t(const std::uint8_t* data, std::size_t n, std::uint64_t bits);
/// Copies `n` elements of `size` bytes (1, 2, 4 or 8) to `out`, one behind the other; they lie `stride` >= size bytes
/// apart.
using PackElements = void(const std::uint8_t* data, std::size_t stride, std::size_t size, std::size_t n,
                          std::uint8_t* out);

/// Fields are listed in kernel.def and specified in README.md.
struct KernelTable {
#define KERNEL(member, Function, Type) Type* member;
#include "kernels/kernel.def"
#undef KERNEL
};

}  // namespace simd_arena

#endif  // SIMD_ARENA_KERNELS_KERNEL_TABLE_H_
