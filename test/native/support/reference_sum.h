// The float32 sum of native/kernels/README.md, transcribed line by line and without a thought for speed. Every kernel
// must give these bits.
#ifndef SIMD_ARENA_TEST_SUPPORT_REFERENCE_SUM_H_
#define SIMD_ARENA_TEST_SUPPORT_REFERENCE_SUM_H_

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

namespace simd_arena::reference {

inline double Fold(std::vector<double> v, std::size_t L) {
  while (L > 1) {
    L = L / 2;
    for (std::size_t l = 0; l < L; ++l) v[l] = v[l] + v[l + L];
  }
  return v[0];
}

inline double Finish(double S, double E) { return E == 0 || !std::isfinite(S + E) ? S : S + E; }

inline double SumF32(const std::vector<float>& x) {
  const std::size_t n = x.size();
  if (n == 0) return +0.0;
  double S = 0, E = 0;
  for (std::size_t start = 0; start < n; start += 8192) {
    std::vector<double> lane(32, -0.0);
    for (std::size_t i = 0; i < std::min<std::size_t>(8192, n - start); ++i) {
      lane[i % 32] += static_cast<double>(x[start + i]);
    }
    const double s = Fold(lane, 32);
    if (start == 0) {
      S = s;
      E = +0.0;
    } else {  // (S, e) = TwoSum(S, s)
      const double a = S, b = s;
      S = a + b;
      const double t = S - a;
      const double e = (a - (S - t)) + (b - t);
      E = E + e;
    }
  }
  return Finish(S, E);
}

}  // namespace simd_arena::reference

#endif  // SIMD_ARENA_TEST_SUPPORT_REFERENCE_SUM_H_
