#include "memory/poison.h"

#include <doctest/doctest.h>

#include <vector>

namespace simd_arena {
namespace {

TEST_CASE("poisoned memory of any length and offset is recognised") {
  const std::vector<std::uint8_t> memory(300, kPoison);
  for (std::size_t offset = 0; offset < 9; ++offset) {
    for (std::size_t n = 0; offset + n <= memory.size(); ++n) CHECK(IsPoisoned(memory.data() + offset, n));
  }
}

TEST_CASE("one changed bit anywhere is found") {
  for (std::size_t n : {1, 2, 7, 8, 9, 63, 64, 65, 200}) {
    std::vector<std::uint8_t> memory(n, kPoison);
    for (std::size_t i = 0; i < n; ++i) {
      CAPTURE(n);
      CAPTURE(i);
      memory[i] ^= 1;
      CHECK_FALSE(IsPoisoned(memory.data(), n));
      memory[i] ^= 1;
    }
  }
}

TEST_CASE("memory that holds one other value throughout is not poisoned") {
  const std::vector<std::uint8_t> memory(64, 0);
  CHECK_FALSE(IsPoisoned(memory.data(), memory.size()));
}

TEST_CASE("bytes beyond the length do not count") {
  std::uint8_t memory[] = {kPoison, kPoison, 0};
  CHECK(IsPoisoned(memory, 2));
  CHECK(IsPoisoned(nullptr, 0));
}

}  // namespace
}  // namespace simd_arena
