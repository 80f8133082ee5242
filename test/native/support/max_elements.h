// As many equal elements as one call of a kernel takes, in little memory: a few MiB, mapped at many addresses.
//
// Owns its mapping.
#ifndef SIMD_ARENA_TEST_SUPPORT_MAX_ELEMENTS_H_
#define SIMD_ARENA_TEST_SUPPORT_MAX_ELEMENTS_H_

#include <doctest/doctest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <vector>

#include "kernels/kernel_table.h"

namespace simd_arena {

/// kMaxTerms elements, all `value`.
template <typename Element>
class MaxElements {
 public:
  explicit MaxElements(Element value) {
    const std::vector<Element> piece(kPiece / sizeof(value), value);
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
  ~MaxElements() { munmap(data_, kBytes); }

  MaxElements(const MaxElements&) = delete;
  MaxElements& operator=(const MaxElements&) = delete;

  const std::uint8_t* data() const { return data_; }

 private:
  static constexpr std::size_t kPiece = std::size_t{1} << 22;
  static constexpr std::size_t kBytes = kMaxTerms * sizeof(Element);
  std::uint8_t* data_;
};

}  // namespace simd_arena

#endif  // SIMD_ARENA_TEST_SUPPORT_MAX_ELEMENTS_H_
