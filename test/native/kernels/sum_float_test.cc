// The float32 sum: the specified bits, the promised accuracy, and IEEE behaviour of infinities, NaN and zeros.
#include <cfloat>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "kernels/kernel_table.h"
#include "support/each_isa.h"
#include "support/exact_sum.h"
#include "support/random.h"
#include "support/reference_sum.h"
#include "support/result_bits.h"

namespace simd_arena {
namespace {

constexpr std::size_t kChunk = 8192;
constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

double Sum(const KernelTable& kernels, const std::vector<float>& x) { return kernels.sum_f32(Bytes(x), x.size()); }

struct Distribution {
  const char* name;
  float (*draw)(Random* random, std::size_t i);
};

float Sign(Random* random) { return (random->Next() & 1) != 0 ? -1.0f : 1.0f; }

/// Pairs that cancel but for a remainder 1/`condition` of their size.
float IllConditioned(Random* random, std::size_t i, float condition) {
  const float remainder = static_cast<float>(random->Uniform());
  return i % 2 == 0 ? condition + remainder : -condition;
}

constexpr Distribution kDistributions[] = {
    {"uniform in [0, 1)", [](Random* random, std::size_t) { return static_cast<float>(random->Uniform()); }},
    {"uniform in [-1, 1)", [](Random* random, std::size_t) { return static_cast<float>(2 * random->Uniform() - 1); }},
    {"lognormal",
     [](Random* random, std::size_t) {
       const double radius = std::sqrt(-2 * std::log(1 - random->Uniform()));
       return static_cast<float>(std::exp(3 * radius * std::cos(6.283185307179586 * random->Uniform())));
     }},
    {"alternating", [](Random*, std::size_t i) { return i % 2 == 0 ? 0.1f : -0.1f; }},
    {"ill-conditioned, 1e8", [](Random* random, std::size_t i) { return IllConditioned(random, i, 1e8f); }},
    {"ill-conditioned, 1e14", [](Random* random, std::size_t i) { return IllConditioned(random, i, 1e14f); }},
    {"subnormal",
     [](Random* random, std::size_t) { return Sign(random) * static_cast<float>(random->Next() >> 41) * 0x1p-149f; }},
    {"the largest", [](Random* random, std::size_t) { return Sign(random) * FLT_MAX; }},
    {"every magnitude",
     [](Random* random, std::size_t) {
       const int exponent = static_cast<int>(random->Next() % 277) - 149;
       return Sign(random) * static_cast<float>(std::ldexp(1 + random->Uniform(), exponent));
     }},
};

std::vector<float> Draw(const Distribution& distribution, std::size_t n) {
  std::vector<float> x(n);
  Random random(n);
  for (std::size_t i = 0; i < n; ++i) x[i] = distribution.draw(&random, i);
  return x;
}

std::vector<std::size_t> InterestingLengths() {
  std::vector<std::size_t> lengths;
  for (std::size_t n = 0; n <= 100; ++n) lengths.push_back(n);
  for (std::size_t chunks = 1; chunks <= 3; ++chunks) {
    for (std::size_t around : {-33, -32, -31, -5, -1, 0, 1, 5, 31, 32, 33}) lengths.push_back(chunks * kChunk + around);
  }
  lengths.push_back(100003);
  return lengths;
}

TEST_CASE("the float32 sum has the specified bits") {
  for (const Distribution& distribution : kDistributions) {
    INFO("data: ", distribution.name);
    for (std::size_t n : InterestingLengths()) {
      INFO("length: ", n);
      const std::vector<float> x = Draw(distribution, n);
      const std::uint64_t expected = ResultBits(reference::SumF32(x));
      ForEachIsa([&](const KernelTable& kernels) { CHECK(ResultBits(Sum(kernels, x)) == expected); });
    }
  }
}

TEST_CASE("the error of the float32 sum stays below 3e-14 of the sum of magnitudes") {
  for (const Distribution& distribution : kDistributions) {
    INFO("data: ", distribution.name);
    for (std::size_t n : {std::size_t{1}, std::size_t{33}, kChunk, 2 * kChunk + 5, std::size_t{1000003}}) {
      INFO("length: ", n);
      const std::vector<float> x = Draw(distribution, n);
      ExactSum exact;
      double magnitudes = 0;
      for (float element : x) {
        exact.Add(element);
        magnitudes += std::fabs(static_cast<double>(element));
      }
      ForEachIsa([&](const KernelTable& kernels) {
        ExactSum error = exact;
        error.Add(-Sum(kernels, x));
        CHECK(error.Magnitude() <= 3e-14 * magnitudes);
      });
    }
  }
}

TEST_CASE("the sum of chunks is compensated") {
  constexpr std::size_t kChunks = 1000;
  std::vector<float> x(kChunks * kChunk, 0.0f);
  x[0] = 0x1p60f;
  for (std::size_t chunk = 1; chunk < kChunks; ++chunk) x[chunk * kChunk] = 1.0f;
  ForEachIsa([&](const KernelTable& kernels) { CHECK(Sum(kernels, x) == 0x1p60 + (kChunks - 1)); });
}

TEST_CASE("finite float32 elements cannot overflow the sum") {
  const std::vector<float> x(3 * kChunk, FLT_MAX);
  ForEachIsa([&](const KernelTable& kernels) { CHECK(Sum(kernels, x) == 3 * kChunk * static_cast<double>(FLT_MAX)); });
}

TEST_CASE("an infinity anywhere is the sum, and does not become NaN in the compensation") {
  for (std::size_t n : {std::size_t{1}, std::size_t{100}, kChunk, 3 * kChunk + 7}) {
    for (std::size_t at : {std::size_t{0}, n / 2, n - 1}) {
      for (float infinity : {kInfinity, -kInfinity}) {
        INFO("length ", n, ", infinity at ", at);
        std::vector<float> x(n, FLT_MAX);
        x[at] = infinity;
        ForEachIsa([&](const KernelTable& kernels) { CHECK(Sum(kernels, x) == static_cast<double>(infinity)); });
        x[n - 1 - at] = infinity;
        ForEachIsa([&](const KernelTable& kernels) { CHECK(Sum(kernels, x) == static_cast<double>(infinity)); });
      }
    }
  }
}

TEST_CASE("infinities of both signs, or a NaN anywhere, make the sum NaN") {
  for (std::size_t n : {std::size_t{2}, std::size_t{100}, kChunk, 3 * kChunk + 7}) {
    for (std::size_t at : {std::size_t{0}, n / 2, n - 1}) {
      INFO("length ", n, ", position ", at);
      std::vector<float> x(n, 1.0f);
      x[at] = kNan;
      ForEachIsa([&](const KernelTable& kernels) { CHECK(std::isnan(Sum(kernels, x))); });
      x[at] = kInfinity;
      x[at == 0 ? n - 1 : 0] = -kInfinity;
      ForEachIsa([&](const KernelTable& kernels) { CHECK(std::isnan(Sum(kernels, x))); });
    }
  }
}

TEST_CASE("the sum of negative zeros is -0, of any other zeros +0") {
  for (std::size_t n : {std::size_t{1}, std::size_t{31}, std::size_t{64}, kChunk, kChunk + 1, 3 * kChunk + 7}) {
    INFO("length: ", n);
    std::vector<float> x(n, -0.0f);
    ForEachIsa([&](const KernelTable& kernels) { CHECK(ResultBits(Sum(kernels, x)) == ResultBits(-0.0)); });
    x[n / 2] = 0.0f;
    ForEachIsa([&](const KernelTable& kernels) { CHECK(ResultBits(Sum(kernels, x)) == ResultBits(0.0)); });
  }
}

}  // namespace
}  // namespace simd_arena
