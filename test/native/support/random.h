// A deterministic source of random numbers, the same on every platform (SplitMix64, Steele et al. 2014).
#ifndef SIMD_ARENA_TEST_SUPPORT_RANDOM_H_
#define SIMD_ARENA_TEST_SUPPORT_RANDOM_H_

#include <cstdint>

namespace simd_arena {

class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  /// 64 uniform bits.
  std::uint64_t Next() {
    std::uint64_t z = state_ += 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
  }

  /// Uniform in [0, 1), a multiple of 2^-53.
  double Uniform() { return static_cast<double>(Next() >> 11) * 0x1p-53; }

 private:
  std::uint64_t state_;
};

}  // namespace simd_arena

#endif  // SIMD_ARENA_TEST_SUPPORT_RANDOM_H_
