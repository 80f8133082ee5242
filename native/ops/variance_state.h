// What the variance needs to know, in one pass over the elements.
//
// Floats   each chunk of kMomentsChunk elements has a mean and squared deviations from it, computed while it is in the
//          cache (the corrected two-pass algorithm); chunks are merged by the update of Chan, Golub and LeVeque (1979,
//          "Updating formulae and a pairwise algorithm for computing sample variances"). Means are kept in two
//          float64, so that the error does not grow with mean / deviation as it does in the textbook formula.
// Integers exact: n sum(x^2) - (sum x)^2 in 256 bits.
//
// Values; any thread. Add() takes elements in multiples of kGranularity, but in its last call, and any number of them.
#ifndef SIMD_ARENA_OPS_VARIANCE_STATE_H_
#define SIMD_ARENA_OPS_VARIANCE_STATE_H_

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <type_traits>

#include "ops/element_kernels.h"
#include "ops/squares_state.h"
#include "ops/sum_state.h"
#include "ops/wide_integer.h"

namespace simd_arena {

/// Of `n` elements whose squared deviations are known; NaN where they are too few.
inline double DividedByFreedom(double squared_deviations, std::uint64_t n, std::uint64_t ddof) {
  if (n <= ddof) return std::numeric_limits<double>::quiet_NaN();
  return squared_deviations / static_cast<double>(n - ddof);
}

template <typename Element>
class FloatVariance {
 public:
  static constexpr std::size_t kGranularity = kMomentsChunk;

  void Add(const KernelTable& kernels, const std::uint8_t* data, std::size_t n) {
    for (std::size_t start = 0; start < n; start += kMomentsChunk) {
      const std::size_t m = std::min(kMomentsChunk, n - start);
      Merge((kernels.*Element::kMoments)(data + start * Element::kSize, m), static_cast<double>(m));
    }
  }

  /// Of all that was added, `n` elements, divided by n - ddof.
  double Variance(const KernelTable&, std::uint64_t n, std::uint64_t ddof) const {
    const double corrected = squares_ + error_;
    return DividedByFreedom(std::isfinite(corrected) ? corrected : squares_, n, ddof);
  }

 private:
  /// Adds a chunk of `m` elements.
  void Merge(const Moments& chunk, double m) {
    const double low = chunk.deviation_sum / m;  // what the mean of the chunk lacks
    const double squares = Corrected(chunk.squared_deviations, low * chunk.deviation_sum);
    if (n_ == 0) {
      n_ = m;
      mean_ = chunk.mean;
      mean_low_ = low;
      squares_ = squares;
      return;
    }
    const double delta = (chunk.mean - mean_) + (low - mean_low_);
    const double share = m / (n_ + m);
    double error;
    squares_ = TwoSum(squares_, squares + delta * (n_ * share) * delta, &error);
    error_ += error;
    mean_ = TwoSum(mean_, mean_low_ + delta * share, &mean_low_);
    n_ += m;
  }

  /// squares - excess. Rounding would leave less than nothing of elements that are all equal, and NaN of an overflow.
  static double Corrected(double squares, double excess) {
    if (!std::isfinite(squares)) return squares;
    return std::max(squares - excess, 0.0);
  }

  /// a + b, rounded, and in `*error` exactly what rounding lost.
  static double TwoSum(double a, double b, double* error) {
    const double sum = a + b;
    const double added = sum - a;
    *error = (a - (sum - added)) + (b - added);
    return sum;
  }

  double n_ = 0;
  double mean_ = 0;
  double mean_low_ = 0;
  double squares_ = 0;  // of deviations
  double error_ = 0;    // of squares_
};

template <typename Element>
class IntegerVariance {
 public:
  static constexpr std::size_t kGranularity = 1;

  void Add(const KernelTable& kernels, const std::uint8_t* data, std::size_t n) {
    // By pieces that stay in the cache, for both read them.
    for (std::size_t start = 0; start < n; start += kMomentsChunk) {
      const std::size_t m = std::min(kMomentsChunk, n - start);
      sum_.Add(kernels, data + start * Element::kSize, m);
      squares_.Add(kernels, data + start * Element::kSize, m);
    }
  }

  double Variance(const KernelTable& kernels, std::uint64_t n, std::uint64_t ddof) const {
    const WideInteger sum(sum_.Sum(kernels, n));
    const WideInteger count(static_cast<Int128>(n));
    const double n_squared_deviations = (count * squares_.sum() - sum * sum).ToDouble();
    return DividedByFreedom(n_squared_deviations / static_cast<double>(n), n, ddof);
  }

 private:
  SumState<Element> sum_;
  IntegerSquares<Element> squares_;
};

template <typename Element>
using VarianceState = std::conditional_t<Element::kIsFloat, FloatVariance<Element>, IntegerVariance<Element>>;

}  // namespace simd_arena

#endif  // SIMD_ARENA_OPS_VARIANCE_STATE_H_
