// What each kernel of kernel.def must return, in the plainest possible words. The element type is in the signature, so
// that a test can go through the whole table.
#ifndef SIMD_ARENA_TEST_SUPPORT_REFERENCE_KERNELS_H_
#define SIMD_ARENA_TEST_SUPPORT_REFERENCE_KERNELS_H_

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <functional>
#include <limits>
#include <numeric>
#include <type_traits>
#include <vector>

#include "kernels/kernel_table.h"
#include "support/reference_sum.h"  // the floating-point ones

namespace simd_arena::reference {

/// The bits of a float16 or a bfloat16.
struct F16 {
  std::uint16_t bits;
};

template <typename T>
bool IsTrue(T element) {
  return element != 0;
}

inline bool IsTrue(F16 element) { return element.bits != 0 && element.bits != 0x8000; }

template <typename T>
bool All(const std::vector<T>& x) {
  return std::all_of(x.begin(), x.end(), [](T element) { return IsTrue(element); });
}

template <typename T>
bool Any(const std::vector<T>& x) {
  return std::any_of(x.begin(), x.end(), [](T element) { return IsTrue(element); });
}

template <typename T>
std::uint64_t Count(const std::vector<T>& x) {
  return static_cast<std::uint64_t>(std::count_if(x.begin(), x.end(), [](T element) { return IsTrue(element); }));
}

template <typename Result, typename T>
Result Sum(const std::vector<T>& x) {
  return std::accumulate(x.begin(), x.end(), Result{0});
}

template <typename Result, typename T>
Result Dot(const std::vector<T>& a, const std::vector<T>& b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), Result{0}, std::plus<>(),
                            [](Result x, Result y) { return x * y; });
}

/// `x` + 2^63.
inline std::uint64_t Biased(std::int64_t x) { return static_cast<std::uint64_t>(x) + (std::uint64_t{1} << 63); }
inline std::uint64_t Biased(std::uint64_t x) { return x; }

inline void AddWords(WordSums* sums, std::uint64_t term) {
  sums->low += term & 0xFFFFFFFFu;
  sums->high += term >> 32;
}

template <typename T>
WordSums SumWords(const std::vector<T>& x) {
  WordSums sums{};
  for (T element : x) AddWords(&sums, Biased(element));
  return sums;
}

template <typename Product, typename T>
WordSums DotWords(const std::vector<T>& a, const std::vector<T>& b) {
  WordSums sums{};
  for (std::size_t i = 0; i < a.size(); ++i) AddWords(&sums, Biased(Product{a[i]} * Product{b[i]}));
  return sums;
}

template <typename T>
std::int64_t Key(T element) {
  if constexpr (std::is_signed_v<T>) return element;
  return static_cast<std::int64_t>(element - (std::uint64_t{1} << (8 * sizeof(T) - 1)));
}

/// Of a number in sign and magnitude: the magnitude of a positive one; -1 is that of -0.
template <typename Float>
std::int64_t FloatKey(Float element) {
  constexpr int kSign = 8 * sizeof(Float) - 1;
  std::uint64_t bits = 0;
  std::memcpy(&bits, &element, sizeof(element));
  const auto magnitude = static_cast<std::int64_t>(bits & ((std::uint64_t{1} << kSign) - 1));
  return bits >> kSign == 0 ? magnitude : -1 - magnitude;
}

inline std::int64_t Key(F16 element) { return FloatKey(element); }
inline std::int64_t Key(float element) { return FloatKey(element); }
inline std::int64_t Key(double element) { return FloatKey(element); }

template <typename T>
Extremes KeyExtremes(const std::vector<T>& x) {
  Extremes extremes{std::numeric_limits<std::int64_t>::max(), std::numeric_limits<std::int64_t>::min()};
  for (T element : x) {
    extremes.least = std::min(extremes.least, Key(element));
    extremes.greatest = std::max(extremes.greatest, Key(element));
  }
  return extremes;
}

template <typename T>
std::size_t IndexOf(const std::vector<T>& x, std::uint64_t bits) {
  return static_cast<std::size_t>(std::find(x.begin(), x.end(), static_cast<T>(bits)) - x.begin());
}

inline std::vector<std::uint8_t> Pack(const std::uint8_t* data, std::size_t stride, std::size_t size, std::size_t n) {
  std::vector<std::uint8_t> out;
  for (std::size_t i = 0; i < n; ++i) out.insert(out.end(), data + i * stride, data + i * stride + size);
  return out;
}

inline std::int64_t SumI8(const std::vector<std::int8_t>& x) { return Sum<std::int64_t>(x); }
inline std::int64_t SumI16(const std::vector<std::int16_t>& x) { return Sum<std::int64_t>(x); }
inline std::int64_t SumI32(const std::vector<std::int32_t>& x) { return Sum<std::int64_t>(x); }
inline std::uint64_t SumU8(const std::vector<std::uint8_t>& x) { return Sum<std::uint64_t>(x); }
inline std::uint64_t SumU16(const std::vector<std::uint16_t>& x) { return Sum<std::uint64_t>(x); }
inline std::uint64_t SumU32(const std::vector<std::uint32_t>& x) { return Sum<std::uint64_t>(x); }
inline WordSums SumI64(const std::vector<std::int64_t>& x) { return SumWords(x); }
inline WordSums SumU64(const std::vector<std::uint64_t>& x) { return SumWords(x); }

