#include "bindings/strided_elements.h"

namespace simd_arena {

Status LocateElements(const ViewBytes& bytes, ElementType type, const Stride& stride, StridedElements* elements) {
  const std::size_t size = ElementSize(type);
  if (stride.offset > bytes.length || stride.stride < size) return Status::kOutOfRange;
  const std::size_t rest = bytes.length - static_cast<std::size_t>(stride.offset);
  const std::size_t fitting = rest < size ? 0 : (rest - size) / static_cast<std::size_t>(stride.stride) + 1;
  if (stride.count != Stride::kAllThatFit && stride.count > fitting) return Status::kOutOfRange;

  elements->data = rest == 0 ? nullptr : bytes.data + stride.offset;
  elements->stride = static_cast<std::size_t>(stride.stride);
  elements->count = stride.count == Stride::kAllThatFit ? fitting : static_cast<std::size_t>(stride.count);
  return Status::kOk;
}

}  // namespace simd_arena
