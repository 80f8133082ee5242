#include "memory/granule.h"

#include <doctest/doctest.h>

namespace simd_arena {
namespace {

TEST_CASE("GranulesFor rounds up to 64 bytes, and gives nothing less than one granule") {
  CHECK(GranulesFor(0) == 1);
  CHECK(GranulesFor(1) == 1);
  CHECK(GranulesFor(64) == 1);
  CHECK(GranulesFor(65) == 2);
  CHECK(GranulesFor(128) == 2);
}

TEST_CASE("GranulesFor is exact where adding 63 would overflow") {
  CHECK(GranulesFor(SIZE_MAX) == (std::uint64_t{1} << 58));
  CHECK(GranulesFor(SIZE_MAX - 63) == (std::uint64_t{1} << 58) - 1);
  CHECK(GranulesFor(SIZE_MAX - 62) == (std::uint64_t{1} << 58));
}

}  // namespace
}  // namespace simd_arena
