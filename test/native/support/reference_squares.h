// The norms and variances of floats of docs/numerics.md, transcribed line by line and without a thought for speed.
// Every instruction set must give these bits.
#ifndef SIMD_ARENA_TEST_SUPPORT_REFERENCE_SQUARES_H_
#define SIMD_ARENA_TEST_SUPPORT_REFERENCE_SQUARES_H_

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <type_traits>
#include <vector>

#include "support/float_types.h"
#include "support/reference_sum.h"

namespace simd_arena::reference {

template <typename T>
double NormOf(const std::vector<T>& x) {
  const double sum = DotOf(x, x);
  if (!std::is_same<T, Float64>::value) return std::sqrt(sum);
  if (sum < 0x1p-960) return std::sqrt(SumOfScaledSquares(x, 0x1p600)) * 0x1p-600;
  if (!std::isfinite(sum)) return std::sqrt(SumOfScaledSquares(x, 0x1p-600)) * 0x1p600;
  return std::sqrt(sum);
}

template <typename T>
double VarianceOf(const std::vector<T>& x, double ddof) {
  double n = 0, M = 0, L = 0, Q = 0, E = 0;
  for (std::size_t start = 0; start < x.size(); start += 2048) {
    const auto begin = x.begin() + static_cast<std::ptrdiff_t>(start);
    const std::vector<T> chunk(begin, begin + std::min<std::ptrdiff_t>(2048, x.end() - begin));
    const auto m = static_cast<double>(chunk.size());
    const double u = SumOf(chunk) / m;
    std::vector<double> d, d2;
    for (T element : chunk) {
      d.push_back(Widen(element) - u);
      d2.push_back(d.back() * d.back());
    }
    const double r = SumOfTerms<T>(d), v = r / m;
    double q = SumOfTerms<T>(d2);
    if (std::isfinite(q)) q = std::max(q - v * r, 0.0);
    if (start == 0) {
      n = m, M = u, L = v, Q = q, E = 0;
      continue;
    }
    const double D = (u - M) + (v - L);
    const double w = m / (n + m);
    const TwoSumResult squares = TwoSum(Q, q + D * (n * w) * D);
    Q = squares.s;
    E = E + squares.e;
    const TwoSumResult mean = TwoSum(M, L + D * w);
    M = mean.s;
    L = mean.e;
    n = n + m;
  }
  return Finish(Q, E) / (n - ddof);
}

}  // namespace simd_arena::reference

#endif  // SIMD_ARENA_TEST_SUPPORT_REFERENCE_SQUARES_H_
