#include "ops/sum_accumulator.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <vector>

#include "support/random.h"
#include "support/result_bits.h"
#include "support/shewchuk_sum.h"

namespace simd_arena {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kLargest = std::numeric_limits<double>::max();
constexpr double kLeast = 0x1p-1074;

using Bytes = std::array<std::uint8_t, SumAccumulator::kEncodedBytes>;

SumAccumulator Accumulate(const std::vector<double>& x) {
  SumAccumulator sum;
  CHECK(sum.AddF64(x.data(), x.size()) == Status::kOk);
  return sum;
}

SumAccumulator Accumulate(const std::vector<float>& x) {
  SumAccumulator sum;
  CHECK(sum.AddF32(x.data(), x.size()) == Status::kOk);
  return sum;
}

Bytes Encode(const SumAccumulator& sum) {
  Bytes bytes;
  sum.Encode(bytes.data());
  return bytes;
}

template <typename Element>
std::uint64_t SumBits(const std::vector<Element>& x) {
  return ResultBits(Accumulate(x).Round());
}

/// Terms of magnitudes from 2^-range to 2^range, half of them nearly cancelled by another one.
template <typename Element>
std::vector<Element> RandomTerms(std::size_t n, int range, Random* random) {
  std::vector<Element> x(n);
  for (std::size_t i = 0; i < n; ++i) {
    const int exponent = static_cast<int>(random->Next() % (2 * range + 1)) - range;
    const bool cancels = i > 0 && random->Next() % 2 == 0;
    x[i] = static_cast<Element>(cancels ? -x[random->Next() % i] * (1 + 0x1p-20 * random->Uniform())
                                        : std::ldexp(random->Uniform() - 0.5, exponent));
  }
  return x;
}

TEST_CASE("the exact sum of float64 is that of another method, short or long") {
  Random random(1);
  for (std::size_t n : {1, 2, 3, 10, 100, 4096, 4097, 10000}) {
    for (int range : {0, 30, 500}) {
      const auto x = RandomTerms<double>(n, range, &random);
      INFO("n: ", n, ", range: ", range);
      CHECK(SumBits(x) == ResultBits(reference::ShewchukSum(x)));
    }
  }
}

TEST_CASE("the exact sum of float32 is that of another method, short or long, subnormals included") {
  Random random(2);
  for (std::size_t n : {1, 2, 3, 10, 100, 256, 257, 10000}) {
    for (int range : {0, 30, 148}) {
      auto x = RandomTerms<float>(n, range, &random);
      for (float& term : x) {
        if (!std::isfinite(term)) term = 1;
      }
      INFO("n: ", n, ", range: ", range);
      CHECK(SumBits(x) == ResultBits(reference::ShewchukSum({x.begin(), x.end()})));
    }
  }
}

TEST_CASE("more terms than the buckets hold at a time") {
  const std::size_t n = 2'100'001;
  constexpr std::int64_t kTerm = (std::int64_t{1} << 53) - 1;  // all bits of the fraction
  std::vector<double> x(n, static_cast<double>(kTerm));
  x.back() = -0x1p-30;
  __extension__ const auto rest = static_cast<__int128>(kTerm) * (n - 1);
  CHECK(SumBits(x) == ResultBits(static_cast<double>(rest)));
  CHECK(SumBits(std::vector<float>(n, 0x1.fffffep0f)) == ResultBits(n * 0x1.fffffep0));
}

TEST_CASE("a sum is rounded once: ties to even, and what is beyond the half decides") {
  CHECK(SumBits<double>({1, 0x1p-53}) == ResultBits(1.0));
  CHECK(SumBits<double>({1, 0x1p-52, 0x1p-53}) == ResultBits(1 + 0x1p-51));
  CHECK(SumBits<double>({1, 0x1p-53, kLeast}) == ResultBits(1 + 0x1p-52));
  CHECK(SumBits<double>({1, 0x1p-52, 0x1p-53, -kLeast}) == ResultBits(1 + 0x1p-52));
  CHECK(SumBits<double>({-1, -0x1p-53}) == ResultBits(-1.0));
  CHECK(SumBits<double>({-1, -0x1p-53, -kLeast}) == ResultBits(-1 - 0x1p-52));
  CHECK(SumBits<double>({0x1p1023, 1, kLeast, -0x1p1023, -1}) == ResultBits(kLeast));
  CHECK(SumBits<double>({0x1p64, 0x1p11, 1}) == ResultBits(0x1p64 + 0x1p12));
}

TEST_CASE("a carry runs through limbs that are full") {
  for (std::size_t zeros : {0, 5000}) {
    std::vector<double> x(zeros, 0.0);
    for (int i = 0; i < 6; ++i) x.push_back(std::ldexp(0x1p53 - 1, 53 * i));
    x.insert(x.end(), {4, -0x1p318});
    CHECK(SumBits(x) == ResultBits(3.0));
  }
}

TEST_CASE("what overflows on the way does not overflow, and the end does as IEEE 754 says") {
  CHECK(SumBits<double>({1e308, 1e308, -1e308}) == ResultBits(1e308));
  CHECK(SumBits<double>({1e308, 1e308}) == ResultBits(kInfinity));
  CHECK(SumBits<double>({-kLargest, -kLargest, -kLargest, kLargest}) == ResultBits(-kInfinity));
  CHECK(SumBits<double>({kLargest, 0x1p969}) == ResultBits(kLargest));
  CHECK(SumBits<double>({kLargest, 0x1p970}) == ResultBits(kInfinity));
  CHECK(SumBits<double>({kLargest, 0x1p970, -kLeast}) == ResultBits(kLargest));
}

TEST_CASE("subnormals add up") {
  const double least_normal = std::numeric_limits<double>::min();
  CHECK(SumBits<double>({kLeast}) == ResultBits(kLeast));
  CHECK(SumBits<double>({-kLeast, -kLeast}) == ResultBits(-2 * kLeast));
  CHECK(SumBits<double>({least_normal, -kLeast}) == ResultBits(least_normal - kLeast));
  CHECK(SumBits<double>({least_normal, kLeast}) == ResultBits(least_normal + kLeast));
  CHECK(SumBits(std::vector<double>(1 << 20, kLeast)) == ResultBits(0x1p-1054));
  CHECK(SumBits(std::vector<float>(1 << 20, 0x1p-149f)) == ResultBits(0x1p-129));
}

TEST_CASE("infinities and NaN, which merging keeps") {
  CHECK(SumBits<double>({1, kInfinity, -kLargest}) == ResultBits(kInfinity));
  CHECK(SumBits<double>({-kInfinity, 5}) == ResultBits(-kInfinity));
  CHECK(SumBits<double>({kInfinity, -kInfinity}) == ResultBits(kNaN));
  CHECK(SumBits<double>({kNaN, 1}) == ResultBits(kNaN));
  CHECK(SumBits<float>({1, -HUGE_VALF}) == ResultBits(-kInfinity));
  CHECK(SumBits<float>({std::nanf(""), HUGE_VALF}) == ResultBits(kNaN));
  CHECK(SumBits<double>(std::vector<double>(5000, -kInfinity)) == ResultBits(-kInfinity));
  for (double first : {1.0, kInfinity, -kInfinity, kNaN, -0.0}) {
    for (double second : {1.0, kInfinity, -kInfinity, kNaN, -0.0}) {
      SumAccumulator sum = Accumulate(std::vector<double>{first});
      CHECK(sum.Merge(Accumulate(std::vector<double>{second})) == Status::kOk);
      INFO(first, " and ", second);
      CHECK(ResultBits(sum.Round()) == ResultBits(first + second));
    }
  }
}

TEST_CASE("zeros: nothing is +0, only -0 is -0, all else is +0") {
  CHECK(SumBits<double>({}) == ResultBits(0.0));
  CHECK(ResultBits(SumAccumulator().Round()) == ResultBits(0.0));
  CHECK(SumBits<double>({-0.0, -0.0}) == ResultBits(-0.0));
  CHECK(SumBits<float>({-0.0f}) == ResultBits(-0.0));
  CHECK(SumBits<double>({-0.0, 0.0}) == ResultBits(0.0));
  CHECK(SumBits<double>({1.5, -1.5}) == ResultBits(0.0));
  CHECK(SumBits<double>({-0.0, kLeast, -kLeast}) == ResultBits(0.0));
  CHECK(SumBits(std::vector<double>(5000, -0.0)) == ResultBits(-0.0));
  SumAccumulator sum;
  CHECK(sum.Merge(Accumulate(std::vector<double>{-0.0})) == Status::kOk);
  CHECK(ResultBits(sum.Round()) == ResultBits(-0.0));
}

TEST_CASE("any order and any partition give the same bytes") {
  Random random(3);
  for (std::size_t n : {2, 50, 9000}) {
    auto x = RandomTerms<double>(n, 900, &random);
    const Bytes expected = Encode(Accumulate(x));
    for (int round = 0; round < 5; ++round) {
      for (std::size_t i = n - 1; i > 0; --i) std::swap(x[i], x[random.Next() % (i + 1)]);
      SumAccumulator whole, part;
      for (std::size_t i = 0; i < n;) {
        const std::size_t length = std::min<std::size_t>(n - i, random.Next() % (n + 1));
        CHECK(part.AddF64(x.data() + i, length) == Status::kOk);
        if (random.Next() % 2 == 0) {
          CHECK(whole.Merge(part) == Status::kOk);
          part = SumAccumulator();
        }
        i += length;
      }
      CHECK(whole.Merge(part) == Status::kOk);
      CHECK(Encode(whole) == expected);
    }
  }
}

TEST_CASE("what is encoded is decoded, and nothing else is") {
  for (double x : {0.0, -0.0, 1.0, -kLeast, kLargest, kInfinity, -kInfinity, kNaN}) {
    const Bytes bytes = Encode(Accumulate(std::vector<double>{x}));
    SumAccumulator decoded;
    CHECK(SumAccumulator::Decode(bytes.data(), bytes.size(), &decoded) == Status::kOk);
    CHECK(ResultBits(decoded.Round()) == ResultBits(x));
    for (std::size_t bit = 0; bit < 8 * bytes.size(); ++bit) {
      Bytes flipped = bytes;
      flipped[bit / 8] ^= static_cast<std::uint8_t>(1 << bit % 8);
      SumAccumulator other;
      const Status status = SumAccumulator::Decode(flipped.data(), flipped.size(), &other);
      CHECK((status == Status::kInvalidAccumulator || Encode(other) == flipped));
      if (bit / 8 != 5 && bit / 8 < 8) CHECK(status == Status::kInvalidAccumulator);
    }
  }
}

TEST_CASE("bytes of another length are refused, and leave the target alone") {
  const Bytes bytes = Encode(Accumulate(std::vector<double>{2}));
  SumAccumulator target = Accumulate(std::vector<double>{1});
  for (std::size_t n : {0, 1, 8, 287}) {
    CHECK(SumAccumulator::Decode(bytes.data(), n, &target) == Status::kInvalidAccumulator);
  }
  CHECK(SumAccumulator::Decode(nullptr, 0, &target) == Status::kInvalidAccumulator);
  CHECK(target.Round() == 1);
}

TEST_CASE("the bytes are those of the documentation") {
  Bytes bytes{};
  std::memcpy(bytes.data(), "XSUM\1\2", 6);
  bytes[8 + 1074 / 8] = 1 << 1074 % 8;
  CHECK(Encode(Accumulate(std::vector<double>{1})) == bytes);
  std::fill(bytes.begin() + 8, bytes.end(), 0xFF);
  CHECK(Encode(Accumulate(std::vector<double>{-kLeast})) == bytes);
}

TEST_CASE("doubling by merging ends in an error that changes nothing") {
  SumAccumulator sum = Accumulate(std::vector<double>{-0x1p1023});
  for (int exponent = 1024; exponent <= 1165; ++exponent) REQUIRE(sum.Merge(sum) == Status::kOk);
  const Bytes bytes = Encode(sum);
  CHECK(sum.Merge(sum) == Status::kOutOfRange);
  const double term = -1;
  CHECK(sum.AddF64(&term, 1) == Status::kOutOfRange);
  CHECK(Encode(sum) == bytes);
  CHECK(sum.Round() == -kInfinity);
  const double largest[] = {kLargest, -kLargest, kInfinity};
  CHECK(sum.AddF64(largest, 2) == Status::kOk);
  CHECK(Encode(sum) == bytes);
  CHECK(sum.AddF64(largest + 2, 1) == Status::kOk);
  CHECK(sum.Round() == kInfinity);
}

}  // namespace
}  // namespace simd_arena
