// The integer sums are exact, at the extremes of the element and of the length.
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <limits>
#include <vector>

#include "kernels/kernel_table.h"
#include "support/each_isa.h"
#include "support/random.h"
#include "support/reference_kernels.h"

namespace simd_arena {
namespace {

constexpr std::int32_t kMin = std::numeric_limits<std::int32_t>::min();
constexpr std::int32_t kMax = std::numeric_limits<std::int32_t>::max();

TEST_CASE("the int32 sum is exact on random elements") {
  for (std::size_t n = 0; n <= 2000; n += n < 300 ? 1 : 97) {
    INFO("length: ", n);
    Random random(n);
    std::vector<std::int32_t> x(n);
    for (std::int32_t& element : x) element = static_cast<std::int32_t>(random.Next());
    const std::int64_t expected = reference::SumI32(x);
    ForEachIsa([&](const KernelTable& kernels) { CHECK(kernels.sum_i32(Bytes(x), n) == expected); });
  }
}

TEST_CASE("the int32 sum is exact at the extremes of int32") {
  for (std::size_t n : {std::size_t{1}, std::size_t{2}, std::size_t{3}, std::size_t{1000}, std::size_t{1} << 20}) {
    INFO("length: ", n);
    const auto count = static_cast<std::int64_t>(n);
    const std::vector<std::int32_t> least(n, kMin), greatest(n, kMax), minus_one(n, -1);
    std::vector<std::int32_t> alternating(n, kMin);
    for (std::size_t i = 1; i < n; i += 2) alternating[i] = kMax;
    ForEachIsa([&](const KernelTable& kernels) {
      CHECK(kernels.sum_i32(Bytes(least), n) == count * kMin);
      CHECK(kernels.sum_i32(Bytes(greatest), n) == count * kMax);
      CHECK(kernels.sum_i32(Bytes(minus_one), n) == -count);
      CHECK(kernels.sum_i32(Bytes(alternating), n) == reference::SumI32(alternating));
    });
  }
}

TEST_CASE("the uint8 sum and count are exact where narrow lanes would overflow") {
  for (std::size_t n : {std::size_t{1}, std::size_t{255}, std::size_t{256}, std::size_t{65537}, std::size_t{1} << 25}) {
    INFO("length: ", n);
    const std::vector<std::uint8_t> x(n, 255);
    ForEachIsa([&](const KernelTable& kernels) {
      CHECK(kernels.sum_u8(Bytes(x), n) == 255 * n);
      CHECK(kernels.count_nonzero_u8(Bytes(x), n) == n);
    });
  }
}

TEST_CASE("a byte counts once, whatever its value") {
  for (unsigned value = 0; value < 256; ++value) {
    INFO("value: ", value);
    const std::vector<std::uint8_t> x(77, static_cast<std::uint8_t>(value));
    ForEachIsa([&](const KernelTable& kernels) {
      CHECK(kernels.sum_u8(Bytes(x), x.size()) == 77 * value);
      CHECK(kernels.count_nonzero_u8(Bytes(x), x.size()) == (value == 0 ? 0 : 77));
    });
  }
}

/// 2^32 int32 elements, all `value`: 16 GiB of addresses over 4 MiB of memory.
class MaxI32Elements {
 public:
  explicit MaxI32Elements(std::int32_t value) {
    const std::vector<std::int32_t> piece(kPiece / sizeof(value), value);
    const int file = memfd_create("elements", 0);
    REQUIRE(file >= 0);
    REQUIRE(write(file, piece.data(), kPiece) == static_cast<ssize_t>(kPiece));
    void* addresses = mmap(nullptr, kBytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    REQUIRE(addresses != MAP_FAILED);
    data_ = static_cast<std::uint8_t*>(addresses);
    for (std::size_t at = 0; at < kBytes; at += kPiece) {
      REQUIRE(mmap(data_ + at, kPiece, PROT_READ, MAP_SHARED | MAP_FIXED, file, 0) == data_ + at);
    }
    close(file);
  }
  ~MaxI32Elements() { munmap(data_, kBytes); }

  const std::uint8_t* data() const { return data_; }

 private:
  static constexpr std::size_t kPiece = std::size_t{1} << 22;
  static constexpr std::size_t kBytes = kMaxKernelElements * sizeof(std::int32_t);
  std::uint8_t* data_;
};

#if defined(__SANITIZE_THREAD__)
constexpr bool kThreadSanitizer = true;  // its shadow memory would need as many bytes as there are addresses
#else
constexpr bool kThreadSanitizer = false;
#endif

TEST_CASE("the int32 sum is exact for the most elements that one call takes (slow)" * doctest::skip(kThreadSanitizer)) {
  const MaxI32Elements least(kMin);
  ForEachIsa([&](const KernelTable& kernels) {
    CHECK(kernels.sum_i32(least.data(), kMaxKernelElements) == std::numeric_limits<std::int64_t>::min());
  });
}

}  // namespace
}  // namespace simd_arena
