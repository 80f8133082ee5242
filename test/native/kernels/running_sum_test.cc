// Sums that go on over several calls: however the data is cut, they have the bits of the whole.
#include <cmath>
#include <vector>

#include "kernels/kernel_table.h"
#include "support/distributions.h"
#include "support/each_isa.h"
#include "support/float_types.h"
#include "support/random.h"
#include "support/reference_sum.h"
#include "support/result_bits.h"

namespace simd_arena {
namespace {

/// Calls `add(start, count)` for pieces that make up `n` elements, all but the last one a multiple of kSumBlock, some
/// of them empty.
template <typename Add>
void ForEachPiece(std::size_t n, std::size_t most_blocks, Random* random, Add add) {
  for (std::size_t start = 0; start < n;) {
    std::size_t count = random->Next() % (most_blocks + 1) * kSumBlock;
    if (count > n - start) count = n - start;
    add(start, count);
    start += count;
  }
}

constexpr std::size_t kMostBlocks[] = {1, 5, 200, 1000};

TEST_CASE_TEMPLATE("a sum in pieces has the bits of the whole, at every step", T, Float16, BFloat16, Float32, Float64) {
  for (std::size_t n : {std::size_t{1}, std::size_t{64}, std::size_t{65}, std::size_t{1000}, FloatType<T>::kChunk,
                        FloatType<T>::kChunk + 1, 2 * FloatType<T>::kChunk, 3 * FloatType<T>::kChunk + 77}) {
    INFO("length: ", n);
    const std::vector<T> x = Draw<T>(kEveryMagnitude, n);
    ForEachIsa([&](const KernelTable& table) {
      const FloatKernels<T> kernels(table);
      Random random(n);
      for (std::size_t most_blocks : kMostBlocks) {
        RunningSum sum, squares;
        std::size_t done = 0;
        ForEachPiece(n, most_blocks, &random, [&](std::size_t start, std::size_t count) {
          const std::uint8_t* data = Bytes(x) + start * sizeof(T);
          kernels.add(&sum, data, count);
          kernels.add_squares(&squares, data, count, 1.0);
          done = start + count;
          if (done == 0 || (done < n && random.Next() % 16 != 0)) return;  // a look on the way, now and then
          CHECK(ResultBits(kernels.total(sum)) == ResultBits(kernels.sum(Bytes(x), done)));
          CHECK(ResultBits(kernels.total(squares)) == ResultBits(kernels.dot(Bytes(x), Bytes(x), done)));
        });
        CHECK(done == n);
      }
    });
  }
}

TEST_CASE("squares of float64 are scaled, exactly, before they could overflow or vanish") {
  for (double scale : {0x1p-700, 0x1p-3, 0x1p700}) {
    INFO("scale: ", scale);
    for (std::size_t n : {std::size_t{1}, std::size_t{100}, std::size_t{64 * 700 + 9}}) {
      INFO("length: ", n);
      std::vector<double> x = Draw<double>(kDistributions[1], n);
      for (double& element : x) element /= scale;
      const double expected = reference::SumOfScaledSquares(x, scale);
      CHECK(std::isfinite(expected));
      CHECK(expected > 0.0);
      ForEachIsa([&](const KernelTable& kernels) {
        RunningSum sum;
        kernels.add_squares_f64(&sum, Bytes(x), n, scale);
        CHECK(ResultBits(kernels.total_f64(sum)) == ResultBits(expected));
      });
    }
  }
}

}  // namespace
}  // namespace simd_arena
