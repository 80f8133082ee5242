// Arithmetic on sizes that reports overflow instead of wrapping.
//
// Every size that a caller influences goes through these functions before it reaches an allocation or a bounds check.
#ifndef SIMD_ARENA_BASE_CHECKED_MATH_H_
#define SIMD_ARENA_BASE_CHECKED_MATH_H_

#include <cstddef>
#include <cstdint>

namespace simd_arena {

/// Stores `a + b` in `*sum` and returns true, or returns false and leaves `*sum` alone if it does not fit.
[[nodiscard]] constexpr bool CheckedAdd(std::size_t a, std::size_t b, std::size_t* sum) {
  if (b > SIZE_MAX - a) return false;
  *sum = a + b;
  return true;
}

/// Stores `a * b` in `*product` and returns true, or returns false and leaves `*product` alone if it does not fit.
[[nodiscard]] constexpr bool CheckedMultiply(std::size_t a, std::size_t b, std::size_t* product) {
  if (a != 0 && b > SIZE_MAX / a) return false;
  *product = a * b;
  return true;
}

}  // namespace simd_arena

#endif  // SIMD_ARENA_BASE_CHECKED_MATH_H_
