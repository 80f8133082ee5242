// Every kernel, every length up to 300, every byte offset up to 63, beside inaccessible pages: no kernel reads outside
// its data, and all agree with the reference wherever the data lies.
#include <cstdint>
#include <cstring>
#include <vector>

#include "kernels/kernel_table.h"
#include "support/each_isa.h"
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
    std::uint64_t bits = zeros ? 0 : random.Next() | 0x0101010101010101u;
    if (sizeof(Element) == sizeof(float)) bits &= 0xFFFFFFFFBFFFFFFFu;  // as a float32: finite, below 2
    std::memcpy(&element, &bits, sizeof(element));
  }
  return elements;
}

template <typename Result, typename Element>
void CheckKernel(Result (*kernel)(const std::uint8_t*, std::size_t), Result (*reference)(const std::vector<Element>&)) {
  const GuardedBuffer buffer(kMaxLength * sizeof(Element) + kOffsets);
  for (const Setting& setting : kSettings) {
    INFO("data: ", setting.name);
    for (std::size_t n = 0; n <= kMaxLength; ++n) {
      const std::vector<Element> elements = MakeElements<Element>(n, setting.zeros);
      const std::size_t bytes = n * sizeof(Element);
      const std::uint64_t expected = ResultBits(reference(elements));
      for (std::size_t offset = 0; offset < kOffsets; ++offset) {
        for (std::uint8_t* data : {buffer.begin() + offset, buffer.end() - bytes - offset}) {
          std::memset(buffer.begin(), setting.surroundings, buffer.size());
          if (n > 0) std::memcpy(data, elements.data(), bytes);
          const std::uint64_t actual = ResultBits(kernel(data, n));
          if (actual != expected) {
            FAIL("length ", n, ", offset ", offset,
                 data == buffer.begin() + offset ? " from the start" : " to the end");
          }
        }
      }
    }
  }
}

TEST_CASE("every kernel reads its data and nothing else, at any byte offset") {
  ForEachIsa([](const KernelTable& kernels) {
#define KERNEL(member, Function, Type)                 \
  {                                                    \
    INFO("kernel: " #member);                          \
    CheckKernel(kernels.member, &reference::Function); \
  }
#include "kernels/kernel.def"
#undef KERNEL
  });
}

TEST_CASE("every kernel takes null when there are no elements") {
  ForEachIsa([](const KernelTable& kernels) {
#define KERNEL(member, Function, Type)                                                    \
  {                                                                                       \
    INFO("kernel: " #member);                                                             \
    CHECK(ResultBits(kernels.member(nullptr, 0)) == ResultBits(reference::Function({}))); \
  }
#include "kernels/kernel.def"
#undef KERNEL
  });
}

}  // namespace
}  // namespace simd_arena
