// Floating-point data that sums find hard, each in its own way.
#ifndef SIMD_ARENA_TEST_SUPPORT_DISTRIBUTIONS_H_
#define SIMD_ARENA_TEST_SUPPORT_DISTRIBUTIONS_H_

#include <algorithm>
#include <cmath>
#include <vector>

#include "support/float_types.h"
#include "support/random.h"

namespace simd_arena {

/// Element `i` of the data, for a type with FloatType's kLeast and kLargest.
struct Distribution {
  const char* name;
  double (*draw)(Random* random, std::size_t i, double least, double largest);
};

inline double Sign(Random* random) { return (random->Next() & 1) != 0 ? -1.0 : 1.0; }

/// Pairs that cancel but for a remainder 1/`condition` of their size.
inline double IllConditioned(Random* random, std::size_t i, double condition) {
  return i % 2 == 0 ? condition + random->Uniform() : -condition;
}

inline constexpr Distribution kDistributions[] = {
    {"uniform in [0, 1)", [](Random* random, std::size_t, double, double) { return random->Uniform(); }},
    {"uniform in [-1, 1)", [](Random* random, std::size_t, double, double) { return 2 * random->Uniform() - 1; }},
    {"lognormal",
     [](Random* random, std::size_t, double, double) {
       const double radius = std::sqrt(-2 * std::log(1 - random->Uniform()));
       return std::exp(3 * radius * std::cos(6.283185307179586 * random->Uniform()));
     }},
    {"alternating", [](Random*, std::size_t i, double, double) { return i % 2 == 0 ? 0.1 : -0.1; }},
    {"ill-conditioned, 1e8",
     [](Random* random, std::size_t i, double, double) { return IllConditioned(random, i, 1e8); }},
    {"ill-conditioned, 1e14",
     [](Random* random, std::size_t i, double, double) { return IllConditioned(random, i, 1e14); }},
    {"the smallest", [](Random* random, std::size_t, double least,
                        double) { return Sign(random) * least * static_cast<double>(random->Next() >> 55); }},
    {"the largest", [](Random* random, std::size_t, double, double largest) { return Sign(random) * largest; }},
    {"every magnitude",
     [](Random* random, std::size_t, double least, double largest) {
       const double exponents = std::log2(largest / least);
       return Sign(random) * least * std::exp2(exponents * random->Uniform());
     }},
};

/// The distribution that has every exponent.
inline constexpr const Distribution& kEveryMagnitude = kDistributions[8];

/// `n` elements; data of other ranges is cut at the largest element.
template <typename T>
std::vector<T> Draw(const Distribution& distribution, std::size_t n, std::uint64_t seed = 0) {
  using Type = FloatType<T>;
  std::vector<T> x(n);
  Random random(n + seed);
  for (std::size_t i = 0; i < n; ++i) {
    const double drawn = distribution.draw(&random, i, Type::kLeast, Type::kLargest);
    x[i] = Type::Narrow(std::clamp(drawn, -Type::kLargest, Type::kLargest));
  }
  return x;
}

/// `n` elements of any bits: subnormals, infinities and NaN too.
template <typename T>
std::vector<T> DrawBits(std::size_t n) {
  std::vector<T> x(n);
  Random random(n);
  for (T& element : x) {
    const std::uint64_t bits = random.Next();
    std::memcpy(&element, &bits, sizeof(element));
  }
  return x;
}

/// Lengths around the ends of chunks, blocks and rows of lanes.
template <typename T>
std::vector<std::size_t> LengthsAroundChunks() {
  std::vector<std::size_t> lengths;
  for (std::size_t chunks = 1; chunks <= 3; ++chunks) {
    for (std::size_t around : {-65, -64, -33, -1, 0, 1, 33, 64, 65}) {
      lengths.push_back(chunks * FloatType<T>::kChunk + around);
    }
  }
  return lengths;
}

}  // namespace simd_arena

#endif  // SIMD_ARENA_TEST_SUPPORT_DISTRIBUTIONS_H_
