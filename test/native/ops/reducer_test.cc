#include "ops/reducer.h"

#include <algorithm>
#include <cstddef>
#include <vector>

#include "support/each_isa.h"
#include "support/each_reduction.h"
#include "support/random.h"
#include "support/random_elements.h"
#include "support/same_result.h"

namespace simd_arena {
namespace {

/// A reducer with its memory.
class OwnedReducer {
 public:
  OwnedReducer(const KernelTable& kernels, ElementType type, const std::vector<ReduceOp>& operations,
               std::uint64_t ddof)
      : memory_(Reducer::MemoryBytes(type, operations.data(), operations.size()) / sizeof(std::max_align_t) + 1),
        reducer_(kernels, type, operations.data(), operations.size(), ddof,
                 reinterpret_cast<std::uint8_t*>(memory_.data())) {}

  Reducer* operator->() { return &reducer_; }

 private:
  std::vector<std::max_align_t> memory_;
  Reducer reducer_;
};

std::vector<ReduceOp> AllOperations() {
  std::vector<ReduceOp> operations;
  for (std::size_t op = 0; op < kReduceOps; ++op) {
    if (static_cast<ReduceOp>(op) != ReduceOp::kDot) operations.push_back(static_cast<ReduceOp>(op));
  }
  return operations;
}

ReduceResult Whole(const KernelTable& kernels, ReduceOp op, ElementType type, const std::vector<std::uint8_t>& data) {
  ReduceResult result;
  FindReduction(op, type).whole(kernels, data.data(), data.size() / ElementSize(type), 1, &result);
  return result;
}

/// Every operation at once, over chunks of random lengths below `most` bytes, equals calls on the whole.
void CheckCuts(const KernelTable& kernels, ElementType type, const std::vector<std::uint8_t>& data, std::size_t most,
               Random* random) {
  const std::vector<ReduceOp> operations = AllOperations();
  OwnedReducer reducer(kernels, type, operations, 1);
  for (std::size_t start = 0; start < data.size();) {
    const std::size_t bytes = std::min<std::size_t>(random->Next() % most, data.size() - start);
    const std::vector<std::uint8_t> chunk(data.begin() + static_cast<std::ptrdiff_t>(start),
                                          data.begin() + static_cast<std::ptrdiff_t>(start + bytes));
    reducer->Update(chunk.data(), chunk.size());
    start += bytes;
  }
  for (std::size_t i = 0; i < operations.size(); ++i) {
    INFO("operation: ", LabelOf(operations[i]));
    ReduceResult result;
    REQUIRE(reducer->Result(i, &result) == Status::kOk);
    CHECK(SameResult(result, Whole(kernels, operations[i], type, data)));
  }
}

TEST_CASE("a reducer has the bits of one call on the whole, wherever its input is cut") {
  Random random(1);
  ForEachIsa([&](const KernelTable& kernels) {
    for (std::size_t t = 0; t < kElementTypes; ++t) {
      const auto type = static_cast<ElementType>(t);
      INFO("element type: ", LabelOf(type));
      for (std::size_t n : {1, 63, 64, 65, 2047, 2048, 2049, 5000, 40000, 70001}) {
        INFO("elements: ", n);
        const std::vector<std::uint8_t> data = RandomBytes(n * ElementSize(type), &random);
        for (std::size_t most : {8, 1000, 100000}) CheckCuts(kernels, type, data, most, &random);
      }
    }
  });
}

TEST_CASE("a reducer tells the result of each prefix, and goes on") {
  Random random(2);
  ForEachIsa([&](const KernelTable& kernels) {
    ForEachReduction([&](ReduceOp op, ElementType type) {
      const std::vector<std::uint8_t> data = RandomBytes(5000 * ElementSize(type), &random);
      OwnedReducer reducer(kernels, type, {op}, 1);
      std::vector<std::uint8_t> prefix;
      for (std::size_t elements : {1, 70, 1977, 2952}) {
        const std::size_t bytes = elements * ElementSize(type);
        reducer->Update(data.data() + prefix.size(), bytes);
        prefix.insert(prefix.end(), data.data() + prefix.size(), data.data() + prefix.size() + bytes);
        ReduceResult result;
        REQUIRE(reducer->Result(0, &result) == Status::kOk);
        CHECK(SameResult(result, Whole(kernels, op, type, prefix)));
      }
    });
  });
}

TEST_CASE("a reducer that is amid an element, or has none where one is needed, says so") {
  const KernelTable& kernels = KernelsFor(Isa::kScalar);
  ForEachReduction([&](ReduceOp op, ElementType type) {
    OwnedReducer reducer(kernels, type, {op}, 0);
    ReduceResult result;
    const bool needs_elements = FindReduction(op, type).needs_elements;
    CHECK(reducer->Result(0, &result) == (needs_elements ? Status::kEmptyInput : Status::kOk));
    reducer->Update(nullptr, 0);
    const std::uint8_t bytes[8] = {1};
    for (std::size_t i = 1; i < ElementSize(type); ++i) {
      reducer->Update(bytes + i - 1, 1);
      CHECK(reducer->Result(0, &result) == Status::kByteLength);
    }
    reducer->Update(bytes + ElementSize(type) - 1, 1);
    CHECK(reducer->Result(0, &result) == Status::kOk);
  });
}

TEST_CASE("an operation may be asked for twice") {
  OwnedReducer reducer(KernelsFor(Isa::kScalar), ElementType::kU8, {ReduceOp::kSum, ReduceOp::kMean, ReduceOp::kSum},
                       0);
  const std::uint8_t data[] = {1, 2, 6};
  reducer->Update(data, sizeof(data));
  const double expected[] = {9, 3, 9};
  for (std::size_t i = 0; i < 3; ++i) {
    ReduceResult result;
    REQUIRE(reducer->Result(i, &result) == Status::kOk);
    CHECK(result.number == expected[i]);
  }
}

}  // namespace
}  // namespace simd_arena
