// Running sums of elements, for every element type.
//
// Values; any thread. Add() takes elements in multiples of kGranularity, but in its last call, and any number of them.
#ifndef SIMD_ARENA_OPS_SUM_STATE_H_
#define SIMD_ARENA_OPS_SUM_STATE_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "base/int128.h"
#include "ops/element_kernels.h"
#include "ops/truth_state.h"
#include "ops/wide_integer.h"

namespace simd_arena {

template <typename Element>
class FloatSum {
 public:
  static constexpr std::size_t kGranularity = kSumBlock;

  void Add(const KernelTable& kernels, const std::uint8_t* data, std::size_t n) {
    (kernels.*Element::kAdd)(&sum_, data, n);
  }

  /// The sum of all that was added: `n` elements.
  double Sum(const KernelTable& kernels, std::uint64_t n) const {
    return n == 0 ? 0.0 : (kernels.*Element::kTotal)(sum_);
  }

 private:
  RunningSum sum_;
};

/// What a kernel made of the sum of `n` terms, as one number.
inline Int128 ExactSum(std::int64_t sum, std::size_t, bool) { return sum; }
inline Int128 ExactSum(std::uint64_t sum, std::size_t, bool) { return sum; }
inline Int128 ExactSum(WordSums sums, std::size_t n, bool is_signed) {
  const Int128 sum = (Int128{sums.high} << 32) + sums.low;
  return is_signed ? sum - (Int128{n} << 63) : sum;
}

template <typename Element>
class IntegerSum {
 public:
  static constexpr std::size_t kGranularity = 1;

  void Add(const KernelTable& kernels, const std::uint8_t* data, std::size_t n) {
    for (std::size_t start = 0; start < n; start += kMaxTerms) {
      const std::size_t m = std::min(kMaxTerms, n - start);
      sum_ += ExactSum((kernels.*Element::kSum)(data + start * Element::kSize, m), m, Element::kIsSigned);
    }
  }

  Int128 Sum(const KernelTable&, std::uint64_t) const { return sum_; }

 private:
  Int128 sum_ = 0;
};

/// The sum of bool counts what is true.
class BoolSum {
 public:
  static constexpr std::size_t kGranularity = 1;

  void Add(const KernelTable& kernels, const std::uint8_t* data, std::size_t n) { count_.Add(kernels, data, n); }
  Int128 Sum(const KernelTable&, std::uint64_t) const { return count_.count(); }

 private:
  CountNonzero<element::Bool> count_;
};

template <typename Element>
using SumState =
    std::conditional_t<Element::kIsFloat, FloatSum<Element>,
                       std::conditional_t<std::is_same_v<Element, element::Bool>, BoolSum, IntegerSum<Element>>>;

}  // namespace simd_arena

#endif  // SIMD_ARENA_OPS_SUM_STATE_H_
