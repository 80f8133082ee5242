#include "ops/reduce.h"

#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "support/each_isa.h"
#include "support/reference_sum.h"
#include "support/result_bits.h"

namespace simd_arena {
namespace {

constexpr ElementType kTypes[] = {ElementType::kF32, ElementType::kI32, ElementType::kU8, ElementType::kBool};

template <typename Element>
double Reduce(const KernelTable& kernels, ReduceOp op, ElementType type, const std::vector<Element>& x) {
  REQUIRE(ElementSize(type) == sizeof(Element));
  return FindReduce(op, type)(kernels, x.data(), x.size());
}

TEST_CASE("reductions of nothing: sum 0, mean NaN, all true, any false; null is fine") {
  ForEachIsa([](const KernelTable& kernels) {
    for (ElementType type : kTypes) {
      INFO("element size: ", ElementSize(type));
      CHECK(ResultBits(FindReduce(ReduceOp::kSum, type)(kernels, nullptr, 0)) == ResultBits(0.0));
      CHECK(std::isnan(FindReduce(ReduceOp::kMean, type)(kernels, nullptr, 0)));
      CHECK(FindReduce(ReduceOp::kAll, type)(kernels, nullptr, 0) == 1);
      CHECK(FindReduce(ReduceOp::kAny, type)(kernels, nullptr, 0) == 0);
    }
  });
}

TEST_CASE("reductions of float32") {
  ForEachIsa([](const KernelTable& kernels) {
    const std::vector<float> x = {0.1f, -2.5f, 0.0f};
    CHECK(Reduce(kernels, ReduceOp::kSum, ElementType::kF32, x) == reference::SumOf(x));
    CHECK(Reduce(kernels, ReduceOp::kMean, ElementType::kF32, x) == reference::SumOf(x) / 3);
    CHECK(Reduce(kernels, ReduceOp::kAll, ElementType::kF32, x) == 0);
    CHECK(Reduce(kernels, ReduceOp::kAny, ElementType::kF32, x) == 1);
  });
}

TEST_CASE("reductions of int32") {
  ForEachIsa([](const KernelTable& kernels) {
    const std::vector<std::int32_t> x = {2147483647, 2147483647, -1, 5};
    CHECK(Reduce(kernels, ReduceOp::kSum, ElementType::kI32, x) == 4294967298.0);
    CHECK(Reduce(kernels, ReduceOp::kMean, ElementType::kI32, x) == 1073741824.5);
    CHECK(Reduce(kernels, ReduceOp::kAll, ElementType::kI32, x) == 1);
    CHECK(Reduce(kernels, ReduceOp::kAny, ElementType::kI32, x) == 1);
  });
}

TEST_CASE("reductions of uint8 add values, those of bool count true elements") {
  ForEachIsa([](const KernelTable& kernels) {
    const std::vector<std::uint8_t> x = {255, 0, 3, 128};
    CHECK(Reduce(kernels, ReduceOp::kSum, ElementType::kU8, x) == 386);
    CHECK(Reduce(kernels, ReduceOp::kSum, ElementType::kBool, x) == 3);
    CHECK(Reduce(kernels, ReduceOp::kMean, ElementType::kU8, x) == 96.5);
    CHECK(Reduce(kernels, ReduceOp::kMean, ElementType::kBool, x) == 0.75);
    for (ElementType type : {ElementType::kU8, ElementType::kBool}) {
      CHECK(Reduce(kernels, ReduceOp::kAll, type, x) == 0);
      CHECK(Reduce(kernels, ReduceOp::kAny, type, x) == 1);
    }
  });
}

/// Stands in for data that no test could hold: every element is the least int32, and nothing is read.
std::int64_t SumOfLeastI32(const std::uint8_t*, std::size_t n) {
  REQUIRE(n <= kMaxKernelElements);
  return static_cast<std::int64_t>(n) * std::numeric_limits<std::int32_t>::min();
}

TEST_CASE("an int32 sum beyond int64 is split, added exactly, and rounded once") {
  KernelTable kernels{};
  kernels.sum_i32 = SumOfLeastI32;
  const ReduceFn sum = FindReduce(ReduceOp::kSum, ElementType::kI32);
  const std::size_t n = 3 * kMaxKernelElements + 1;
  CHECK(sum(kernels, nullptr, n) == -0x1p31 * static_cast<double>(n));
  CHECK(FindReduce(ReduceOp::kMean, ElementType::kI32)(kernels, nullptr, n) == -0x1p31);
}

TEST_CASE("integer sums round to the nearest float64, ties to even") {
  KernelTable kernels{};
  const ReduceFn sum = FindReduce(ReduceOp::kSum, ElementType::kI32);
  kernels.sum_i32 = [](const std::uint8_t*, std::size_t) { return (std::int64_t{1} << 53) + 1; };
  CHECK(sum(kernels, nullptr, 1) == 0x1p53);
  kernels.sum_i32 = [](const std::uint8_t*, std::size_t) { return (std::int64_t{1} << 53) + 3; };
  CHECK(sum(kernels, nullptr, 1) == 0x1p53 + 4);
  kernels.sum_u8 = [](const std::uint8_t*, std::size_t) { return (std::uint64_t{1} << 53) + 3; };
  CHECK(FindReduce(ReduceOp::kSum, ElementType::kU8)(kernels, nullptr, 1) == 0x1p53 + 4);
}

}  // namespace
}  // namespace simd_arena
