// The correctly rounded sum of float64 values by another method: a growing expansion (Shewchuk 1997), as in Python's
// fsum.
#ifndef SIMD_ARENA_TEST_SUPPORT_SHEWCHUK_SUM_H_
#define SIMD_ARENA_TEST_SUPPORT_SHEWCHUK_SUM_H_

#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

namespace simd_arena::reference {

/// `x` must be finite, and so must every sum on the way.
inline double ShewchukSum(const std::vector<double>& x) {
  std::vector<double> partials;  // do not overlap, and grow in magnitude
  for (double term : x) {
    std::size_t kept = 0;
    for (double partial : partials) {
      if (std::fabs(term) < std::fabs(partial)) std::swap(term, partial);
      const double sum = term + partial;
      const double lost = partial - (sum - term);
      if (lost != 0) partials[kept++] = lost;
      term = sum;
    }
    partials.resize(kept);
    partials.push_back(term);
  }

  double sum = 0, lost = 0;
  while (!partials.empty() && lost == 0) {
    const double high = sum, low = partials.back();
    partials.pop_back();
    sum = high + low;
    lost = low - (sum - high);
  }
  // Half-way cases: what is below the half decides.
  if (!partials.empty() && ((lost < 0 && partials.back() < 0) || (lost > 0 && partials.back() > 0))) {
    const double twice = lost * 2, rounded = sum + twice;
    if (twice == rounded - sum) return rounded;
  }
  return sum;
}

}  // namespace simd_arena::reference

#endif  // SIMD_ARENA_TEST_SUPPORT_SHEWCHUK_SUM_H_
