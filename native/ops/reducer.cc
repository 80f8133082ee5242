#include "ops/reducer.h"

#include <algorithm>
#include <cstring>

namespace simd_arena {

namespace {

/// Bytes that all accumulators read before the next ones are: as many as stay in the first-level cache.
constexpr std::size_t kTileBytes = 16384;

constexpr std::size_t RoundUp(std::size_t bytes) {
  constexpr std::size_t kAlignment = alignof(std::max_align_t);
  return (bytes + kAlignment - 1) / kAlignment * kAlignment;
}

}  // namespace

std::size_t Reducer::MemoryBytes(ElementType type, const ReduceOp* operations, std::size_t count) {
  std::size_t granularity = 1;
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const Accumulator& accumulator = *FindReduction(operations[i], type).accumulator;
    granularity = std::max(granularity, accumulator.granularity);
    bytes += RoundUp(accumulator.bytes);
  }
  return RoundUp(granularity * ElementSize(type)) + bytes;
}

Reducer::Reducer(const KernelTable& kernels, ElementType type, const ReduceOp* operations, std::size_t count,
                 std::uint64_t ddof, std::uint8_t* memory)
    : kernels_(kernels), element_bytes_(ElementSize(type)), ddof_(ddof), block_(memory) {
  for (std::size_t i = 0; i < count; ++i) {
    reductions_[i] = &FindReduction(operations[i], type);
    block_elements_ = std::max(block_elements_, reductions_[i]->accumulator->granularity);
  }
  std::uint8_t* state = memory + RoundUp(block_elements_ * element_bytes_);
  for (std::size_t i = 0; i < count; ++i) {
    const Accumulator* const accumulator = reductions_[i]->accumulator;
    Part* const end = parts_ + part_count_;
    Part* const part = std::find_if(parts_, end, [&](const Part& p) { return p.accumulator == accumulator; });
    part_of_[i] = part;
    if (part != end) continue;
    *part = {accumulator, state};
    accumulator->begin(state);
    state += RoundUp(accumulator->bytes);
    ++part_count_;
  }
}

void Reducer::Update(const std::uint8_t* data, std::size_t bytes) {
  const std::size_t capacity = block_elements_ * element_bytes_;
  if (block_bytes_ > 0) {
    const std::size_t taken = std::min(bytes, capacity - block_bytes_);
    if (taken > 0) std::memcpy(block_ + block_bytes_, data, taken);
    block_bytes_ += taken;
    if (block_bytes_ < capacity) return;
    Add(block_, block_elements_);
    block_bytes_ = 0;
    data += taken;
    bytes -= taken;
  }
  const std::size_t tile = std::max(capacity, kTileBytes);
  const std::size_t whole = bytes - bytes % capacity;
  for (std::size_t start = 0; start < whole; start += tile) {
    Add(data + start, std::min(tile, whole - start) / element_bytes_);
  }
  block_bytes_ = bytes - whole;
  if (block_bytes_ > 0) std::memcpy(block_, data + whole, block_bytes_);
}

void Reducer::Add(const std::uint8_t* data, std::size_t n) {
  for (std::size_t i = 0; i < part_count_; ++i) parts_[i].accumulator->add(kernels_, parts_[i].state, data, n);
  added_elements_ += n;
}

Status Reducer::Result(std::size_t index, ReduceResult* result) const {
  if (block_bytes_ % element_bytes_ != 0) return Status::kByteLength;
  const std::size_t rest = block_bytes_ / element_bytes_;
  const std::uint64_t n = added_elements_ + rest;
  const Reduction& reduction = *reductions_[index];
  if (n == 0 && reduction.needs_elements) return Status::kEmptyInput;

  // The rest, which only the last call may add, goes into a copy.
  const Part& part = *part_of_[index];
  alignas(std::max_align_t) std::uint8_t state[kMaxAccumulatorBytes];
  std::memcpy(state, part.state, part.accumulator->bytes);
  part.accumulator->add(kernels_, state, block_, rest);
  reduction.finish(kernels_, state, n, ddof_, result);
  return Status::kOk;
}

}  // namespace simd_arena
