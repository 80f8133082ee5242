#include "bindings/strided_elements.h"

namespace simd_arena {

Status LocateElements(const TypedArrayView& view, ElementType type, const Stride& stride, StridedElements* elements) {
  std::size_t bytes;
  if (Status status = CountBytes(view, type, &bytes); status != Status::kOk) return status;
  const std::size_t size = ElementSize(type);
  const std::size_t unit = view.length == 0 ? 1 : bytes / view.length;
  if (stride.offset > view.length || stride.stride == 0) return Status::kOutOfRange;
  const std::size_t rest = bytes - static_cast<std::size_t>(stride.offset) * unit;

  // A stride beyond the data is as good as one that just leaves it; it need not be multiplied.
  const std::size_t stride_bytes =
      stride.stride > bytes ? bytes + size : static_cast<std::size_t>(stride.stride) * unit;
  if (stride_bytes < size) return Status::kOutOfRange;
  const std::size_t fitting = rest < size ? 0 : (rest - size) / stride_bytes + 1;
  if (stride.count != Stride::kAllThatFit && stride.count > fitting) return Status::kOutOfRange;

  elements->data = rest == 0 ? nullptr : view.data + (bytes - rest);
  elements->stride_bytes = stride_bytes;
  elements->count = stride.count == Stride::kAllThatFit ? fitting : static_cast<std::size_t>(stride.count);
  return Status::kOk;
}

}  // namespace simd_arena
