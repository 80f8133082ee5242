// Dot products of two operands, for every element type.
#ifndef SIMD_ARENA_OPS_DOT_H_
#define SIMD_ARENA_OPS_DOT_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

#include "base/int128.h"
#include "ops/element_kernels.h"
#include "ops/sum_state.h"
#include "ops/wide_integer.h"

namespace simd_arena {

/// A sum of 64-bit by 64-bit products, in 192 bits: 128 and a word that counts their overflows.
template <typename Value>
WideInteger DotOf64Bits(const std::uint8_t* a, const std::uint8_t* b, std::size_t n) {
  Uint128 low = 0;
  std::int64_t high = 0;
  for (std::size_t i = 0; i < n; ++i) {
    Value x, y;
    std::memcpy(&x, a + i * sizeof(x), sizeof(x));
    std::memcpy(&y, b + i * sizeof(y), sizeof(y));
    const Uint128 product = static_cast<Uint128>(x) * static_cast<Uint128>(y);  // of signed ones, modulo 2^128
    const bool is_negative = std::is_signed_v<Value> && (product >> 127) != 0;
    low += product;
    high += (low < product ? 1 : 0) - (is_negative ? 1 : 0);
  }
  const WideInteger two_to_64(Int128{1} << 64);
  const auto word = [](Uint128 value) { return WideInteger(static_cast<Int128>(static_cast<std::uint64_t>(value))); };
  return (WideInteger(high) * two_to_64 + word(low >> 64)) * two_to_64 + word(low);
}

/// The exact dot product of `n` integers or bools.
template <typename Element>
WideInteger ExactDot(const KernelTable& kernels, const std::uint8_t* a, const std::uint8_t* b, std::size_t n) {
  if constexpr (std::is_same_v<Element, element::Bool>) {
    std::int64_t both = 0;
    for (std::size_t i = 0; i < n; ++i) both += static_cast<int>(a[i] != 0) & static_cast<int>(b[i] != 0);
    return WideInteger(both);
  } else if constexpr (Element::kSize == 8) {
    using Value = std::conditional_t<Element::kIsSigned, std::int64_t, std::uint64_t>;
    return DotOf64Bits<Value>(a, b, n);
  } else {
    Int128 sum = 0;
    for (std::size_t start = 0; start < n; start += kMaxTerms) {
      const std::size_t m = std::min(kMaxTerms, n - start);
      const std::size_t bytes = start * Element::kSize;
      sum += ExactSum((kernels.*Element::kDot)(a + bytes, b + bytes, m), m, Element::kIsSigned);
    }
    return WideInteger(sum);
  }
}

}  // namespace simd_arena

#endif  // SIMD_ARENA_OPS_DOT_H_
