// The integer sums are exact, at the extremes of the element and of the length.
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

template <typename Result, typename Element>
void CheckSum(Result (*kernel)(const std::uint8_t*, std::size_t), Result (*reference)(const std::vector<Element>&),
              const std::vector<Element>& x) {
  if (ResultBits(kernel(Bytes(x), x.size())) != ResultBits(reference(x))) {
    FAIL(8 * sizeof(Element), " bits, length ", x.size(), ", first element ", +x[0]);
  }
}

template <typename Result, typename Element>
void CheckRandom(Result (*kernel)(const std::uint8_t*, std::size_t), Result (*reference)(const std::vector<Element>&)) {
  for (std::size_t n = 1; n <= 2000; n += n < 300 ? 1 : 97) CheckSum(kernel, reference, RandomElements<Element>(n, n));
}

/// Only the least, only the greatest, only -1, and the least and the greatest in turn.
template <typename Result, typename Element>
void CheckExtreme(Result (*kernel)(const std::uint8_t*, std::size_t),
                  Result (*reference)(const std::vector<Element>&)) {
  using Limits = std::numeric_limits<Element>;
  for (std::size_t n : {std::size_t{1}, std::size_t{2}, std::size_t{3}, std::size_t{1000}, std::size_t{700'001}}) {
    for (Element element : {Limits::min(), Limits::max(), static_cast<Element>(-1)}) {
      CheckSum(kernel, reference, std::vector<Element>(n, element));
    }
    std::vector<Element> alternating(n, Limits::min());
    for (std::size_t i = 1; i < n; i += 2) alternating[i] = Limits::max();
    CheckSum(kernel, reference, alternating);
  }
}

TEST_CASE("integer sums are exact on random elements") {
  ForEachIsa([](const KernelTable& kernels) {
    CheckRandom(kernels.sum_i8, reference::SumI8);
    CheckRandom(kernels.sum_i16, reference::SumI16);
    CheckRandom(kernels.sum_i32, reference::SumI32);
    CheckRandom(kernels.sum_i64, reference::SumI64);
    CheckRandom(kernels.sum_u8, reference::SumU8);
    CheckRandom(kernels.sum_u16, reference::SumU16);
    CheckRandom(kernels.sum_u32, reference::SumU32);
    CheckRandom(kernels.sum_u64, reference::SumU64);
  });
}

TEST_CASE("integer sums are exact at the extremes of the element, where narrow lanes would overflow") {
  ForEachIsa([](const KernelTable& kernels) {
    CheckExtreme(kernels.sum_i8, reference::SumI8);
    CheckExtreme(kernels.sum_i16, reference::SumI16);
    CheckExtreme(kernels.sum_i32, reference::SumI32);
    CheckExtreme(kernels.sum_i64, reference::SumI64);
    CheckExtreme(kernels.sum_u8, reference::SumU8);
    CheckExtreme(kernels.sum_u16, reference::SumU16);
    CheckExtreme(kernels.sum_u32, reference::SumU32);
    CheckExtreme(kernels.sum_u64, reference::SumU64);
  });
}

TEST_CASE("the word sums of signed elements are those of the elements plus 2^63") {
  const std::vector<std::int64_t> x = {std::numeric_limits<std::int64_t>::min(), -1, 0, 1};
  ForEachIsa([&](const KernelTable& kernels) {
    const WordSums sums = kernels.sum_i64(Bytes(x), x.size());
    CHECK(sums.low == std::uint64_t{0xFFFFFFFF} + 1);
    CHECK(sums.high == std::uint64_t{0x7FFFFFFF} + 0x80000000u + 0x80000000u);
  });
}

TEST_CASE("integer sums are exact for the most elements that one call takes (slow)") {
  constexpr std::uint64_t kN = kMaxTerms;
  constexpr std::uint64_t kMaxWord = std::numeric_limits<std::uint32_t>::max();
  {
    const MaxElements<std::int32_t> least(std::numeric_limits<std::int32_t>::min());
    ForEachIsa([&](const KernelTable& kernels) {
      CHECK(kernels.sum_i32(least.data(), kN) == -(std::int64_t{1} << 62));
      CHECK(kernels.sum_u32(least.data(), kN) == std::uint64_t{1} << 62);
    });
  }
  const MaxElements<std::uint64_t> ones(std::numeric_limits<std::uint64_t>::max());
  ForEachIsa([&](const KernelTable& kernels) {
    CHECK(kernels.sum_u32(ones.data(), kN) == kN * kMaxWord);
    CHECK(ResultBits(kernels.sum_u64(ones.data(), kN)) == TwoWords{kN * kMaxWord, kN * kMaxWord});
    CHECK(ResultBits(kernels.sum_i64(ones.data(), kN)) == TwoWords{kN * kMaxWord, kN * (kMaxWord >> 1)});
  });
}

}  // namespace
}  // namespace simd_arena
