// An exact sum of float64 values and of their products: a fixed-point number wide enough for any of them (Kulisch's
// accumulator).
//
//   bit   0 .. 4351, two's complement; bit 0 weighs 2^-2148, the least product of subnormals
#ifndef SIMD_ARENA_TEST_SUPPORT_EXACT_SUM_H_
#define SIMD_ARENA_TEST_SUPPORT_EXACT_SUM_H_

#include <array>
#include <cmath>
#include <cstdint>

#include "base/int128.h"

namespace simd_arena {

class ExactSum {
 public:
  /// Adds `x`, which must be finite.
  void Add(double x) { AddProduct(x, 1.0); }

  /// Adds a * b, both finite.
  void AddProduct(double a, double b) {
    int a_exponent, b_exponent;
    const std::uint64_t a_mantissa = Split(a, &a_exponent), b_mantissa = Split(b, &b_exponent);
    const Uint128 product = static_cast<Uint128>(a_mantissa) * b_mantissa;
    const int position = a_exponent + b_exponent + kLowest;
    const bool negative = std::signbit(a) != std::signbit(b);
    AddShifted(static_cast<std::uint64_t>(product), position, negative);
    AddShifted(static_cast<std::uint64_t>(product >> 64), position + 64, negative);
  }

  /// |this|, rounded to a relative error of about 2^-50.
  double Magnitude() const {
    Limbs magnitude = limbs_;
    if (limbs_[kLimbs - 1] >> 63 != 0) {
      for (std::uint64_t& limb : magnitude) limb = ~limb;
      AddAt(&magnitude, 0, 1);
    }
    double result = 0;
    for (int i = kLimbs - 1; i >= 0; --i) result += std::ldexp(static_cast<double>(magnitude[i]), 64 * i - kLowest);
    return result;
  }

 private:
  static constexpr int kLowest = 2148;
  static constexpr int kLimbs = 68;
  using Limbs = std::array<std::uint64_t, kLimbs>;  // least significant first

  /// |x| = result * 2^exponent, exactly; exponent >= -1074.
  static std::uint64_t Split(double x, int* exponent) {
    const double fraction = std::frexp(std::fabs(x), exponent);  // 0.5 <= fraction < 1, or 0
    auto mantissa = static_cast<std::uint64_t>(std::ldexp(fraction, 53));
    *exponent -= 53;
    for (; *exponent < -kLowest / 2; ++*exponent) mantissa /= 2;
    return mantissa;
  }

  static void AddAt(Limbs* limbs, int i, std::uint64_t x) {
    for (; i < kLimbs && x != 0; ++i) {
      (*limbs)[i] += x;
      x = (*limbs)[i] < x ? 1 : 0;
    }
  }

  static void SubtractAt(Limbs* limbs, int i, std::uint64_t x) {
    for (; i < kLimbs && x != 0; ++i) {
      const bool borrow = (*limbs)[i] < x;
      (*limbs)[i] -= x;
      x = borrow ? 1 : 0;
    }
  }

  void AddShifted(std::uint64_t x, int position, bool negative) {
    const auto add = negative ? SubtractAt : AddAt;
    const int limb = position / 64, shift = position % 64;
    add(&limbs_, limb, x << shift);
    if (shift != 0) add(&limbs_, limb + 1, x >> (64 - shift));
  }

  Limbs limbs_{};
};

}  // namespace simd_arena

#endif  // SIMD_ARENA_TEST_SUPPORT_EXACT_SUM_H_
