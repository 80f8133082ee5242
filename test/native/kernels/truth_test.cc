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

TEST_CASE("float32: NaN, infinities and subnormals are true, both zeros are false") {
  using Limits = std::numeric_limits<float>;
  const std::vector<float> truths = {1.0f,
                                     -1.0f,
                                     Limits::denorm_min(),
                                     -Limits::denorm_min(),
                                     Limits::infinity(),
                                     Limits::quiet_NaN(),
                                     -Limits::quiet_NaN(),
                                     0x1p-126f};
  ForEachIsa(
      [&](const KernelTable& kernels) { CheckTruth<float>(kernels.all_f32, kernels.any_f32, truths, {0.0f, -0.0f}); });
}

TEST_CASE("int32: any set bit makes an element true") {
  std::vector<std::int32_t> truths = {-1};
  for (int bit = 0; bit < 32; bit += 5) truths.push_back(static_cast<std::int32_t>(1u << bit));
  truths.push_back(std::numeric_limits<std::int32_t>::min());
  ForEachIsa(
      [&](const KernelTable& kernels) { CheckTruth<std::int32_t>(kernels.all_u32, kernels.any_u32, truths, {0}); });
}

TEST_CASE("uint8: any set bit makes an element true") {
  ForEachIsa([](const KernelTable& kernels) {
    CheckTruth<std::uint8_t>(kernels.all_u8, kernels.any_u8, {1, 2, 0x10, 0x7F, 0x80, 0xFF}, {0});
  });
}

TEST_CASE("all is decided neighbour by neighbour: two true elements never hide a false one between them") {
  ForEachIsa([](const KernelTable& kernels) {
    const std::vector<std::uint8_t> bytes = {0x80, 0x01, 0x00, 0x01, 0x80, 0xFF, 0x01, 0x01, 0x80};
    CHECK_FALSE(kernels.all_u8(Bytes(bytes), bytes.size()));
    const std::vector<std::int32_t> words = {-1, 1, 0, 1, -1};
    CHECK_FALSE(kernels.all_u32(Bytes(words), words.size()));
  });
}

}  // namespace
}  // namespace simd_arena
