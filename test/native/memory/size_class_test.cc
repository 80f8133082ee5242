#include "memory/size_class.h"

#include <doctest/doctest.h>

#include <initializer_list>

namespace simd_arena {
namespace {

static_assert(SizeClassFor(65, 1) == 1, "a constant expression where its arguments are");

TEST_CASE("the classes are the powers of two from 64 bytes to 128 MiB") {
  CHECK(SizeClassBytes(0) == 64);
  CHECK(SizeClassBytes(kSizeClasses - 1) == std::size_t{128} << 20);
  for (std::uint32_t c = 1; c < kSizeClasses; ++c) CHECK(SizeClassBytes(c) == 2 * SizeClassBytes(c - 1));
}

TEST_CASE("a request belongs to the smallest class that holds it") {
  CHECK(SizeClassFor(0, 1) == 0);
  CHECK(SizeClassFor(1, 1) == 0);
  for (std::uint32_t c = 0; c < kSizeClasses; ++c) {
    CAPTURE(c);
    const std::size_t bytes = SizeClassBytes(c);
    CHECK(SizeClassFor(bytes, 1) == c);
    CHECK(SizeClassFor(bytes - 1, 1) == c);
    CHECK(SizeClassFor(bytes / 2 + 1, 1) == c);
    CHECK(SizeClassFor(bytes + 1, 1) == c + 1);
  }
}

TEST_CASE("every size beyond the last class is large, up to the last that there is") {
  for (const std::size_t bytes :
       {SizeClassBytes(kSizeClasses - 1) + 1, std::size_t{1} << 32, (SIZE_MAX >> 1) + 1, SIZE_MAX - 1, SIZE_MAX}) {
    CAPTURE(bytes);
    CHECK(SizeClassFor(bytes, 1) == kLargeClass);
    CHECK(SizeClassFor(bytes, kMaxAlignment) == kLargeClass);
  }
}

TEST_CASE("a request for alignment belongs to a class whose slots have it") {
  for (std::size_t alignment = 1; alignment <= kMaxAlignment; alignment *= 2) {
    CAPTURE(alignment);
    CHECK(SizeClassBytes(SizeClassFor(0, alignment)) % alignment == 0);
    CHECK(SizeClassFor(alignment, alignment) == SizeClassFor(alignment, 1));
    CHECK(SizeClassFor(alignment + 1, alignment) == SizeClassFor(alignment + 1, 1));
  }
}

TEST_CASE("alignments are the powers of two from 1 to 4096") {
  int alignments = 0;
  for (std::size_t value = 0; value <= 10000; ++value) alignments += IsAlignment(value) ? 1 : 0;
  CHECK(alignments == 13);
  CHECK(IsAlignment(1));
  CHECK(IsAlignment(4096));
  CHECK_FALSE(IsAlignment(0));
  CHECK_FALSE(IsAlignment(8192));
  CHECK_FALSE(IsAlignment((SIZE_MAX >> 1) + 1));
  CHECK_FALSE(IsAlignment(SIZE_MAX));
}

}  // namespace
}  // namespace simd_arena
