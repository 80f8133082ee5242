// Random elements of any type.
#ifndef SIMD_ARENA_TEST_SUPPORT_RANDOM_ELEMENTS_H_
#define SIMD_ARENA_TEST_SUPPORT_RANDOM_ELEMENTS_H_

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#include "support/random.h"

namespace simd_arena {

/// `n` elements of any bits.
template <typename Element>
std::vector<Element> RandomElements(std::uint64_t seed, std::size_t n) {
  std::vector<Element> elements(n);
  Random random(seed);
  for (Element& element : elements) {
    const std::uint64_t bits = random.Next();
    std::memcpy(&element, &bits, sizeof(element));
  }
  return elements;
}

/// `n` bytes, about one in 16 of them zero, in which no float that they spell is infinite or NaN.
inline std::vector<std::uint8_t> RandomBytes(std::size_t n, Random* random) {
  std::vector<std::uint8_t> bytes(n);
  for (std::uint8_t& byte : bytes) {
    const std::uint64_t bits = random->Next();
    // Without bit 6 no exponent has all its bits set.
    byte = (bits >> 8) % 16 == 0 ? 0 : static_cast<std::uint8_t>(bits & 0xBF);
  }
  return bytes;
}

}  // namespace simd_arena

#endif  // SIMD_ARENA_TEST_SUPPORT_RANDOM_ELEMENTS_H_
