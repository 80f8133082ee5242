// An integer of 256 bits, for results that are exact: sums and products of sums of 64-bit elements.
//
// Two's complement, least significant word first. A value; any thread. Overflow wraps; nothing here comes near it: the
// largest intermediate, n * sum(x^2) over 64-bit elements, stays below 2^234 for n < 2^53.
#ifndef SIMD_ARENA_OPS_WIDE_INTEGER_H_
#define SIMD_ARENA_OPS_WIDE_INTEGER_H_

#include <cmath>
#include <cstddef>
#include <cstdint>

#include "base/int128.h"

namespace simd_arena {

class WideInteger {
 public:
  static constexpr std::size_t kWords = 4;

  WideInteger() = default;

  WideInteger(Int128 value)  // NOLINT(google-explicit-constructor): every Int128 is one
      : words_{static_cast<std::uint64_t>(value), static_cast<std::uint64_t>(value >> 64), SignOf(value),
               SignOf(value)} {}

  bool IsNegative() const { return words_[kWords - 1] >> 63 != 0; }

  /// Word `i` of the two's complement.
  std::uint64_t word(std::size_t i) const { return words_[i]; }

  WideInteger operator-() const {
    WideInteger inverse;
    for (std::size_t i = 0; i < kWords; ++i) inverse.words_[i] = ~words_[i];
    return inverse + WideInteger(1);
  }

  friend WideInteger operator+(const WideInteger& a, const WideInteger& b) {
    WideInteger sum;
    Uint128 carry = 0;
    for (std::size_t i = 0; i < kWords; ++i) {
      carry += Uint128{a.words_[i]} + b.words_[i];
      sum.words_[i] = static_cast<std::uint64_t>(carry);
      carry >>= 64;
    }
    return sum;
  }

  friend WideInteger operator-(const WideInteger& a, const WideInteger& b) { return a + -b; }

  /// Modulo 2^256, where the product of two's complements is that of the numbers.
  friend WideInteger operator*(const WideInteger& a, const WideInteger& b) {
    WideInteger product;
    for (std::size_t i = 0; i < kWords; ++i) {
      Uint128 carry = 0;
      for (std::size_t j = 0; i + j < kWords; ++j) {
        carry += Uint128{a.words_[i]} * b.words_[j] + product.words_[i + j];
        product.words_[i + j] = static_cast<std::uint64_t>(carry);
        carry >>= 64;
      }
    }
    return product;
  }

  /// The nearest float64, ties to even.
  double ToDouble() const {
    if (IsNegative()) return -(-*this).ToDouble();
    std::size_t top = kWords - 1;
    while (top > 0 && words_[top] == 0) --top;
    if (top == 0) return static_cast<double>(words_[0]);

    // The 64 highest bits; the last of them also stands for all that are below it, so that the conversion rounds once.
    const Uint128 pair = (Uint128{words_[top]} << 64) | words_[top - 1];
    const int zeros = __builtin_clzll(words_[top]);
    auto high = static_cast<std::uint64_t>(pair >> (64 - zeros));
    bool inexact = static_cast<std::uint64_t>(pair << zeros) != 0;
    for (std::size_t i = 0; i + 1 < top; ++i) inexact |= words_[i] != 0;
    if (inexact) high |= 1;
    return std::ldexp(static_cast<double>(high), static_cast<int>(64 * top) - zeros);
  }

 private:
  static std::uint64_t SignOf(Int128 value) { return value < 0 ? ~std::uint64_t{0} : 0; }

  std::uint64_t words_[kWords] = {};
};

}  // namespace simd_arena

#endif  // SIMD_ARENA_OPS_WIDE_INTEGER_H_
