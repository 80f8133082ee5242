// Every kernel, every length up to 300, every byte offset up to 63, beside inaccessible pages: no kernel reads outside
// its data, and all agree with the reference wherever the data lies.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#include "kernels/kernel_table.h"
#include "support/each_isa.h"
#include "support/float_types.h"
#include "support/guarded_buffer.h"
#include "support/random.h"
#include "support/reference_kernels.h"
#include "support/result_bits.h"

namespace simd_arena {
namespace {

constexpr std::size_t kMaxLength = 300;
constexpr std::size_t kOffsets = 64;

/// Data, and what lies around it to tempt a kernel that reads too much and ignores too little.
struct Setting {
  const char* name;
  bool zeros;
  std::uint8_t surroundings;
};

constexpr Setting kSettings[] = {
    {"data without zeros among zeros", false, 0x00},
    {"data without zeros among ones", false, 0xFF},
    {"zeros among ones", true, 0xFF},
};

/// `n` elements without a zero byte, or only zeros.
template <typename Element>
std::vector<Element> MakeElements(std::size_t n, bool zeros) {
  std::vector<Element> elements(n);
  Random random(n);
  for (Element& element : elements) {
    constexpr std::uint64_t kSecondHighest = std::uint64_t{1} << (8 * sizeof(Element) - 2);
    std::uint64_t bits = zeros ? 0 : random.Next() | 0x0101010101010101u;
    if (sizeof(Element) > 1) bits &= ~kSecondHighest;  // as a float: finite, below 2
    std::memcpy(&element, &bits, sizeof(element));
  }
  return elements;
}

/// Checks that `run(data, n)` gives the bits of `reference(elements)` for `n` elements at `data`, wherever they lie.
template <typename Element, typename Run, typename Reference>
void CheckEverywhere(std::size_t least_length, Run run, Reference reference) {
  const GuardedBuffer buffer(kMaxLength * sizeof(Element) + kOffsets);
  for (const Setting& setting : kSettings) {
    INFO("data: ", setting.name);
    for (std::size_t n = least_length; n <= kMaxLength; ++n) {
      const std::vector<Element> elements = MakeElements<Element>(n, setting.zeros);
      const std::size_t bytes = n * sizeof(Element);
      const auto expected = ResultBits(reference(elements));
      for (std::size_t offset = 0; offset < kOffsets; ++offset) {
        for (std::uint8_t* data : {buffer.begin() + offset, buffer.end() - bytes - offset}) {
          std::memset(buffer.begin(), setting.surroundings, buffer.size());
          if (n > 0) std::memcpy(data, elements.data(), bytes);
          const auto actual = ResultBits(run(data, n));
          if (actual != expected) {
            FAIL("length ", n, ", offset ", offset,
                 data == buffer.begin() + offset ? " from the start" : " to the end");
          }
        }
      }
    }
  }
}

template <typename Result, typename Element>
void CheckKernel(const KernelTable&, Result (*kernel)(const std::uint8_t*, std::size_t),
                 Result (*reference)(const std::vector<Element>&)) {
  CheckEverywhere<Element>(0, kernel, reference);
}

template <typename Element>
void CheckKernel(const KernelTable&, ExtremesOfElements* kernel, Extremes (*reference)(const std::vector<Element>&)) {
  CheckEverywhere<Element>(1, kernel, reference);
}

/// Multiplies by data that lies at the end of a buffer of its own, and by data at its start.
template <typename Result, typename Element>
void CheckKernel(const KernelTable&, Result (*kernel)(const std::uint8_t*, const std::uint8_t*, std::size_t),
                 Result (*reference)(const std::vector<Element>&, const std::vector<Element>&)) {
  const std::size_t most_bytes = kMaxLength * sizeof(Element);
  const GuardedBuffer others(most_bytes + kOffsets);
  std::vector<Element> factors = MakeElements<Element>(kMaxLength, false);
  const auto expect = [&](const std::vector<Element>& x) {
    return reference(x, {factors.begin(), factors.begin() + static_cast<std::ptrdiff_t>(x.size())});
  };
  std::size_t turn = 0;
  const auto place = [&](std::size_t n) {
    turn = (turn + 1) % (2 * kOffsets);
    const std::size_t bytes = n * sizeof(Element);
    std::uint8_t* b = turn < kOffsets ? others.begin() + turn : others.end() - bytes - turn % kOffsets;
    std::memset(others.begin(), 0xFF, others.size());
    if (n > 0) std::memcpy(b, factors.data(), bytes);
    return b;
  };
  CheckEverywhere<Element>(0, [&](const std::uint8_t* a, std::size_t n) { return kernel(a, place(n), n); }, expect);
  CheckEverywhere<Element>(0, [&](const std::uint8_t* a, std::size_t n) { return kernel(place(n), a, n); }, expect);
}

/// Looks for what surrounds the data, and for what the last element is.
template <typename Element>
void CheckKernel(const KernelTable&, FindElement* kernel,
                 std::size_t (*reference)(const std::vector<Element>&, std::uint64_t)) {
  for (std::uint64_t bits : {std::uint64_t{0}, ~std::uint64_t{0}}) {
    CheckEverywhere<Element>(
        0, [&](const std::uint8_t* data, std::size_t n) { return kernel(data, n, bits); },
        [&](const std::vector<Element>& x) { return reference(x, bits); });
  }
  CheckEverywhere<Element>(
      1,
      [&](const std::uint8_t* data, std::size_t n) {
        std::uint64_t bits = 0;
        std::memcpy(&bits, data + (n - 1) * sizeof(Element), sizeof(Element));
        return kernel(data, n, bits);
      },
      [&](const std::vector<Element>& x) { return reference(x, x.back()); });
}

/// As many elements as have moments: fewer than one chunk.
template <typename Element>
void CheckKernel(const KernelTable&, FloatMoments* kernel, Moments (*reference)(const std::vector<Element>&)) {
  CheckEverywhere<Element>(1, kernel, reference);
}

/// Kernels that go on with a sum: with an empty one.
template <typename Element>
void CheckKernel(const KernelTable& kernels, AddFloats* kernel, double (*reference)(const std::vector<Element>&)) {
  CheckEverywhere<Element>(
      1,
      [&](const std::uint8_t* data, std::size_t n) {
        RunningSum sum;
        kernel(&sum, data, n);
        return FloatKernels<Element>(kernels).total(sum);
      },
      reference);
}

template <typename Element>
void CheckKernel(const KernelTable& kernels, AddSquares* kernel, double (*reference)(const std::vector<Element>&)) {
  CheckEverywhere<Element>(
      1,
      [&](const std::uint8_t* data, std::size_t n) {
        RunningSum sum;
        kernel(&sum, data, n, 1.0);
        return FloatKernels<Element>(kernels).total(sum);
      },
      reference);
}

/// Reads no data, but is there to end a sum.
template <typename Element>
void CheckKernel(const KernelTable& kernels, TotalOfSum* kernel, double (*reference)(const std::vector<Element>&)) {
  const std::vector<Element> x = MakeElements<Element>(kMaxLength, false);
  RunningSum sum;
  FloatKernels<Element>(kernels).add(&sum, Bytes(x), x.size());
  CHECK(ResultBits(kernel(sum)) == ResultBits(reference(x)));
}

using ReferencePack = std::vector<std::uint8_t>(const std::uint8_t*, std::size_t, std::size_t, std::size_t);

/// Packs from both ends of one buffer to both ends of another one, of which all other bytes must stay as they are.
void CheckPack(PackElements* kernel, ReferencePack* reference, std::size_t stride, std::size_t size) {
  const GuardedBuffer from(kMaxLength * stride + kOffsets), to(kMaxLength * size + kOffsets);
  for (std::size_t i = 0; i < from.size(); ++i) from.begin()[i] = static_cast<std::uint8_t>(i * 151 >> 3);
  for (std::size_t n = 0; n <= kMaxLength; n += n < 70 ? 1 : 23) {
    const std::size_t span = n == 0 ? 0 : (n - 1) * stride + size;
    for (std::size_t offset = 0; offset < kOffsets; ++offset) {
      for (bool at_end : {false, true}) {
        const std::uint8_t* data = at_end ? from.end() - span - offset : from.begin() + offset;
        const std::size_t place = at_end ? to.size() - n * size - (offset * 5) % kOffsets : (offset * 5) % kOffsets;
        std::vector<std::uint8_t> expected(to.size(), 0xA5);
        const std::vector<std::uint8_t> packed = reference(data, stride, size, n);
        std::copy(packed.begin(), packed.end(), expected.begin() + static_cast<std::ptrdiff_t>(place));
        std::memset(to.begin(), 0xA5, to.size());
        kernel(data, stride, size, n, to.begin() + place);
        if (std::memcmp(to.begin(), expected.data(), to.size()) != 0) {
          FAIL("size ", size, ", stride ", stride, ", length ", n, ", offset ", offset, at_end ? " to the end" : "");
        }
      }
    }
  }
}

void CheckKernel(const KernelTable&, PackElements* kernel, ReferencePack* reference) {
  for (std::size_t size : {1, 2, 4, 8}) {
    for (std::size_t stride = size; stride <= size + 17; ++stride) CheckPack(kernel, reference, stride, size);
    CheckPack(kernel, reference, 100, size);
  }
}

TEST_CASE("every kernel reads its data and nothing else, at any byte offset") {
  ForEachIsa([](const KernelTable& kernels) {
#define KERNEL(member, Function, Type)                          \
  {                                                             \
    INFO("kernel: " #member);                                   \
    CheckKernel(kernels, kernels.member, &reference::Function); \
  }
#include "kernels/kernel.def"
#undef KERNEL
  });
}

template <typename Result, typename Element>
void CheckNull(Result (*kernel)(const std::uint8_t*, std::size_t), Result (*reference)(const std::vector<Element>&)) {
  CHECK(ResultBits(kernel(nullptr, 0)) == ResultBits(reference({})));
}

template <typename Element>
void CheckNull(ExtremesOfElements*, Extremes (*)(const std::vector<Element>&)) {}  // there are none without elements

template <typename Result, typename Element>
void CheckNull(Result (*kernel)(const std::uint8_t*, const std::uint8_t*, std::size_t),
               Result (*reference)(const std::vector<Element>&, const std::vector<Element>&)) {
  CHECK(ResultBits(kernel(nullptr, nullptr, 0)) == ResultBits(reference({}, {})));
}

template <typename Element>
void CheckNull(FindElement* kernel, std::size_t (*)(const std::vector<Element>&, std::uint64_t)) {
  CHECK(kernel(nullptr, 0, 0) == 0);
}

template <typename Element>
void CheckNull(FloatMoments*, Moments (*)(const std::vector<Element>&)) {}  // there are none without elements

template <typename Element>
void CheckNull(AddFloats* kernel, double (*)(const std::vector<Element>&)) {
  RunningSum sum;
  kernel(&sum, nullptr, 0);
  CHECK(sum.position == 0);
}

template <typename Element>
void CheckNull(AddSquares* kernel, double (*)(const std::vector<Element>&)) {
  RunningSum sum;
  kernel(&sum, nullptr, 0, 1.0);
  CHECK(sum.position == 0);
}

template <typename Element>
void CheckNull(TotalOfSum*, double (*)(const std::vector<Element>&)) {}  // takes no elements

void CheckNull(PackElements* kernel, ReferencePack*) {
  kernel(nullptr, 4, 4, 0, nullptr);
  kernel(nullptr, 5, 4, 0, nullptr);
}

TEST_CASE("every kernel takes null when there are no elements") {
  ForEachIsa([](const KernelTable& kernels) {
#define KERNEL(member, Function, Type)               \
  {                                                  \
    INFO("kernel: " #member);                        \
    CheckNull(kernels.member, &reference::Function); \
  }
#include "kernels/kernel.def"
#undef KERNEL
  });
}

}  // namespace
}  // namespace simd_arena
