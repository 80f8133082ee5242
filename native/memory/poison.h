// The pattern that marks arena memory whose scope has ended: 0xFF, which reads as NaN and -1.
#ifndef SIMD_ARENA_MEMORY_POISON_H_
#define SIMD_ARENA_MEMORY_POISON_H_

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace simd_arena {

inline constexpr std::uint8_t kPoison = 0xFF;

/// True if all `n` bytes at `data` still hold the pattern. O(n), at memory bandwidth.
inline bool IsPoisoned(const std::uint8_t* data, std::size_t n) {
  // All bytes are equal if each equals its neighbour.
  return n == 0 || (data[0] == kPoison && std::memcmp(data, data + 1, n - 1) == 0);
}

}  // namespace simd_arena

#endif  // SIMD_ARENA_MEMORY_POISON_H_