inline std::int64_t DotI8(const std::vector<std::int8_t>& a, const std::vector<std::int8_t>& b) {
  return Dot<std::int64_t>(a, b);
}
inline std::int64_t DotI16(const std::vector<std::int16_t>& a, const std::vector<std::int16_t>& b) {
  return Dot<std::int64_t>(a, b);
}
inline std::uint64_t DotU8(const std::vector<std::uint8_t>& a, const std::vector<std::uint8_t>& b) {
  return Dot<std::uint64_t>(a, b);
}
inline std::uint64_t DotU16(const std::vector<std::uint16_t>& a, const std::vector<std::uint16_t>& b) {
  return Dot<std::uint64_t>(a, b);
}
inline WordSums DotI32(const std::vector<std::int32_t>& a, const std::vector<std::int32_t>& b) {
  return DotWords<std::int64_t>(a, b);
}
inline WordSums DotU32(const std::vector<std::uint32_t>& a, const std::vector<std::uint32_t>& b) {
  return DotWords<std::uint64_t>(a, b);
}

inline std::uint64_t CountNonzeroU8(const std::vector<std::uint8_t>& x) { return Count(x); }
inline std::uint64_t CountNonzeroU16(const std::vector<std::uint16_t>& x) { return Count(x); }
inline std::uint64_t CountNonzeroU32(const std::vector<std::uint32_t>& x) { return Count(x); }
inline std::uint64_t CountNonzeroU64(const std::vector<std::uint64_t>& x) { return Count(x); }
inline std::uint64_t CountNonzeroF16(const std::vector<F16>& x) { return Count(x); }
inline std::uint64_t CountNonzeroF32(const std::vector<float>& x) { return Count(x); }
inline std::uint64_t CountNonzeroF64(const std::vector<double>& x) { return Count(x); }

inline bool AllU8(const std::vector<std::uint8_t>& x) { return All(x); }
inline bool AllU16(const std::vector<std::uint16_t>& x) { return All(x); }
inline bool AllU32(const std::vector<std::uint32_t>& x) { return All(x); }
inline bool AllU64(const std::vector<std::uint64_t>& x) { return All(x); }
inline bool AllF16(const std::vector<F16>& x) { return All(x); }
inline bool AllF32(const std::vector<float>& x) { return All(x); }
inline bool AllF64(const std::vector<double>& x) { return All(x); }

inline bool AnyU8(const std::vector<std::uint8_t>& x) { return Any(x); }
inline bool AnyU16(const std::vector<std::uint16_t>& x) { return Any(x); }
inline bool AnyU32(const std::vector<std::uint32_t>& x) { return Any(x); }
inline bool AnyU64(const std::vector<std::uint64_t>& x) { return Any(x); }
inline bool AnyF16(const std::vector<F16>& x) { return Any(x); }
inline bool AnyF32(const std::vector<float>& x) { return Any(x); }
inline bool AnyF64(const std::vector<double>& x) { return Any(x); }

inline Extremes ExtremesI8(const std::vector<std::int8_t>& x) { return KeyExtremes(x); }
inline Extremes ExtremesU8(const std::vector<std::uint8_t>& x) { return KeyExtremes(x); }
inline Extremes ExtremesI16(const std::vector<std::int16_t>& x) { return KeyExtremes(x); }
inline Extremes ExtremesU16(const std::vector<std::uint16_t>& x) { return KeyExtremes(x); }
inline Extremes ExtremesI32(const std::vector<std::int32_t>& x) { return KeyExtremes(x); }
inline Extremes ExtremesU32(const std::vector<std::uint32_t>& x) { return KeyExtremes(x); }
inline Extremes ExtremesI64(const std::vector<std::int64_t>& x) { return KeyExtremes(x); }
inline Extremes ExtremesU64(const std::vector<std::uint64_t>& x) { return KeyExtremes(x); }
inline Extremes ExtremesF16(const std::vector<F16>& x) { return KeyExtremes(x); }
inline Extremes ExtremesF32(const std::vector<float>& x) { return KeyExtremes(x); }
inline Extremes ExtremesF64(const std::vector<double>& x) { return KeyExtremes(x); }

inline std::size_t FindU8(const std::vector<std::uint8_t>& x, std::uint64_t bits) { return IndexOf(x, bits); }
inline std::size_t FindU16(const std::vector<std::uint16_t>& x, std::uint64_t bits) { return IndexOf(x, bits); }
inline std::size_t FindU32(const std::vector<std::uint32_t>& x, std::uint64_t bits) { return IndexOf(x, bits); }
inline std::size_t FindU64(const std::vector<std::uint64_t>& x, std::uint64_t bits) { return IndexOf(x, bits); }

}  // namespace simd_arena::reference

#endif  // SIMD_ARENA_TEST_SUPPORT_REFERENCE_KERNELS_H_
