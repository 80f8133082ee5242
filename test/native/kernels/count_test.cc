// How many elements are true: whatever their value, wherever the others are.
#include <cstdint>
#include <limits>
#include <vector>

#include "kernels/kernel_table.h"
#include "support/each_isa.h"

namespace simd_arena {
namespace {

/// Checks each of `truths` among each of `falsehoods`, at the places i where i mod 1, 3, 7 is 0.
template <typename Element>
void CheckCount(CountElements* kernel, const std::vector<Element>& truths, const std::vector<Element>& falsehoods) {
  for (Element truth : truths) {
    for (Element falsehood : falsehoods) {
      for (std::size_t n : {1, 2, 31, 64, 77, 300, 1025}) {
        for (std::size_t step : {1, 3, 7}) {
          std::vector<Element> x(n, falsehood);
          for (std::size_t i = 0; i < n; i += step) x[i] = truth;
          if (kernel(Bytes(x), n) != (n + step - 1) / step) FAIL(truth, " among ", falsehood, ", length ", n);
        }
      }
      const std::vector<Element> x(77, falsehood);
      if (kernel(Bytes(x), x.size()) != 0) FAIL("nothing but ", falsehood);
    }
  }
}

/// Every single bit, and all together.
template <typename Element>
std::vector<Element> EveryBit() {
  std::vector<Element> elements = {std::numeric_limits<Element>::max()};
  for (std::size_t bit = 0; bit < 8 * sizeof(Element); ++bit)
    elements.push_back(static_cast<Element>(Element{1} << bit));
  return elements;
}

TEST_CASE("any set bit makes an integer count, once") {
  ForEachIsa([](const KernelTable& kernels) {
    CheckCount<std::uint8_t>(kernels.count_nonzero_u8, EveryBit<std::uint8_t>(), {0});
    CheckCount<std::uint16_t>(kernels.count_nonzero_u16, EveryBit<std::uint16_t>(), {0});
    CheckCount<std::uint32_t>(kernels.count_nonzero_u32, EveryBit<std::uint32_t>(), {0});
    CheckCount<std::uint64_t>(kernels.count_nonzero_u64, EveryBit<std::uint64_t>(), {0});
  });
}

template <typename Float>
std::vector<Float> Truths() {
  using Limits = std::numeric_limits<Float>;
  return {1,
          -1,
          Limits::denorm_min(),
          -Limits::denorm_min(),
          Limits::min(),
          Limits::max(),
          Limits::infinity(),
          Limits::quiet_NaN(),
          -Limits::quiet_NaN()};
}

TEST_CASE("of floats NaN, infinities and subnormals count, zeros of both signs do not") {
  const std::vector<std::uint16_t> f16 = {0x0001, 0x8001, 0x3C00, 0x7C00, 0xFC00, 0x7E00, 0xFE00, 0x3F80, 0x7FFF};
  ForEachIsa([&](const KernelTable& kernels) {
    CheckCount<std::uint16_t>(kernels.count_nonzero_f16, f16, {0x0000, 0x8000});
    CheckCount<float>(kernels.count_nonzero_f32, Truths<float>(), {0.0f, -0.0f});
    CheckCount<double>(kernels.count_nonzero_f64, Truths<double>(), {0.0, -0.0});
  });
}

}  // namespace
}  // namespace simd_arena
