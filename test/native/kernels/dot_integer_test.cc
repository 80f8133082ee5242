// The integer dot products are exact, at the extremes of the element and of the length.
#include <cstdint>
#include <limits>
#include <vector>

#include "kernels/kernel_table.h"
#include "support/each_isa.h"
#include "support/max_elements.h"
#include "support/random_elements.h"
#include "support/reference_kernels.h"
#include "support/result_bits.h"

namespace simd_arena {
namespace {

template <typename Result>
using Kernel = Result (*)(const std::uint8_t*, const std::uint8_t*, std::size_t);

template <typename Result, typename Element>
using Reference = Result (*)(const std::vector<Element>&, const std::vector<Element>&);

template <typename Result, typename Element>
void CheckDot(Kernel<Result> kernel, Reference<Result, Element> reference, const std::vector<Element>& a,
              const std::vector<Element>& b) {
  if (ResultBits(kernel(Bytes(a), Bytes(b), a.size())) != ResultBits(reference(a, b))) {
    FAIL(8 * sizeof(Element), " bits, length ", a.size(), ", first elements ", +a[0], " and ", +b[0]);
  }
}

template <typename Result, typename Element>
void CheckRandom(Kernel<Result> kernel, Reference<Result, Element> reference) {
  for (std::size_t n = 1; n <= 2000; n += n < 300 ? 1 : 97) {
    CheckDot(kernel, reference, RandomElements<Element>(n, n), RandomElements<Element>(n + 1, n));
  }
}

/// Products of the least, the greatest and of -1, of each with each.
template <typename Result, typename Element>
void CheckExtreme(Kernel<Result> kernel, Reference<Result, Element> reference) {
  using Limits = std::numeric_limits<Element>;
  const Element extremes[] = {Limits::min(), Limits::max(), static_cast<Element>(-1)};
  for (std::size_t n : {std::size_t{1}, std::size_t{2}, std::size_t{3}, std::size_t{1000}, std::size_t{300'001}}) {
    for (Element x : extremes) {
      for (Element y : extremes) {
        CheckDot(kernel, reference, std::vector<Element>(n, x), std::vector<Element>(n, y));
      }
    }
  }
}

TEST_CASE("integer dot products are exact on random elements") {
  ForEachIsa([](const KernelTable& kernels) {
    CheckRandom(kernels.dot_i8, reference::DotI8);
    CheckRandom(kernels.dot_i16, reference::DotI16);
    CheckRandom(kernels.dot_i32, reference::DotI32);
    CheckRandom(kernels.dot_u8, reference::DotU8);
    CheckRandom(kernels.dot_u16, reference::DotU16);
    CheckRandom(kernels.dot_u32, reference::DotU32);
  });
}

TEST_CASE("integer dot products are exact at the extremes of the element, where narrow lanes would overflow") {
  ForEachIsa([](const KernelTable& kernels) {
    CheckExtreme(kernels.dot_i8, reference::DotI8);
    CheckExtreme(kernels.dot_i16, reference::DotI16);
    CheckExtreme(kernels.dot_i32, reference::DotI32);
    CheckExtreme(kernels.dot_u8, reference::DotU8);
    CheckExtreme(kernels.dot_u16, reference::DotU16);
    CheckExtreme(kernels.dot_u32, reference::DotU32);
  });
}

/// Pairs of int16 products that int32 cannot hold stand next to pairs at its other end.
TEST_CASE("pairs of int16 products are told apart where they would wrap") {
  constexpr std::int16_t kLeast = std::numeric_limits<std::int16_t>::min();
  constexpr std::int16_t kGreatest = std::numeric_limits<std::int16_t>::max();
  const std::vector<std::int16_t> a = {kLeast, kLeast, kLeast, kLeast, kGreatest, kGreatest, kLeast};
  const std::vector<std::int16_t> b = {kLeast, kLeast, kGreatest, kGreatest, kGreatest, kGreatest, kLeast};
  ForEachIsa([&](const KernelTable& kernels) {
    CheckDot(kernels.dot_i16, reference::DotI16, a, b);
    CHECK(kernels.dot_i16(Bytes(a), Bytes(a), 2) == std::int64_t{1} << 31);
  });
}

TEST_CASE("the word sums of signed products are those of the products plus 2^63") {
  const std::vector<std::int32_t> a = {-1, 0, 1}, b = {1, 1, 1};
  ForEachIsa([&](const KernelTable& kernels) {
    const WordSums sums = kernels.dot_i32(Bytes(a), Bytes(b), a.size());
    CHECK(sums.low == std::uint64_t{0xFFFFFFFF} + 1);
    CHECK(sums.high == std::uint64_t{0x7FFFFFFF} + 0x80000000u + 0x80000000u);
  });
}

TEST_CASE("integer dot products are exact for the most elements that one call takes (slow)") {
  constexpr std::uint64_t kN = kMaxTerms;
  {
    const MaxElements<std::uint32_t> ones(std::numeric_limits<std::uint32_t>::max());
    ForEachIsa([&](const KernelTable& kernels) {
      const std::uint8_t* x = ones.data();
      CHECK(kernels.dot_u16(x, x, kN) == kN * 0xFFFF * 0xFFFF);
      CHECK(ResultBits(kernels.dot_u32(x, x, kN)) == TwoWords{kN, kN * 0xFFFFFFFE});  // (2^32 - 1)^2, word by word
    });
  }
  {
    const MaxElements<std::int16_t> least(std::numeric_limits<std::int16_t>::min());
    ForEachIsa([&](const KernelTable& kernels) {
      CHECK(kernels.dot_i16(least.data(), least.data(), kN) == std::int64_t{1} << 61);
    });
  }
  const MaxElements<std::int32_t> least(std::numeric_limits<std::int32_t>::min());
  ForEachIsa([&](const KernelTable& kernels) {
    CHECK(ResultBits(kernels.dot_i32(least.data(), least.data(), kN)) == TwoWords{0, kN * 0xC0000000});
  });
}

}  // namespace
}  // namespace simd_arena
