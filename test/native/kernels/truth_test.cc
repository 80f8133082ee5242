// Whether all or any elements are true: one deciding element, of every kind, at every position.
#include <cstdint>
#include <limits>
#include <vector>

#include "kernels/kernel_table.h"
#include "support/each_isa.h"

namespace simd_arena {
namespace {

constexpr std::size_t kLengths[] = {1,  2,  3,  4,  5,  7,   8,   9,   15,  16,  17,  31,  32,   33,
                                    63, 64, 65, 96, 97, 127, 128, 129, 255, 256, 257, 300, 1023, 1500};

using Kernel = bool (*)(const std::uint8_t*, std::size_t);

/// Checks every element of `deciding`, in place of one of many `others`, at every position.
template <typename Element>
void CheckOneDecides(Kernel kernel, bool decision, const std::vector<Element>& deciding,
                     const std::vector<Element>& others) {
  for (std::size_t n : kLengths) {
    for (Element other : others) {
      std::vector<Element> x(n, other);
      if (kernel(Bytes(x), n) == decision) FAIL("length ", n, " of ", other);
      for (Element one : deciding) {
        for (std::size_t at = 0; at < n; ++at) {
          x[at] = one;
          if (kernel(Bytes(x), n) != decision) FAIL("length ", n, " of ", other, ", ", one, " at ", at);
          x[at] = other;
        }
      }
    }
  }
}

template <typename Element>
void CheckTruth(Kernel all, Kernel any, const std::vector<Element>& truths, const std::vector<Element>& falsehoods) {
  CheckOneDecides(all, false, falsehoods, truths);
  CheckOneDecides(any, true, truths, falsehoods);
}

template <typename Float>
std::vector<Float> FloatTruths() {
  using Limits = std::numeric_limits<Float>;
  return {1,
          -1,
          Limits::denorm_min(),
          -Limits::denorm_min(),
          Limits::infinity(),
          Limits::quiet_NaN(),
          -Limits::quiet_NaN(),
          Limits::min()};
}

TEST_CASE("floats: NaN, infinities and subnormals are true, both zeros are false") {
  const std::vector<std::uint16_t> f16 = {0x3C00, 0x0001, 0x8001, 0x7C00, 0x7E00, 0xFE00, 0x0400};
  ForEachIsa([&](const KernelTable& kernels) {
    CheckTruth<std::uint16_t>(kernels.all_f16, kernels.any_f16, f16, {0x0000, 0x8000});
    CheckTruth<float>(kernels.all_f32, kernels.any_f32, FloatTruths<float>(), {0.0f, -0.0f});
    CheckTruth<double>(kernels.all_f64, kernels.any_f64, FloatTruths<double>(), {0.0, -0.0});
  });
}

/// All bits, and some single ones, the highest among them.
template <typename Element>
std::vector<Element> IntegerTruths() {
  constexpr int kBits = 8 * sizeof(Element);
  std::vector<Element> truths = {std::numeric_limits<Element>::max()};
  for (int bit = 0; bit < kBits; bit += kBits / 8 + 1) truths.push_back(static_cast<Element>(Element{1} << bit));
  truths.push_back(static_cast<Element>(Element{1} << (kBits - 1)));
  return truths;
}

template <typename Element>
void CheckIntegers(Kernel all, Kernel any) {
  CheckTruth<Element>(all, any, IntegerTruths<Element>(), {0});
}

TEST_CASE("integers: any set bit makes an element true") {
  ForEachIsa([](const KernelTable& kernels) {
    CheckIntegers<std::uint8_t>(kernels.all_u8, kernels.any_u8);
    CheckIntegers<std::uint16_t>(kernels.all_u16, kernels.any_u16);
    CheckIntegers<std::uint32_t>(kernels.all_u32, kernels.any_u32);
    CheckIntegers<std::uint64_t>(kernels.all_u64, kernels.any_u64);
  });
}

TEST_CASE("all is decided neighbour by neighbour: two true elements never hide a false one between them") {
  ForEachIsa([](const KernelTable& kernels) {
    const std::vector<std::uint8_t> bytes = {0x80, 0x01, 0x00, 0x01, 0x80, 0xFF, 0x01, 0x01, 0x80};
    CHECK_FALSE(kernels.all_u8(Bytes(bytes), bytes.size()));
    const std::vector<std::int32_t> words = {-1, 1, 0, 1, -1};
    CHECK_FALSE(kernels.all_u32(Bytes(words), words.size()));
    const std::vector<std::uint64_t> pairs = {1, std::uint64_t{1} << 32, 0, 1, std::uint64_t{1} << 32};
    CHECK_FALSE(kernels.all_u64(Bytes(pairs), pairs.size()));
  });
}

}  // namespace
}  // namespace simd_arena
