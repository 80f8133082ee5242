// The least and the greatest key: one extreme element, of every kind, at every position.
#include <algorithm>
#include <cstdint>
#include <iterator>
#include <limits>
#include <vector>

#include "kernels/kernel_table.h"
#include "support/each_isa.h"
#include "support/random_elements.h"
#include "support/reference_kernels.h"
#include "support/result_bits.h"

namespace simd_arena {
namespace {

template <typename Element>
using Reference = Extremes (*)(const std::vector<Element>&);

/// Checks the neighbours in `ascending`: many of the one, and the other at each position.
template <typename Element>
void CheckOrder(ExtremesOfElements* kernel, Reference<Element> reference, const std::vector<Element>& ascending) {
  for (std::size_t i = 1; i < ascending.size(); ++i) {
    const std::int64_t less = reference({ascending[i - 1]}).least, greater = reference({ascending[i]}).least;
    if (less >= greater) FAIL("the order of the keys ", i - 1, " and ", i);
    for (std::size_t n : {1, 2, 7, 16, 33, 64, 100, 129, 300}) {
      for (std::size_t at = 0; at < n; ++at) {
        std::vector<Element> x(n, ascending[i]);
        x[at] = ascending[i - 1];
        if (kernel(Bytes(x), n).least != less) FAIL("least ", i - 1, ", length ", n, ", at ", at);
        std::fill(x.begin(), x.end(), ascending[i - 1]);
        x[at] = ascending[i];
        if (kernel(Bytes(x), n).greatest != greater) FAIL("greatest ", i, ", length ", n, ", at ", at);
      }
    }
  }
}

template <typename Element>
void CheckRandom(ExtremesOfElements* kernel, Reference<Element> reference) {
  for (std::size_t n = 1; n <= 2000; n += n < 300 ? 1 : 97) {
    const std::vector<Element> x = RandomElements<Element>(n, n);
    if (ResultBits(kernel(Bytes(x), n)) != ResultBits(reference(x))) FAIL("bits ", 8 * sizeof(Element), ", length ", n);
  }
}

template <typename Element>
void CheckIntegers(ExtremesOfElements* kernel, Reference<Element> reference) {
  constexpr Element kMin = std::numeric_limits<Element>::min(), kMax = std::numeric_limits<Element>::max();
  std::vector<Element> elements = {
      0, 1, kMin, kMin + 1, kMax - 1, kMax, kMax / 2, kMax / 2 + 1, static_cast<Element>(-1)};
  std::sort(elements.begin(), elements.end());
  elements.erase(std::unique(elements.begin(), elements.end()), elements.end());
  CheckOrder(kernel, reference, elements);
  CheckRandom(kernel, reference);
}

TEST_CASE("the extremes of integers, at the limits of their types") {
  ForEachIsa([](const KernelTable& kernels) {
    CheckIntegers(kernels.extremes_i8, reference::ExtremesI8);
    CheckIntegers(kernels.extremes_i16, reference::ExtremesI16);
    CheckIntegers(kernels.extremes_i32, reference::ExtremesI32);
    CheckIntegers(kernels.extremes_i64, reference::ExtremesI64);
    CheckIntegers(kernels.extremes_u8, reference::ExtremesU8);
    CheckIntegers(kernels.extremes_u16, reference::ExtremesU16);
    CheckIntegers(kernels.extremes_u32, reference::ExtremesU32);
    CheckIntegers(kernels.extremes_u64, reference::ExtremesU64);
  });
}

template <typename Float>
std::vector<Float> AscendingFloats() {
  using Limits = std::numeric_limits<Float>;
  const Float positive[] = {0,
                            Limits::denorm_min(),
                            Limits::min() - Limits::denorm_min(),
                            Limits::min(),
                            1,
                            Limits::max(),
                            Limits::infinity(),
                            Limits::quiet_NaN()};
  std::vector<Float> ascending;
  for (Float x : positive) ascending.insert(ascending.begin(), -x);
  ascending.insert(ascending.end(), std::begin(positive), std::end(positive));
  return ascending;
}

TEST_CASE("the extremes of floats: NaN of either sign, infinities, subnormals, zeros of both signs") {
  using reference::F16;
  const std::vector<F16> f16 = {{0xFE00}, {0xFC00}, {0xBC00}, {0x8400}, {0x8001}, {0x8000},
                                {0x0000}, {0x0001}, {0x0400}, {0x3C00}, {0x7C00}, {0x7E00}};
  ForEachIsa([&](const KernelTable& kernels) {
    CheckOrder(kernels.extremes_f16, reference::ExtremesF16, f16);
    CheckOrder(kernels.extremes_f32, reference::ExtremesF32, AscendingFloats<float>());
    CheckOrder(kernels.extremes_f64, reference::ExtremesF64, AscendingFloats<double>());
    CheckRandom(kernels.extremes_f16, reference::ExtremesF16);
    CheckRandom(kernels.extremes_f32, reference::ExtremesF32);
    CheckRandom(kernels.extremes_f64, reference::ExtremesF64);
  });
}

TEST_CASE("keys are what kernel_table.h says") {
  const std::vector<float> zeros = {-0.0f, 0.0f};
  const std::vector<float> infinities = {std::numeric_limits<float>::infinity(),
                                         -std::numeric_limits<float>::infinity()};
  const std::vector<std::uint64_t> words = {0, ~std::uint64_t{0}};
  ForEachIsa([&](const KernelTable& kernels) {
    CHECK(ResultBits(kernels.extremes_f32(Bytes(zeros), 2)) == ResultBits(Extremes{-1, 0}));
    CHECK(ResultBits(kernels.extremes_f32(Bytes(infinities), 2)) == ResultBits(Extremes{-0x7F800001, 0x7F800000}));
    CHECK(ResultBits(kernels.extremes_u64(Bytes(words), 2)) ==
          ResultBits(Extremes{std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max()}));
  });
}

}  // namespace
}  // namespace simd_arena
