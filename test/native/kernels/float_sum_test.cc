// Sums, dot products and moments of floating-point elements: the specified bits, the promised accuracy, and IEEE
// behaviour of infinities, NaN and zeros.
#include <cmath>
#include <limits>
#include <type_traits>
#include <vector>

#include "kernels/kernel_table.h"
#include "support/distributions.h"
#include "support/each_isa.h"
#include "support/exact_sum.h"
#include "support/float_types.h"
#include "support/reference_sum.h"
#include "support/result_bits.h"

namespace simd_arena {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

template <typename T>
T Narrow(double x) {
  return FloatType<T>::Narrow(x);
}

template <typename T>
double Sum(const KernelTable& kernels, const std::vector<T>& x) {
  return FloatKernels<T>(kernels).sum(Bytes(x), x.size());
}

template <typename T>
double Dot(const KernelTable& kernels, const std::vector<T>& a, const std::vector<T>& b) {
  return FloatKernels<T>(kernels).dot(Bytes(a), Bytes(b), a.size());
}

template <typename T>
void CheckBits(const std::vector<T>& a, const std::vector<T>& b) {
  const std::uint64_t sum = ResultBits(reference::SumOf(a)), dot = ResultBits(reference::DotOf(a, b));
  ForEachIsa([&](const KernelTable& kernels) {
    CHECK(ResultBits(Sum(kernels, a)) == sum);
    CHECK(ResultBits(Dot(kernels, a, b)) == dot);
  });
}

TEST_CASE_TEMPLATE("sums and dot products have the specified bits", T, Float16, BFloat16, Float32, Float64) {
  for (std::size_t n = 0; n <= 130; ++n) {
    INFO("length: ", n);
    for (const Distribution& distribution : kDistributions) {
      INFO("data: ", distribution.name);
      CheckBits(Draw<T>(distribution, n), Draw<T>(distribution, n, 1));
    }
    CheckBits(DrawBits<T>(n), Draw<T>(kDistributions[0], n));
  }
}

TEST_CASE_TEMPLATE("sums and dot products of several chunks have the specified bits", T, Float16, BFloat16, Float32,
                   Float64) {
  for (std::size_t n : LengthsAroundChunks<T>()) {
    INFO("length: ", n);
    CheckBits(Draw<T>(kEveryMagnitude, n), Draw<T>(kEveryMagnitude, n, 1));
  }
}

TEST_CASE_TEMPLATE("moments have the specified bits", T, Float16, BFloat16, Float32, Float64) {
  for (std::size_t n = 1; n <= kMomentsChunk; n += n < 130 ? 1 : 137) {
    INFO("length: ", n);
    for (const Distribution& distribution : kDistributions) {
      INFO("data: ", distribution.name);
      const std::vector<T> x = Draw<T>(distribution, n);
      const auto expected = ResultBits(reference::MomentsOf(x));
      ForEachIsa([&](const KernelTable& kernels) {
        CHECK(ResultBits(FloatKernels<T>(kernels).moments(Bytes(x), n)) == expected);
      });
    }
  }
}

TEST_CASE_TEMPLATE("moments of a whole chunk have the specified bits", T, Float16, BFloat16, Float32, Float64) {
  const std::vector<T> x = Draw<T>(kDistributions[1], kMomentsChunk);
  const auto expected = ResultBits(reference::MomentsOf(x));
  ForEachIsa([&](const KernelTable& kernels) {
    CHECK(ResultBits(FloatKernels<T>(kernels).moments(Bytes(x), x.size())) == expected);
  });
}

/// The error that a sum may have. `roundings` is that of each term.
template <typename T>
double ErrorBound(double sum, double magnitudes, int roundings) {
  constexpr double kUnit = 0x1p-53, kOfHigherOrder = 1e-6;
  if (!std::is_same<T, Float64>::value) return 3e-14 * magnitudes;
  return (1 + kOfHigherOrder) * kUnit * (std::fabs(sum) + (3 + roundings) * magnitudes);
}

TEST_CASE_TEMPLATE("the error of sums and dot products stays in its bound", T, Float16, BFloat16, Float32, Float64) {
  for (const Distribution& distribution : kDistributions) {
    INFO("data: ", distribution.name);
    for (std::size_t n :
         {std::size_t{1}, std::size_t{33}, std::size_t{70}, FloatType<T>::kChunk, std::size_t{300007}}) {
      INFO("length: ", n);
      const std::vector<T> a = Draw<T>(distribution, n), b = Draw<T>(distribution, n, 1);
      ExactSum sum, dot;
      double sum_magnitudes = 0, dot_magnitudes = 0;
      for (std::size_t i = 0; i < n; ++i) {
        sum.Add(Widen(a[i]));
        dot.AddProduct(Widen(a[i]), Widen(b[i]));
        sum_magnitudes += std::fabs(Widen(a[i]));
        dot_magnitudes += std::fabs(Widen(a[i]) * Widen(b[i]));
      }
      ForEachIsa([&](const KernelTable& kernels) {
        ExactSum sum_error = sum, dot_error = dot;
        sum_error.Add(-Sum(kernels, a));
        dot_error.Add(-Dot(kernels, a, b));
        CHECK(sum_error.Magnitude() <= ErrorBound<T>(sum.Magnitude(), sum_magnitudes, 0));
        CHECK(dot_error.Magnitude() <= ErrorBound<T>(dot.Magnitude(), dot_magnitudes, 1));
      });
    }
  }
}

TEST_CASE_TEMPLATE("the sum of chunks is compensated", T, BFloat16, Float32, Float64) {
  constexpr std::size_t kChunks = 100;
  std::vector<T> x(kChunks * FloatType<T>::kChunk, Narrow<T>(0.0));
  x[0] = Narrow<T>(0x1p56);
  for (std::size_t chunk = 1; chunk < kChunks; ++chunk) x[chunk * FloatType<T>::kChunk] = Narrow<T>(1.0);
  ForEachIsa([&](const KernelTable& kernels) { CHECK(Sum(kernels, x) == 0x1p56 + (kChunks - 1)); });
}

TEST_CASE_TEMPLATE("finite elements narrower than float64 cannot overflow", T, Float16, BFloat16, Float32) {
  constexpr double kLargest = FloatType<T>::kLargest;
  const std::vector<T> x(3 * FloatType<T>::kChunk, Narrow<T>(kLargest));
  const auto n = static_cast<double>(x.size());
  ForEachIsa([&](const KernelTable& kernels) {
    CHECK(Sum(kernels, x) == n * kLargest);
    CHECK(std::fabs(Dot(kernels, x, x) / (n * kLargest * kLargest) - 1) <= 3e-14);
  });
}

TEST_CASE("products of float64 round before they are added") {
  constexpr double kA = 1 + 0x1p-30;  // its square has 61 bits
  std::vector<double> a(64), b(64);
  a[0] = b[0] = kA;
  a[8] = 1 + 0x1p-29;  // the same lane of the next row
  b[8] = -1;
  ForEachIsa([&](const KernelTable& kernels) { CHECK(Dot(kernels, a, b) == 0.0); });  // 2^-60 if the square were exact
}

TEST_CASE_TEMPLATE("an infinity anywhere is the sum, and does not become NaN in the compensation", T, Float16, BFloat16,
                   Float32, Float64) {
  for (std::size_t n : {std::size_t{1}, std::size_t{100}, FloatType<T>::kChunk, 3 * FloatType<T>::kChunk + 7}) {
    for (std::size_t at : {std::size_t{0}, n / 2, n - 1}) {
      for (double infinity : {kInfinity, -kInfinity}) {
        INFO("length ", n, ", infinity at ", at);
        std::vector<T> x(n, Narrow<T>(FloatType<T>::kLargest));
        const std::vector<T> ones(n, Narrow<T>(1.0));
        x[at] = Narrow<T>(infinity);
        ForEachIsa([&](const KernelTable& kernels) { CHECK(Sum(kernels, x) == infinity); });
        x[n - 1 - at] = Narrow<T>(infinity);
        ForEachIsa([&](const KernelTable& kernels) {
          CHECK(Sum(kernels, x) == infinity);
          CHECK(Dot(kernels, x, ones) == infinity);
        });
      }
    }
  }
}

TEST_CASE_TEMPLATE("infinities of both signs, or a NaN anywhere, make the sum NaN", T, Float16, BFloat16, Float32,
                   Float64) {
  for (std::size_t n : {std::size_t{2}, std::size_t{100}, FloatType<T>::kChunk, 3 * FloatType<T>::kChunk + 7}) {
    for (std::size_t at : {std::size_t{0}, n / 2, n - 1}) {
      INFO("length ", n, ", position ", at);
      std::vector<T> x(n, Narrow<T>(1.0));
      const std::vector<T> ones = x;
      const auto check = [&] {
        ForEachIsa([&](const KernelTable& kernels) {
          CHECK(std::isnan(Sum(kernels, x)));
          CHECK(std::isnan(Dot(kernels, ones, x)));
        });
      };
      x[at] = Narrow<T>(kNan);
      check();
      x[at] = Narrow<T>(kInfinity);
      x[at == 0 ? n - 1 : 0] = Narrow<T>(-kInfinity);
      check();
    }
  }
}

TEST_CASE_TEMPLATE("the sum of negative zeros is -0, of any other zeros +0", T, Float16, BFloat16, Float32, Float64) {
  for (std::size_t n : {std::size_t{1}, std::size_t{31}, std::size_t{64}, FloatType<T>::kChunk,
                        FloatType<T>::kChunk + 1, 3 * FloatType<T>::kChunk + 7}) {
    INFO("length: ", n);
    std::vector<T> x(n, Narrow<T>(-0.0));
    const std::vector<T> ones(n, Narrow<T>(1.0));
    ForEachIsa([&](const KernelTable& kernels) {
      CHECK(ResultBits(Sum(kernels, x)) == ResultBits(-0.0));
      CHECK(ResultBits(Dot(kernels, x, ones)) == ResultBits(-0.0));
      CHECK(ResultBits(Dot(kernels, x, x)) == ResultBits(0.0));
    });
    x[n / 2] = Narrow<T>(0.0);
    ForEachIsa([&](const KernelTable& kernels) { CHECK(ResultBits(Sum(kernels, x)) == ResultBits(0.0)); });
  }
}

}  // namespace
}  // namespace simd_arena
