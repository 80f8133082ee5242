// How narrow elements become float64: every bit pattern, in every lane.
#include <cmath>
#include <cstdint>
#include <vector>

#include "kernels/kernel_table.h"
#include "support/each_isa.h"
#include "support/float_types.h"
#include "support/result_bits.h"

namespace simd_arena {
namespace {

TEST_CASE_TEMPLATE("every bit pattern of 16 bits stands for its number", T, Float16, BFloat16) {
  constexpr std::size_t kLanes = 17;  // whole registers, and one element more
  const T negative_zero{0x8000};
  ForEachIsa([&](const KernelTable& kernels) {
    const FloatKernels<T> float_kernels(kernels);
    for (std::uint32_t bits = 0; bits <= 0xFFFF; ++bits) {
      const T x{static_cast<std::uint16_t>(bits)};
      const std::size_t lane = bits % kLanes;
      std::vector<T> data(kLanes, negative_zero);
      for (std::size_t at : {lane, kLanes - 1}) {
        data[at] = x;
        if (ResultBits(float_kernels.sum(Bytes(data), kLanes)) != ResultBits(Widen(x))) {
          FAIL("bits ", bits, " at ", at);
        }
        data[at] = negative_zero;
      }
    }
  });
}

TEST_CASE("Widen, by which the kernels are judged, knows numbers") {
  CHECK(Widen(Float16{0x3C00}) == 1.0);
  CHECK(Widen(Float16{0xC580}) == -5.5);
  CHECK(Widen(Float16{0x7BFF}) == 65504.0);
  CHECK(Widen(Float16{0x0400}) == 0x1p-14);
  CHECK(Widen(Float16{0x03FF}) == 0x1p-14 - 0x1p-24);
  CHECK(Widen(Float16{0x0001}) == 0x1p-24);
  CHECK(Widen(Float16{0xFC00}) == -HUGE_VAL);
  CHECK(std::isnan(Widen(Float16{0x7C01})));
  CHECK(Widen(BFloat16{0x3F80}) == 1.0);
  CHECK(Widen(BFloat16{0xC0B0}) == -5.5);
  CHECK(Widen(BFloat16{0x0001}) == 0x1p-133);
  CHECK(Widen(BFloat16{0x7F80}) == HUGE_VAL);
  CHECK(std::isnan(Widen(BFloat16{0xFFFF})));
}

}  // namespace
}  // namespace simd_arena
