#include "ops/wide_integer.h"

#include <doctest/doctest.h>

#include <cmath>

#include "support/random.h"
#include "support/same_result.h"

namespace simd_arena {
namespace {

Int128 RandomInteger(Random* random, int bits) {
  const auto value = static_cast<Int128>((Uint128{random->Next()} << 64) | random->Next());
  return value >> (128 - bits);
}

TEST_CASE("a wide integer adds, subtracts, negates and multiplies as integers do") {
  Random random(1);
  for (int i = 0; i < 10000; ++i) {
    const Int128 a = RandomInteger(&random, 1 + i % 63);
    const Int128 b = RandomInteger(&random, 1 + i % 61);
    CHECK(SameInteger(WideInteger(a) + WideInteger(b), WideInteger(a + b)));
    CHECK(SameInteger(WideInteger(a) - WideInteger(b), WideInteger(a - b)));
    CHECK(SameInteger(-WideInteger(a), WideInteger(-a)));
    CHECK(SameInteger(WideInteger(a) * WideInteger(b), WideInteger(a * b)));
    CHECK(WideInteger(a).IsNegative() == (a < 0));
  }
}

TEST_CASE("products of wide integers use all of their bits") {
  Random random(2);
  for (int i = 0; i < 1000; ++i) {
    const WideInteger a(RandomInteger(&random, 120)), b(RandomInteger(&random, 120)), c(RandomInteger(&random, 120));
    CHECK(SameInteger((a + b) * c, a * c + b * c));
    CHECK(SameInteger((a - b) * (a + b), a * a - b * b));
  }
}

TEST_CASE("a wide integer rounds to the nearest float64, ties to even") {
  Random random(3);
  for (int i = 0; i < 10000; ++i) {
    const Int128 a = RandomInteger(&random, 1 + i % 128);
    CHECK(WideInteger(a).ToDouble() == static_cast<double>(a));
  }
  const WideInteger one(1), two_to_64(Int128{1} << 64), two_to_100(Int128{1} << 100);
  const WideInteger huge = two_to_100 * two_to_100;  // 2^200, whose neighbours are 2^148 apart
  const WideInteger half = two_to_100 * WideInteger(Int128{1} << 47);
  CHECK(huge.ToDouble() == 0x1p200);
  CHECK((huge + half).ToDouble() == 0x1p200);
  CHECK((huge + half + one).ToDouble() == 0x1p200 + 0x1p148);
  CHECK((huge + half - one).ToDouble() == 0x1p200);
  CHECK((huge + half + half + half).ToDouble() == 0x1p200 + 0x1p149);
  CHECK((-(huge + half + one)).ToDouble() == -(0x1p200 + 0x1p148));
  CHECK((two_to_64 * WideInteger((Int128{1} << 53) + 1) + one).ToDouble() == 0x1p117 + 0x1p65);
  CHECK(WideInteger(0).ToDouble() == 0.0);
}

}  // namespace
}  // namespace simd_arena
