// An exact sum of float32 values: a fixed-point number wide enough for any of them (Kulisch's accumulator).
//
//   bit   0 .. 511, two's complement; bit 0 weighs 2^-149, the least subnormal float32
#ifndef SIMD_ARENA_TEST_SUPPORT_EXACT_SUM_H_
#define SIMD_ARENA_TEST_SUPPORT_EXACT_SUM_H_

#include <array>
#include <cmath>
#include <cstdint>

namespace simd_arena {

class ExactSum {
 public:
  /// Adds `x`, which must be finite, a multiple of 2^-149, and below 2^300. So is every float64 sum of float32 values.
  void Add(double x) {
    int exponent;
    const double fraction = std::frexp(x, &exponent);  // x = fraction * 2^exponent, 0.5 <= |fraction| < 1
    auto mantissa = static_cast<std::int64_t>(std::ldexp(fraction, 53));
    int position = exponent - 53 + 149;  // of the mantissa's bit 0
    for (; position < 0; ++position) mantissa /= 2;
    AddShifted(mantissa, position);
  }

  /// |this|, rounded to a relative error of about 2^-50.
  double Magnitude() const {
    Limbs magnitude = limbs_;
    if (IsNegative()) Negate(&magnitude);
    double result = 0;
    for (int i = kLimbs - 1; i >= 0; --i) result += std::ldexp(static_cast<double>(magnitude[i]), 64 * i - 149);
    return result;
  }

 private:
  static constexpr int kLimbs = 8;
  using Limbs = std::array<std::uint64_t, kLimbs>;  // least significant first

  bool IsNegative() const { return limbs_[kLimbs - 1] >> 63 != 0; }

  static void AddAt(Limbs* limbs, int i, std::uint64_t x) {
    for (; i < kLimbs && x != 0; ++i) {
      (*limbs)[i] += x;
      x = (*limbs)[i] < x ? 1 : 0;
    }
  }

  static void Negate(Limbs* limbs) {
    for (std::uint64_t& limb : *limbs) limb = ~limb;
    AddAt(limbs, 0, 1);
  }

  void AddShifted(std::int64_t mantissa, int position) {
    const std::uint64_t magnitude = static_cast<std::uint64_t>(mantissa < 0 ? -mantissa : mantissa);
    const int limb = position / 64, shift = position % 64;
    Limbs term{};
    term[limb] = magnitude << shift;
    if (shift != 0) term[limb + 1] = magnitude >> (64 - shift);
    if (mantissa < 0) Negate(&term);
    for (int i = 0; i < kLimbs; ++i) AddAt(&limbs_, i, term[i]);
  }

  Limbs limbs_{};
};

}  // namespace simd_arena

#endif  // SIMD_ARENA_TEST_SUPPORT_EXACT_SUM_H_
