#include "ops/reduce.h"

#include <algorithm>
#include <cfloat>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <vector>

#include "support/each_isa.h"
#include "support/each_reduction.h"
#include "support/random.h"
#include "support/random_elements.h"
#include "support/same_result.h"

namespace simd_arena {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInf = std::numeric_limits<double>::infinity();

template <typename Element>
constexpr ElementType kTypeOf = ElementType::kBool;
template <>
constexpr ElementType kTypeOf<float> = ElementType::kF32;
template <>
constexpr ElementType kTypeOf<double> = ElementType::kF64;
template <>
constexpr ElementType kTypeOf<std::int8_t> = ElementType::kI8;
template <>
constexpr ElementType kTypeOf<std::uint8_t> = ElementType::kU8;
template <>
constexpr ElementType kTypeOf<std::int16_t> = ElementType::kI16;
template <>
constexpr ElementType kTypeOf<std::uint16_t> = ElementType::kU16;
template <>
constexpr ElementType kTypeOf<std::int32_t> = ElementType::kI32;
template <>
constexpr ElementType kTypeOf<std::uint32_t> = ElementType::kU32;
template <>
constexpr ElementType kTypeOf<std::int64_t> = ElementType::kI64;
template <>
constexpr ElementType kTypeOf<std::uint64_t> = ElementType::kU64;

template <typename Element>
ReduceResult Reduce(const KernelTable& kernels, ReduceOp op, ElementType type, const std::vector<Element>& x,
                    std::uint64_t ddof = 0) {
  REQUIRE(ElementSize(type) == sizeof(Element));
  ReduceResult result;
  FindReduction(op, type).whole(kernels, Bytes(x), x.size(), ddof, &result);
  return result;
}

template <typename Element>
double Number(const KernelTable& kernels, ReduceOp op, const std::vector<Element>& x, std::uint64_t ddof = 0) {
  const ReduceResult result = Reduce(kernels, op, kTypeOf<Element>, x, ddof);
  CHECK((result.kind == ReduceResult::Kind::kNumber || result.kind == ReduceResult::Kind::kBoolean));
  return result.number;
}

TEST_CASE("reductions of nothing; null is fine") {
  ForEachIsa([](const KernelTable& kernels) {
    ForEachReduction([&](ReduceOp op, ElementType type) {
      const Reduction& reduction = FindReduction(op, type);
      const bool needs_elements = op == ReduceOp::kMin || op == ReduceOp::kMax || op == ReduceOp::kMinmax ||
                                  op == ReduceOp::kArgmin || op == ReduceOp::kArgmax;
      CHECK(reduction.needs_elements == needs_elements);
      if (needs_elements) return;
      ReduceResult result;
      reduction.whole(kernels, nullptr, 0, 0, &result);
      const bool is_nan = op == ReduceOp::kMean || op == ReduceOp::kVariance || op == ReduceOp::kStd;
      const double expected = is_nan ? kNan : op == ReduceOp::kAll ? 1 : 0;
      CHECK(ResultBits(result.number) == ResultBits(expected));
      CHECK(SameInteger(result.integer, WideInteger(0)));
    });
  });
}

TEST_CASE("floats: every operation") {
  ForEachIsa([](const KernelTable& kernels) {
    const std::vector<double> x = {2, -4, 0, 4, -4, 8};
    CHECK(Number(kernels, ReduceOp::kSum, x) == 6);
    CHECK(Number(kernels, ReduceOp::kMean, x) == 1);
    CHECK(Number(kernels, ReduceOp::kMin, x) == -4);
    CHECK(Number(kernels, ReduceOp::kMax, x) == 8);
    CHECK(Number(kernels, ReduceOp::kArgmin, x) == 1);
    CHECK(Number(kernels, ReduceOp::kArgmax, x) == 5);
    CHECK(Number(kernels, ReduceOp::kAll, x) == 0);
    CHECK(Number(kernels, ReduceOp::kAny, x) == 1);
    CHECK(Number(kernels, ReduceOp::kCountNonzero, x) == 5);
    CHECK(Number(kernels, ReduceOp::kNorm, x) == std::sqrt(116.0));
    CHECK(Number(kernels, ReduceOp::kVariance, x) == 110.0 / 6);
    CHECK(Number(kernels, ReduceOp::kVariance, x, 1) == 22);
    CHECK(Number(kernels, ReduceOp::kStd, x, 1) == std::sqrt(22.0));
    const ReduceResult extremes = Reduce(kernels, ReduceOp::kMinmax, ElementType::kF64, x);
    CHECK(extremes.kind == ReduceResult::Kind::kNumbers);
    CHECK(extremes.number == -4);
    CHECK(extremes.greatest_number == 8);
  });
}

TEST_CASE("half precision comes as bits") {
  ForEachIsa([](const KernelTable& kernels) {
    const std::vector<std::uint16_t> halves = {0x3C00, 0xC000, 0x0001, 0x7BFF};  // 1, -2, 2^-24, 65504
    const std::vector<std::uint16_t> brains = {0x3F80, 0xC000, 0x0080, 0x4049};  // 1, -2, 2^-126, 3.140625
    CHECK(Reduce(kernels, ReduceOp::kSum, ElementType::kF16, halves).number == 65503 + 0x1p-24);
    CHECK(Reduce(kernels, ReduceOp::kMin, ElementType::kF16, halves).number == -2);
    CHECK(Reduce(kernels, ReduceOp::kMax, ElementType::kF16, halves).number == 65504);
    CHECK(Reduce(kernels, ReduceOp::kMax, ElementType::kBF16, brains).number == 3.140625);
    CHECK(Reduce(kernels, ReduceOp::kArgmin, ElementType::kBF16, brains).number == 1);
    const std::vector<std::uint16_t> bits = {0x3F80, 0x7C01};  // NaN as float16, a large number as bfloat16
    CHECK(std::isnan(Reduce(kernels, ReduceOp::kMax, ElementType::kF16, bits).number));
    CHECK(Reduce(kernels, ReduceOp::kMax, ElementType::kBF16, bits).number == 0x1.02p121);
  });
}

TEST_CASE("bool counts what is true as 1") {
  ForEachIsa([](const KernelTable& kernels) {
    const auto reduce = [&](ReduceOp op, const std::vector<std::uint8_t>& x) {
      return Reduce(kernels, op, ElementType::kBool, x).number;
    };
    const std::vector<std::uint8_t> x = {255, 0, 3, 128};
    CHECK(reduce(ReduceOp::kSum, x) == 3);
    CHECK(reduce(ReduceOp::kMean, x) == 0.75);
    CHECK(reduce(ReduceOp::kMin, x) == 0);
    CHECK(reduce(ReduceOp::kMax, x) == 1);
    CHECK(reduce(ReduceOp::kArgmin, x) == 1);
    CHECK(reduce(ReduceOp::kArgmax, x) == 0);
    CHECK(reduce(ReduceOp::kArgmax, {0, 0, 7, 9}) == 2);
    CHECK(reduce(ReduceOp::kCountNonzero, x) == 3);
    CHECK(reduce(ReduceOp::kNorm, x) == std::sqrt(3.0));
    CHECK(reduce(ReduceOp::kVariance, x) == 0.1875);
    CHECK(reduce(ReduceOp::kMin, {4, 5}) == 1);
    CHECK(reduce(ReduceOp::kMax, {0, 0}) == 0);
  });
}

/// The operations on integers in 128 bits, as they are defined; the elements are small enough for that.
template <typename Element>
void CheckIntegers(const KernelTable& kernels, const std::vector<Element>& x) {
  Int128 sum = 0, squares = 0;
  for (Element element : x) {
    sum += element;
    squares += static_cast<Int128>(element) * element;
  }
  const auto n = static_cast<Int128>(x.size());
  const double variance = static_cast<double>(n * squares - sum * sum) / static_cast<double>(n);
  constexpr ElementType kType = kTypeOf<Element>;
  constexpr bool kIsWide = sizeof(Element) == 8;
  const auto check = [&](ReduceOp op, Int128 expected) {
    INFO("operation: ", LabelOf(op));
    const ReduceResult result = Reduce(kernels, op, kType, x);
    CHECK(result.kind == (kIsWide ? ReduceResult::Kind::kInteger : ReduceResult::Kind::kNumber));
    if (kIsWide) CHECK(SameInteger(result.integer, WideInteger(expected)));
    if (!kIsWide) CHECK(result.number == static_cast<double>(expected));
  };
  check(ReduceOp::kSum, sum);
  check(ReduceOp::kMin, *std::min_element(x.begin(), x.end()));
  check(ReduceOp::kMax, *std::max_element(x.begin(), x.end()));
  CHECK(Number(kernels, ReduceOp::kMean, x) == static_cast<double>(sum) / static_cast<double>(n));
  CHECK(Number(kernels, ReduceOp::kArgmin, x) == std::min_element(x.begin(), x.end()) - x.begin());
  CHECK(Number(kernels, ReduceOp::kArgmax, x) == std::max_element(x.begin(), x.end()) - x.begin());
  CHECK(Number(kernels, ReduceOp::kNorm, x) == std::sqrt(static_cast<double>(squares)));
  CHECK(Number(kernels, ReduceOp::kVariance, x) == variance / static_cast<double>(n));
  CHECK(Number(kernels, ReduceOp::kStd, x, 1) == std::sqrt(variance / static_cast<double>(n - 1)));
  ReduceResult dot;
  Dot(kernels, kType, Bytes(x), Bytes(x), x.size(), &dot);
  if (kIsWide) CHECK(SameInteger(dot.integer, WideInteger(squares)));
  if (!kIsWide) CHECK(dot.number == static_cast<double>(squares));
}

template <typename Element>
void CheckRandomIntegers(const KernelTable& kernels) {
  INFO("element type: ", LabelOf(kTypeOf<Element>));
  Random random(4);
  for (std::size_t n : {2, 3, 100, 2047, 5000}) {
    std::vector<Element> x(n);
    // At most 40 bits, so that n * sum(x^2) fits 128.
    for (Element& element : x) element = static_cast<Element>(static_cast<std::int64_t>(random.Next()) >> 24);
    CheckIntegers(kernels, x);
  }
}

TEST_CASE("integers: every operation, exactly") {
  ForEachIsa([](const KernelTable& kernels) {
    CheckRandomIntegers<std::int8_t>(kernels);
    CheckRandomIntegers<std::uint8_t>(kernels);
    CheckRandomIntegers<std::int16_t>(kernels);
    CheckRandomIntegers<std::uint16_t>(kernels);
    CheckRandomIntegers<std::int32_t>(kernels);
    CheckRandomIntegers<std::uint32_t>(kernels);
    CheckRandomIntegers<std::int64_t>(kernels);
  });
}

template <typename Element>
void CheckExtremeIntegers(const KernelTable& kernels, Element value) {
  constexpr std::size_t kCount = 70000;
  const std::vector<Element> x(kCount, value);
  const auto wide = static_cast<Int128>(value);
  const WideInteger sum = WideInteger(wide) * WideInteger(kCount);
  const WideInteger squares = WideInteger(wide) * WideInteger(wide) * WideInteger(kCount);
  CHECK(SameInteger(Reduce(kernels, ReduceOp::kSum, kTypeOf<Element>, x).integer, sum));
  ReduceResult dot;
  Dot(kernels, kTypeOf<Element>, Bytes(x), Bytes(x), kCount, &dot);
  CHECK(SameInteger(dot.integer, squares));
  CHECK(Number(kernels, ReduceOp::kNorm, x) == std::sqrt(squares.ToDouble()));
  CHECK(Number(kernels, ReduceOp::kVariance, x) == 0);
  CHECK(SameInteger(Reduce(kernels, ReduceOp::kMin, kTypeOf<Element>, x).integer, WideInteger(wide)));
}

TEST_CASE("sums and dot products of the largest 64-bit integers are exact") {
  ForEachIsa([](const KernelTable& kernels) {
    CheckExtremeIntegers(kernels, std::numeric_limits<std::int64_t>::min());
    CheckExtremeIntegers(kernels, std::numeric_limits<std::int64_t>::max());
    CheckExtremeIntegers(kernels, std::numeric_limits<std::uint64_t>::max());
    CheckExtremeIntegers(kernels, std::uint64_t{0});
  });
}

/// Stands in for data that no test could hold: every element is the least int32, and nothing is read.
std::int64_t SumOfLeastI32(const std::uint8_t*, std::size_t n) {
  REQUIRE(n <= kMaxTerms);
  return static_cast<std::int64_t>(n) * std::numeric_limits<std::int32_t>::min();
}

TEST_CASE("an int32 sum beyond int64 is split, added exactly, and rounded once") {
  KernelTable kernels{};
  kernels.sum_i32 = SumOfLeastI32;
  const std::size_t n = 9 * kMaxTerms + 1;
  ReduceResult result;
  FindReduction(ReduceOp::kSum, ElementType::kI32).whole(kernels, nullptr, n, 0, &result);
  CHECK(result.number == -0x1p31 * static_cast<double>(n));
  FindReduction(ReduceOp::kMean, ElementType::kI32).whole(kernels, nullptr, n, 0, &result);
  CHECK(result.number == -0x1p31);
}

TEST_CASE("a NaN is the least and the greatest, and the first one has the index") {
  ForEachIsa([](const KernelTable& kernels) {
    for (const double nan : {kNan, -kNan}) {
      for (std::size_t at : {0, 1, 31, 2047, 2048, 4095, 4999}) {
        std::vector<double> x(5000, 1.0);
        x[10] = -kInf;
        x[20] = kInf;
        x[at] = nan;
        x[4999] = nan;
        CHECK(std::isnan(Number(kernels, ReduceOp::kMin, x)));
        CHECK(std::isnan(Number(kernels, ReduceOp::kMax, x)));
        CHECK(Number(kernels, ReduceOp::kArgmin, x) == at);
        CHECK(Number(kernels, ReduceOp::kArgmax, x) == at);
      }
    }
  });
}

TEST_CASE("-0 is less than +0, and of equal elements the first has the index") {
  ForEachIsa([](const KernelTable& kernels) {
    const std::vector<float> x = {0.0f, -0.0f, 0.0f, -0.0f};
    CHECK(std::signbit(Number(kernels, ReduceOp::kMin, x)));
    CHECK_FALSE(std::signbit(Number(kernels, ReduceOp::kMax, x)));
    CHECK(Number(kernels, ReduceOp::kArgmin, x) == 1);
    CHECK(Number(kernels, ReduceOp::kArgmax, x) == 0);
    for (std::size_t at : {0, 100, 2047, 2048, 6000}) {
      std::vector<float> y(10000, 1.0f);
      for (std::size_t i = at; i < y.size(); i += 777) y[i] = -3;
      CHECK(Number(kernels, ReduceOp::kArgmin, y) == at);
    }
  });
}

TEST_CASE("an index is one of the input, though another thread overwrites what was found") {
  ForEachIsa([](const KernelTable& kernels) {
    KernelTable overwritten = kernels;
    overwritten.find_u64 = [](const std::uint8_t*, std::size_t n, std::uint64_t) { return n; };
    const std::vector<double> x{1, 2, 3};
    CHECK(Number(overwritten, ReduceOp::kArgmin, x) == 2);
    CHECK(Number(overwritten, ReduceOp::kArgmax, x) == 2);
  });
}

TEST_CASE("a norm neither overflows nor underflows before its result does") {
  ForEachIsa([](const KernelTable& kernels) {
    const auto norm = [&](const std::vector<double>& x) { return Number(kernels, ReduceOp::kNorm, x); };
    CHECK(norm({0x3p600, 0x4p600}) == 0x5p600);
    CHECK(norm({0x3p-600, 0x4p-600}) == 0x5p-600);
    CHECK(norm({0x3p-1074, 0x4p-1074}) == 0x5p-1074);
    CHECK(norm({0x3p1000, -0x4p1000, 0x1p-1074}) == 0x5p1000);
    CHECK(norm({DBL_MAX}) == DBL_MAX);
    CHECK(norm({DBL_MAX, DBL_MAX}) == kInf);
    CHECK(norm({0x1p1000, kInf}) == kInf);
    CHECK(std::isnan(norm({0x1p1000, kNan})));
    CHECK(norm({0.0, -0.0}) == 0.0);
    // Squares that are subnormal, though their sum is not.
    CHECK(norm(std::vector<double>(4096, 0x1.8p-518)) == 0x1.8p-512);
  });
}

TEST_CASE("an operation on elements that lie apart equals that on a copy") {
  Random random(5);
  ForEachIsa([&](const KernelTable& kernels) {
    ForEachReduction([&](ReduceOp op, ElementType type) {
      const std::size_t size = ElementSize(type);
      for (std::size_t stride : {size, size + 1, 2 * size, 3 * size, std::size_t{17}, std::size_t{64}}) {
        for (std::size_t n : {1, 2, 17, 300, 2049, 5000}) {
          const std::vector<std::uint8_t> data = RandomBytes((n - 1) * stride + size, &random);
          std::vector<std::uint8_t> copy(n * size);
          for (std::size_t i = 0; i < n; ++i) std::memcpy(copy.data() + i * size, data.data() + i * stride, size);
          ReduceResult expected, result;
          FindReduction(op, type).whole(kernels, copy.data(), n, 1, &expected);
          ReduceStrided(kernels, FindReduction(op, type), type, data.data(), stride, n, 1, &result);
          CHECK(SameResult(result, expected));
        }
      }
    });
  });
}

/// The variance by its definition, in extended precision, of elements near `origin`: their distances from it are exact,
/// and a variance does not change with the origin.
double ReferenceVariance(const std::vector<double>& x, double origin, std::size_t ddof) {
  long double sum = 0, squares = 0;
  for (double element : x) sum += element - origin;
  const long double mean = sum / static_cast<long double>(x.size());
  for (double element : x) squares += (element - origin - mean) * (element - origin - mean);
  return static_cast<double>(squares / static_cast<long double>(x.size() - ddof));
}

TEST_CASE("the variance is precise however large the mean is") {
  Random random(6);
  for (const double origin : {0.0, 1.0, 1e4, 1e8, 1e12, -1e14}) {
    for (std::size_t n : {2, 5, 2048, 2049, 4096, 100001}) {
      INFO("mean: ", origin, ", elements: ", n);
      std::vector<double> x(n);
      for (double& element : x) element = origin + static_cast<double>(random.Next() >> 11) * 0x1p-53;
      const double expected = ReferenceVariance(x, origin, 1);
      ForEachIsa([&](const KernelTable& kernels) {
        CHECK(std::abs(Number(kernels, ReduceOp::kVariance, x, 1) - expected) <= 2e-15 * expected);
      });
    }
  }
}

TEST_CASE("the variance of equal elements is 0, of few elements or of infinities NaN") {
  ForEachIsa([](const KernelTable& kernels) {
    for (const double element : {0.1, -1e8 / 3, 1e150}) {
      CHECK(Number(kernels, ReduceOp::kVariance, std::vector<double>(4099, element)) == 0);
      CHECK(Number(kernels, ReduceOp::kStd, std::vector<double>(7, element), 1) == 0);
    }
    CHECK(std::isnan(Number(kernels, ReduceOp::kVariance, std::vector<float>{5}, 1)));
    CHECK(std::isnan(Number(kernels, ReduceOp::kVariance, std::vector<float>{5, 6}, 3)));
    CHECK(std::isnan(Number(kernels, ReduceOp::kVariance, std::vector<std::int32_t>{5, 7}, 2)));
    CHECK(std::isnan(Number(kernels, ReduceOp::kVariance, std::vector<double>{1, kInf})));
    CHECK(std::isnan(Number(kernels, ReduceOp::kStd, std::vector<double>{1, kNan})));
    CHECK(Number(kernels, ReduceOp::kVariance, std::vector<double>{-1e200, 1e200, 0}) == kInf);
    std::vector<double> steps(4096, 1e200);
    std::fill(steps.begin(), steps.begin() + 2048, -1e200);
    CHECK(Number(kernels, ReduceOp::kVariance, steps) == kInf);
  });
}

}  // namespace
}  // namespace simd_arena
