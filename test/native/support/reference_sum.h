// The floating-point sums of native/kernels/README.md, transcribed line by line and without a thought for speed. Every
// kernel must give these bits.
#ifndef SIMD_ARENA_TEST_SUPPORT_REFERENCE_SUM_H_
#define SIMD_ARENA_TEST_SUPPORT_REFERENCE_SUM_H_

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <type_traits>
#include <vector>

#include "support/float_types.h"

namespace simd_arena::reference {

struct TwoSumResult {
  double s, e;
};

inline TwoSumResult TwoSum(double a, double b) {
  const double s = a + b;
  const double t = s - a;
  const double e = (a - (s - t)) + (b - t);
  return {s, e};
}

inline double Fold(std::vector<double> v, std::size_t L) {
  while (L > 1) {
    L = L / 2;
    for (std::size_t l = 0; l < L; ++l) v[l] = v[l] + v[l + L];
  }
  return v[0];
}

inline double Finish(double S, double E) { return E == 0 || !std::isfinite(S + E) ? S : S + E; }

inline double LaneSum(const std::vector<double>& x) {
  const std::size_t n = x.size();
  if (n == 0) return +0.0;
  double S = 0, E = 0;
  for (std::size_t start = 0; start < n; start += 8192) {
    std::vector<double> lane(32, -0.0);
    for (std::size_t i = 0; i < std::min<std::size_t>(8192, n - start); ++i) lane[i % 32] += x[start + i];
    const double s = Fold(lane, 32);
    if (start == 0) {
      S = s;
      E = +0.0;
    } else {
      const TwoSumResult sum = TwoSum(S, s);
      S = sum.s;
      E = E + sum.e;
    }
  }
  return Finish(S, E);
}

inline double BlockSum(std::vector<double> x) {
  const std::size_t n = x.size();
  if (n == 0) return +0.0;
  x.resize((n + 63) / 64 * 64, -0.0);
  double A = 0, B = 0;
  for (std::size_t start = 0; start < n; start += 32768) {
    double S[8], E[8];
    std::fill(S, S + 8, -0.0);
    std::fill(E, E + 8, +0.0);
    for (std::size_t block = start; block < std::min(start + 32768, x.size()); block += 64) {
      for (std::size_t l = 0; l < 8; ++l) {
        const auto r = [&](std::size_t k) { return x[block + 8 * k + l]; };
        const double t = ((r(0) + r(1)) + (r(2) + r(3))) + ((r(4) + r(5)) + (r(6) + r(7)));
        const TwoSumResult sum = TwoSum(S[l], t);
        S[l] = sum.s;
        E[l] = E[l] + sum.e;
      }
    }
    double s = S[0], c = E[0];
    for (std::size_t l = 1; l < 8; ++l) {
      const TwoSumResult sum = TwoSum(s, S[l]);
      s = sum.s;
      c = c + (sum.e + E[l]);
    }
    if (start == 0) {
      A = s;
      B = c;
    } else {
      const TwoSumResult sum = TwoSum(A, s);
      A = sum.s;
      B = B + (sum.e + c);
    }
  }
  return Finish(A, B);
}

/// The sum of terms that are made of elements T.
template <typename T>
double SumOfTerms(const std::vector<double>& terms) {
  return std::is_same<T, Float64>::value ? BlockSum(terms) : LaneSum(terms);
}

template <typename T>
double SumOf(const std::vector<T>& x) {
  std::vector<double> terms;
  terms.reserve(x.size());
  for (T element : x) terms.push_back(Widen(element));
  return SumOfTerms<T>(terms);
}

template <typename T>
double DotOf(const std::vector<T>& a, const std::vector<T>& b) {
  std::vector<double> terms;
  terms.reserve(a.size());
  for (std::size_t i = 0; i < a.size(); ++i) terms.push_back(Widen(a[i]) * Widen(b[i]));
  return SumOfTerms<T>(terms);
}

template <typename T>
double SumOfScaledSquares(const std::vector<T>& x, double scale) {
  std::vector<double> terms;
  terms.reserve(x.size());
  for (T element : x) terms.push_back((scale * Widen(element)) * (scale * Widen(element)));
  return SumOfTerms<T>(terms);
}

template <typename T>
Moments MomentsOf(const std::vector<T>& x) {
  const double mean = SumOf(x) / static_cast<double>(x.size());
  std::vector<double> deviations, squares;
  for (T element : x) {
    const double d = Widen(element) - mean;
    deviations.push_back(d);
    squares.push_back(d * d);
  }
  return {mean, SumOfTerms<T>(deviations), SumOfTerms<T>(squares)};
}

// What adding `x` to an empty sum must come to.

template <typename T>
double AddValues(const std::vector<T>& x) {
  return SumOf(x);
}

template <typename T>
double AddSquaresOf(const std::vector<T>& x) {
  return DotOf(x, x);
}

template <typename T>
double TotalOf(const std::vector<T>& x) {
  return SumOf(x);
}

}  // namespace simd_arena::reference

#endif  // SIMD_ARENA_TEST_SUPPORT_REFERENCE_SUM_H_
