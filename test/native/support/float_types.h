// The floating-point element types, under the names that kernel.def uses, and the kernels of each.
#ifndef SIMD_ARENA_TEST_SUPPORT_FLOAT_TYPES_H_
#define SIMD_ARENA_TEST_SUPPORT_FLOAT_TYPES_H_

#include <cfloat>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>

#include "kernels/kernel_table.h"

namespace simd_arena {

/// IEEE binary16: 1 sign bit, 5 exponent bits, 10 fraction bits.
struct Float16 {
  std::uint16_t bits;
};

/// The upper half of a float32.
struct BFloat16 {
  std::uint16_t bits;
};

using Float32 = float;
using Float64 = double;

inline double Widen(Float16 x) {
  const int exponent = x.bits >> 10 & 31, fraction = x.bits & 1023;
  double magnitude = std::ldexp(1024 + fraction, exponent - 25);
  if (exponent == 0) magnitude = std::ldexp(fraction, -24);
  if (exponent == 31) magnitude = fraction == 0 ? HUGE_VAL : std::numeric_limits<double>::quiet_NaN();
  return x.bits >> 15 != 0 ? -magnitude : magnitude;
}

inline double Widen(BFloat16 x) {
  const std::uint32_t bits = std::uint32_t{x.bits} << 16;
  float widened;
  std::memcpy(&widened, &bits, sizeof(widened));
  return widened;
}

inline double Widen(Float32 x) { return x; }
inline double Widen(Float64 x) { return x; }

/// What a test needs to know of an element type. Narrow() cuts off the fraction bits that the type lacks; finite
/// numbers between kLeast, the smallest subnormal, and kLargest stay finite. For float64 these two are such that no
/// product overflows or becomes subnormal.
template <typename T>
struct FloatType;

template <>
struct FloatType<Float16> {
  static constexpr std::size_t kChunk = 8192;
  static constexpr double kLeast = 0x1p-24, kLargest = 65504;
  static Float16 Narrow(double x) {
    const int sign = std::signbit(x) ? 0x8000 : 0;
    if (std::isnan(x)) return {static_cast<std::uint16_t>(sign | 0x7E00)};
    if (std::isinf(x)) return {static_cast<std::uint16_t>(sign | 0x7C00)};
    const int exponent = std::fabs(x) < 0x1p-14 ? -14 : std::ilogb(x);
    const int significand = static_cast<int>(std::ldexp(std::fabs(x), 10 - exponent));
    return {static_cast<std::uint16_t>(sign | (((exponent + 14) << 10) + significand))};
  }
};

template <>
struct FloatType<BFloat16> {
  static constexpr std::size_t kChunk = 8192;
  static constexpr double kLeast = 0x1p-133, kLargest = 0x1.FEp127;
  static BFloat16 Narrow(double x) {
    const float narrow = static_cast<float>(x);
    std::uint32_t bits;
    std::memcpy(&bits, &narrow, sizeof(bits));
    return {static_cast<std::uint16_t>(bits >> 16)};
  }
};

template <>
struct FloatType<Float32> {
  static constexpr std::size_t kChunk = 8192;
  static constexpr double kLeast = 0x1p-149, kLargest = FLT_MAX;
  static Float32 Narrow(double x) { return static_cast<float>(x); }
};

template <>
struct FloatType<Float64> {
  static constexpr std::size_t kChunk = 32768;
  static constexpr double kLeast = 0x1p-480, kLargest = 0x1p480;
  static Float64 Narrow(double x) { return x; }
};

/// The kernels of element type T.
template <typename T>
struct FloatKernels {
  SumFloats* sum;
  DotFloats* dot;
  AddFloats* add;
  AddSquares* add_squares;
  TotalOfSum* total;
  FloatMoments* moments;

  explicit FloatKernels(const KernelTable& kernels);
};

#define FLOAT_KERNELS(T, suffix)                                   \
  template <>                                                      \
  inline FloatKernels<T>::FloatKernels(const KernelTable& kernels) \
      : sum(kernels.sum_##suffix),                                 \
        dot(kernels.dot_##suffix),                                 \
        add(kernels.add_##suffix),                                 \
        add_squares(kernels.add_squares_##suffix),                 \
        total(kernels.total_##suffix),                             \
        moments(kernels.moments_##suffix) {}
FLOAT_KERNELS(Float16, f16)
FLOAT_KERNELS(BFloat16, bf16)
FLOAT_KERNELS(Float32, f32)
FLOAT_KERNELS(Float64, f64)
#undef FLOAT_KERNELS

}  // namespace simd_arena

#endif  // SIMD_ARENA_TEST_SUPPORT_FLOAT_TYPES_H_
