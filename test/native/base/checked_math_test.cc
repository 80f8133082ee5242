#include "base/checked_math.h"

#include <doctest/doctest.h>

namespace simd_arena {
namespace {

TEST_CASE("CheckedAdd adds up to the largest size") {
  std::size_t sum = 7;
  CHECK(CheckedAdd(SIZE_MAX - 1, 1, &sum));
  CHECK(sum == SIZE_MAX);
  CHECK_FALSE(CheckedAdd(SIZE_MAX, 1, &sum));
  CHECK_FALSE(CheckedAdd(1, SIZE_MAX, &sum));
  CHECK(sum == SIZE_MAX);
}

TEST_CASE("CheckedMultiply multiplies up to the largest size") {
  std::size_t product = 7;
  CHECK(CheckedMultiply(0, SIZE_MAX, &product));
  CHECK(product == 0);
  CHECK(CheckedMultiply(SIZE_MAX, 1, &product));
  CHECK(product == SIZE_MAX);
  CHECK(CheckedMultiply(SIZE_MAX / 4, 4, &product));
  CHECK(product == SIZE_MAX - 3);
  CHECK_FALSE(CheckedMultiply(SIZE_MAX / 4 + 1, 4, &product));
  CHECK_FALSE(CheckedMultiply(std::size_t{1} << 32, std::size_t{1} << 32, &product));
  CHECK(product == SIZE_MAX - 3);
}

}  // namespace
}  // namespace simd_arena
