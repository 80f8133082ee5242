// Reductions and exact sums, which need no memory: none of their functions allocates.
#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <new>
#include <vector>

#include "faults/fault_plan.h"
#include "kernels/dispatch.h"
#include "ops/reducer.h"
#include "ops/sum_accumulator.h"
#include "support/each_reduction.h"

namespace simd_arena {
namespace {

/// How often `call` allocates. Every allocation fails.
template <typename Call>
std::uint32_t CountAllocations(Call call) {
  FaultPlan& plan = fault_plans.memory;
  plan.calls = 0;
  plan.end = UINT32_MAX;
  call();
  plan.end = 0;
  return plan.calls;
}

TEST_CASE("an allocation is counted") {
  CHECK(CountAllocations([] { delete new (std::nothrow) int; }) == 1);
}

TEST_CASE("reductions do not allocate") {
  const KernelTable& kernels = KernelsFor(DetectBestIsa());
  const std::vector<std::uint8_t> data(100000, 1);
  ForEachReduction([&](ReduceOp op, ElementType type) {
    const std::size_t count = data.size() / ElementSize(type);
    std::vector<std::max_align_t> memory(Reducer::MemoryBytes(type, &op, 1) / sizeof(std::max_align_t) + 1);
    ReduceResult result;
    CHECK(CountAllocations([&] {
            FindReduction(op, type).whole(kernels, data.data(), count, 0, &result);
            ReduceStrided(kernels, FindReduction(op, type), type, data.data(), 16, data.size() / 16, 0, &result);
            Dot(kernels, type, data.data(), data.data(), count, &result);
            Reducer reducer(kernels, type, &op, 1, 0, reinterpret_cast<std::uint8_t*>(memory.data()));
            reducer.Update(data.data(), data.size() - 1);
            reducer.Update(data.data(), 1);
            (void)reducer.Result(0, &result);
          }) == 0);
  });
}

TEST_CASE("exact sums do not allocate") {
  const std::vector<double> data(100000, 1.5);
  SumAccumulator accumulator;
  std::uint8_t bytes[SumAccumulator::kEncodedBytes];
  CHECK(CountAllocations([&] {
          (void)accumulator.AddF64(data.data(), data.size());
          (void)accumulator.AddF32(data.data(), data.size());
          (void)accumulator.Merge(accumulator);
          accumulator.Encode(bytes);
          (void)SumAccumulator::Decode(bytes, sizeof bytes, &accumulator);
          accumulator.Round();
        }) == 0);
}

}  // namespace
}  // namespace simd_arena
