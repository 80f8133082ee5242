// Norms and variances of floats have the bits that docs/numerics.md specifies. Those of sums and dot products are
// checked where their kernels are.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "support/distributions.h"
#include "support/each_isa.h"
#include "support/float_types.h"
#include "support/random.h"
#include "support/reduce_elements.h"
#include "support/reference_squares.h"
#include "support/result_bits.h"

namespace simd_arena {
namespace {

constexpr std::uint64_t kDdof = 1;

template <typename T>
void CheckBits(const std::vector<T>& x) {
  const std::uint64_t norm = ResultBits(reference::NormOf(x)), variance = ResultBits(reference::VarianceOf(x, kDdof));
  ForEachIsa([&](const KernelTable& kernels) {
    CHECK(ResultBits(ReduceElements(kernels, ReduceOp::kNorm, x)) == norm);
    CHECK(ResultBits(ReduceElements(kernels, ReduceOp::kVariance, x, kDdof)) == variance);
  });
}

TEST_CASE_TEMPLATE("norms and variances have the specified bits", T, Float16, BFloat16, Float32, Float64) {
  for (std::size_t n : {2, 17, 64, 2047, 2048, 2049, 4096, 6145, 20011, 40000}) {
    INFO("length: ", n);
    for (const Distribution& distribution : kDistributions) {
      INFO("data: ", distribution.name);
      CheckBits(Draw<T>(distribution, n));
    }
    CheckBits(DrawBits<T>(n));
  }
}

TEST_CASE_TEMPLATE("norms and variances of elements that grow have the specified bits", T, Float16, BFloat16, Float32,
                   Float64) {
  Random random(1);
  for (std::size_t n : {2049, 6145, 20011, 40000}) {
    INFO("length: ", n);
    std::vector<T> x(n);
    for (std::size_t i = 0; i < n; ++i) {
      x[i] = FloatType<T>::Narrow(std::exp2(static_cast<double>(i) / 4096) * (7 + random.Uniform()));
    }
    CheckBits(x);
  }
}

TEST_CASE("norms and variances of float64 whose squares over- or underflow have the specified bits") {
  for (double scale : {0x1p-1070, 0x1p-600, 0x1p-520, 0x1p-481, 0x1p480, 0x1p500, 0x1p600, 0x1p1000}) {
    INFO("scale: ", scale);
    for (std::size_t n : {2, 100, 5000}) {
      std::vector<double> x = Draw<double>(kDistributions[1], n);
      for (double& element : x) element *= scale;
      CheckBits(x);
    }
  }
}

}  // namespace
}  // namespace simd_arena
