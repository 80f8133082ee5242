// Vectors of random elements of any type.
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

}  // namespace simd_arena

#endif  // SIMD_ARENA_TEST_SUPPORT_RANDOM_ELEMENTS_H_
