// The first element with given bits, at every position.
#include <cstdint>
#include <vector>

#include "kernels/kernel_table.h"
#include "support/each_isa.h"

namespace simd_arena {
namespace {

/// `sought` at each position, with another one behind it, among elements that differ from it in one bit.
template <typename Element>
void CheckFind(FindElement* kernel, Element sought) {
  for (std::size_t bit : {std::size_t{0}, 8 * sizeof(Element) / 2, 8 * sizeof(Element) - 1}) {
    const auto other = static_cast<Element>(sought ^ Element{1} << bit);
    for (std::size_t n : {1, 2, 15, 16, 33, 64, 100, 257, 300, 1030}) {
      std::vector<Element> x(n, other);
      if (kernel(Bytes(x), n, sought) != n) FAIL("found ", +sought, " in ", n, " of ", +other);
      for (std::size_t at = n; at-- > 0;) {
        x[at] = sought;
        const std::size_t found = kernel(Bytes(x), n, sought);
        if (found != at) FAIL("found ", +sought, " at ", found, " of ", n, " instead of ", at);
        x[at] = at % 2 == 0 ? other : sought;
      }
    }
  }
}

TEST_CASE("the first element with the bits is found, among elements that differ in one bit") {
  ForEachIsa([](const KernelTable& kernels) {
    CheckFind<std::uint8_t>(kernels.find_u8, 0x7A);
    CheckFind<std::uint16_t>(kernels.find_u16, 0x7A00);
    CheckFind<std::uint32_t>(kernels.find_u32, 0xFF80'0000);
    CheckFind<std::uint64_t>(kernels.find_u64, 0x8000'0000'0000'0000);
    CheckFind<std::uint64_t>(kernels.find_u64, 0x0123'4567'89AB'CDEF);
  });
}

TEST_CASE("halves of different elements are not found") {
  const std::vector<std::uint64_t> x(50, 0x0000'0001'0000'0000);
  ForEachIsa([&](const KernelTable& kernels) {
    CHECK(kernels.find_u64(Bytes(x), x.size(), 0) == x.size());
    CHECK(kernels.find_u64(Bytes(x), x.size(), 0x0000'0001'0000'0001) == x.size());
    CHECK(kernels.find_u64(Bytes(x), x.size(), 1) == x.size());
    CHECK(kernels.find_u32(Bytes(x), 2 * x.size(), 1) == 1);
  });
}

}  // namespace
}  // namespace simd_arena
