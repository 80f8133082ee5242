// Running sums of squares, for norms, and for the variance of integers.
//
// Values; any thread. Add() takes elements in multiples of kGranularity, but in its last call, and any number of them.
#ifndef SIMD_ARENA_OPS_SQUARES_STATE_H_
#define SIMD_ARENA_OPS_SQUARES_STATE_H_

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "ops/dot.h"
#include "ops/element_kernels.h"
#include "ops/wide_integer.h"

namespace simd_arena {

/// Squares of elements that are exact in float64, and whose sum stays far from its limits: all but float64 itself.
template <typename Element>
class FloatSquares {
 public:
  static constexpr std::size_t kGranularity = kSumBlock;

  void Add(const KernelTable& kernels, const std::uint8_t* data, std::size_t n) {
    (kernels.*Element::kAddSquares)(&sum_, data, n, 1.0);
  }

  /// The Euclidean norm of all that was added: `n` elements.
  double Norm(const KernelTable& kernels, std::uint64_t n) const {
    return n == 0 ? 0.0 : std::sqrt((kernels.*Element::kTotal)(sum_));
  }

 private:
  RunningSum sum_;
};

/// Squares of float64 elements, which may over- or underflow: summed as they are, and scaled down and up by a power of
/// two. Whatever the elements are, one of the three sums is precise:
///
///   plain sum not finite    some |x| >= 2^485: scaled down, its square is normal, and 2^53 of the largest do not
///                           overflow
///   plain sum < 2^-960      all |x| < 2^-480: scaled up, even the square of the least subnormal is normal
///   else                    squares that underflow are too small to matter
class Float64Squares {
 public:
  static constexpr std::size_t kGranularity = kSumBlock;

  void Add(const KernelTable& kernels, const std::uint8_t* data, std::size_t n) {
    AddPlain(kernels, data, n);
    kernels.add_squares_f64(&down_, data, n, 1 / kScale);
    kernels.add_squares_f64(&up_, data, n, kScale);
  }

  /// Add() for data that will be there for another call, if IsPrecise() says no.
  void AddPlain(const KernelTable& kernels, const std::uint8_t* data, std::size_t n) {
    kernels.add_squares_f64(&plain_, data, n, 1.0);
  }

  /// Whether the plain sum of what was added, one element at least, will do.
  bool IsPrecise(const KernelTable& kernels) const {
    const double sum = kernels.total_f64(plain_);
    return std::isfinite(sum) && sum >= kLeastPreciseSum;
  }

  double Norm(const KernelTable& kernels, std::uint64_t n) const {
    if (n == 0) return 0.0;
    const double sum = kernels.total_f64(plain_);
    if (!std::isfinite(sum)) return std::sqrt(kernels.total_f64(down_)) * kScale;
    if (sum < kLeastPreciseSum) return std::sqrt(kernels.total_f64(up_)) / kScale;
    return std::sqrt(sum);
  }

 private:
  static constexpr double kScale = 0x1p600;
  static constexpr double kLeastPreciseSum = 0x1p-960;

  RunningSum plain_;
  RunningSum down_;
  RunningSum up_;
};

template <typename Element>
class IntegerSquares {
 public:
  static constexpr std::size_t kGranularity = 1;

  void Add(const KernelTable& kernels, const std::uint8_t* data, std::size_t n) {
    if constexpr (std::is_same_v<Element, element::Bool>) {
      sum_ = sum_ + WideInteger(Int128{kernels.count_nonzero_u8(data, n)});  // the squares of 0 and 1 are 0 and 1
    } else {
      sum_ = sum_ + ExactDot<Element>(kernels, data, data, n);
    }
  }

  const WideInteger& sum() const { return sum_; }
  double Norm(const KernelTable&, std::uint64_t) const { return std::sqrt(sum_.ToDouble()); }

 private:
  WideInteger sum_;
};

template <typename Element>
using SquaresState = std::conditional_t<
    !Element::kIsFloat, IntegerSquares<Element>,
    std::conditional_t<std::is_same_v<Element, element::F64>, Float64Squares, FloatSquares<Element>>>;

}  // namespace simd_arena

#endif  // SIMD_ARENA_OPS_SQUARES_STATE_H_
