// Finds elements that lie apart: `count` of them, `stride` bytes apart, from byte `offset` on.
#ifndef SIMD_ARENA_BINDINGS_STRIDED_ELEMENTS_H_
#define SIMD_ARENA_BINDINGS_STRIDED_ELEMENTS_H_

#include <cstddef>
#include <cstdint>
#include <limits>

#include "base/element_type.h"
#include "base/status.h"
#include "bindings/view_bytes.h"

namespace simd_arena {

struct Stride {
  static constexpr std::uint64_t kAllThatFit = std::numeric_limits<std::uint64_t>::max();

  std::uint64_t offset;
  std::uint64_t stride;
  std::uint64_t count;  ///< or kAllThatFit
};

struct StridedElements {
  const std::uint8_t* data;
  std::size_t stride;
  std::size_t count;
};

/// kOutOfRange: the elements overlap, or reach beyond the data. No value of `stride` overflows anything.
Status LocateElements(const ViewBytes& bytes, ElementType type, const Stride& stride, StridedElements* elements);

}  // namespace simd_arena

#endif  // SIMD_ARENA_BINDINGS_STRIDED_ELEMENTS_H_
