// The errors of norms and variances stay in the bounds of docs/numerics.md. Those of sums and dot products are checked
// where their kernels are.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "support/distributions.h"
#include "support/each_isa.h"
#include "support/exact_sum.h"
#include "support/float_types.h"
#include "support/random.h"
#include "support/reduce_elements.h"

namespace simd_arena {
namespace {

constexpr double kUnit = 0x1p-53;
constexpr std::size_t kLengths[] = {2, 33, 2048, 2049, 20011};

template <typename T>
constexpr double Bound(double of_float64, double of_others) {
  return TypeOf(T{}) == ElementType::kF64 ? of_float64 : of_others;
}

TEST_CASE_TEMPLATE("the error of a norm stays in its bound", T, Float16, BFloat16, Float32, Float64) {
  for (const Distribution& distribution : kDistributions) {
    for (std::size_t n : kLengths) {
      INFO("data: ", distribution.name, ", elements: ", n);
      const std::vector<T> x = Draw<T>(distribution, n);
      ExactSum squares;
      for (T element : x) squares.AddProduct(Widen(element), Widen(element));
      ForEachIsa([&](const KernelTable& kernels) {
        const double norm = ReduceElements(kernels, ReduceOp::kNorm, x);
        ExactSum error = squares;  // of norm^2: twice that of the norm
        error.AddProduct(-norm, norm);
        CHECK(error.Magnitude() <= 2 * Bound<T>(3.5 * kUnit, 1.5e-14) * squares.Magnitude());
      });
    }
  }
}

/// By definition, in extended precision.
template <typename T>
long double ReferenceVariance(const std::vector<T>& x) {
  const auto n = static_cast<long double>(x.size());
  long double sum = 0, squares = 0;
  for (T element : x) sum += Widen(element);
  for (T element : x) squares += (Widen(element) - sum / n) * (Widen(element) - sum / n);
  return squares / n;
}

TEST_CASE_TEMPLATE("the error of a variance stays in its bound", T, Float16, BFloat16, Float32, Float64) {
  for (const Distribution& distribution : kDistributions) {
    for (std::size_t n : kLengths) {
      INFO("data: ", distribution.name, ", elements: ", n);
      const std::vector<T> x = Draw<T>(distribution, n);
      const long double expected = ReferenceVariance(x);
      ForEachIsa([&](const KernelTable& kernels) {
        const long double error = std::fabs(ReduceElements(kernels, ReduceOp::kVariance, x) - expected);
        CHECK(error <= Bound<T>(2e-15, 2e-14) * expected);
      });
    }
  }
}

TEST_CASE("the errors of norms and variances of integers stay in their bounds") {
  Random random(1);
  double norm_error = 0, variance_error = 0;  // the greatest, in units of kUnit
  for (int i = 0; i < 20000; ++i) {
    std::vector<std::int32_t> x(3 + random.Next() % 30);
    for (std::int32_t& element : x) element = static_cast<std::int32_t>(random.Next());
    Int128 sum = 0, squares = 0;
    for (std::int32_t element : x) {
      sum += element;
      squares += Int128{element} * element;
    }
    const auto n = static_cast<Int128>(x.size());
    const auto deviations = static_cast<long double>(n * squares - sum * sum);
    const auto note = [](long double actual, long double expected, double* greatest) {
      *greatest = std::max(*greatest, static_cast<double>(std::fabs(actual - expected) / expected) / kUnit);
    };
    const KernelTable& kernels = KernelsFor(Isa::kScalar);
    note(ReduceElements(kernels, ReduceOp::kNorm, x), std::sqrt(static_cast<long double>(squares)), &norm_error);
    note(ReduceElements(kernels, ReduceOp::kVariance, x, 1), deviations / static_cast<long double>(n * (n - 1)),
         &variance_error);
  }
  CHECK(norm_error <= 1.5);
  CHECK(variance_error <= 3);
}

}  // namespace
}  // namespace simd_arena
