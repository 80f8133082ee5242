// Finds elements that lie apart in a typed array: `count` of them, `stride` apart, from `offset` on.
#ifndef SIMD_ARENA_BINDINGS_STRIDED_ELEMENTS_H_
#define SIMD_ARENA_BINDINGS_STRIDED_ELEMENTS_H_

#include <cstddef>
#include <cstdint>
#include <limits>

#include "base/element_type.h"
#include "base/status.h"
#include "bindings/typed_array_view.h"

namespace simd_arena {

/// In elements of the array as it is indexed: of an array of bytes, in bytes.
struct Stride {
  std::uint64_t offset;
  std::uint64_t stride;
  std::uint64_t count;  ///< kAllThatFit, or a number of elements
  static constexpr std::uint64_t kAllThatFit = std::numeric_limits<std::uint64_t>::max();
};

struct StridedElements {
  const std::uint8_t* data;
  std::size_t stride_bytes;
  std::size_t count;
};

/// kElementType: an array of another type. kOutOfRange: the elements overlap, or reach beyond the array. No value of
/// `stride` overflows anything.
Status LocateElements(const TypedArrayView& view, ElementType type, const Stride& stride, StridedElements* elements);

}  // namespace simd_arena

#endif  // SIMD_ARENA_BINDINGS_STRIDED_ELEMENTS_H_
