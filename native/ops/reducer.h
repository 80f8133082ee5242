// Several reductions of elements that come in chunks, in one pass over them, with the bits of one call on the whole.
//
// Chunks may be cut anywhere, amid elements too. What does not fill a block waits in the reducer's memory:
//
//   block of elements | accumulator | accumulator | …
//
// where a block is the largest granularity of the accumulators. Operations that share an accumulator have one.
//
// Ownership: the memory is the caller's, who keeps it alive. Threads: one at a time. Allocates nothing.
#ifndef SIMD_ARENA_OPS_REDUCER_H_
#define SIMD_ARENA_OPS_REDUCER_H_

#include <cstddef>
#include <cstdint>

#include "base/element_type.h"
#include "base/status.h"
#include "ops/reduce.h"

namespace simd_arena {

class Reducer {
 public:
  /// The bytes of memory that a reducer needs, a multiple of the alignment of std::max_align_t: some hundred for each
  /// accumulator, and for the variance of floats 2048 elements.
  static std::size_t MemoryBytes(ElementType type, const ReduceOp* operations, std::size_t count);

  /// A reducer without elements. `operations` are `count` <= kReduceOps, none of them kDot. `memory` has MemoryBytes of
  /// the same arguments, aligned as std::max_align_t is.
  Reducer(const KernelTable& kernels, ElementType type, const ReduceOp* operations, std::size_t count,
          std::uint64_t ddof, std::uint8_t* memory);
  Reducer(const Reducer&) = delete;
  Reducer& operator=(const Reducer&) = delete;

  /// Takes the next `bytes` bytes. O(bytes).
  void Update(const std::uint8_t* data, std::size_t bytes);

  /// The result of operation `index` so far; more may follow. kByteLength amid an element; kEmptyInput where there is
  /// no result without elements. O(1).
  Status Result(std::size_t index, ReduceResult* result) const;

 private:
  struct Part {
    const Accumulator* accumulator;
    std::uint8_t* state;
  };

  /// Adds `n` elements to all accumulators: a multiple of block_elements_.
  void Add(const std::uint8_t* data, std::size_t n);

  const KernelTable& kernels_;
  std::size_t element_bytes_;
  std::size_t block_elements_ = 1;
  std::uint64_t ddof_;
  std::uint8_t* block_;
  std::size_t block_bytes_ = 0;       // in use
  std::uint64_t added_elements_ = 0;  // to the accumulators
  Part parts_[kReduceOps];            // one for each accumulator
  std::size_t part_count_ = 0;
  const Reduction* reductions_[kReduceOps];  // one for each operation
  const Part* part_of_[kReduceOps];
};

}  // namespace simd_arena

#endif  // SIMD_ARENA_OPS_REDUCER_H_
