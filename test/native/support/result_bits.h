// The result of a kernel as one or several words of 64 bits, for comparison bit by bit. All NaN are one: their payload
// is unspecified.
#ifndef SIMD_ARENA_TEST_SUPPORT_RESULT_BITS_H_
#define SIMD_ARENA_TEST_SUPPORT_RESULT_BITS_H_

#include <array>
#include <cmath>
#include <cstdint>
#include <cstring>

#include "kernels/kernel_table.h"

namespace simd_arena {

inline std::uint64_t ResultBits(double result) {
  if (std::isnan(result)) return 0x7FF8000000000000u;
  std::uint64_t bits;
  std::memcpy(&bits, &result, sizeof(bits));
  return bits;
}

inline std::uint64_t ResultBits(std::int64_t result) { return static_cast<std::uint64_t>(result); }
inline std::uint64_t ResultBits(std::uint64_t result) { return result; }
inline std::uint64_t ResultBits(bool result) { return result ? 1 : 0; }

using TwoWords = std::array<std::uint64_t, 2>;

inline TwoWords ResultBits(const WordSums& result) { return {result.low, result.high}; }
inline TwoWords ResultBits(const Extremes& result) { return {ResultBits(result.least), ResultBits(result.greatest)}; }

inline std::array<std::uint64_t, 3> ResultBits(const Moments& result) {
  return {ResultBits(result.mean), ResultBits(result.deviation_sum), ResultBits(result.squared_deviations)};
}

}  // namespace simd_arena

#endif  // SIMD_ARENA_TEST_SUPPORT_RESULT_BITS_H_
