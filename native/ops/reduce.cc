#include "ops/reduce.h"

namespace simd_arena {
namespace {

__extension__ using Int128 = __int128;

double SumF32(const KernelTable& kernels, const void* data, std::size_t n) {
  return kernels.sum_f32(static_cast<const std::uint8_t*>(data), n);
}

/// int64 sums of as many elements as cannot overflow, added in 128 bits.
double SumI32(const KernelTable& kernels, const void* data, std::size_t n) {
  const auto* bytes = static_cast<const std::uint8_t*>(data);
  Int128 sum = 0;
  for (; n > kMaxKernelElements; n -= kMaxKernelElements) {
    sum += kernels.sum_i32(bytes, kMaxKernelElements);
    bytes += kMaxKernelElements * sizeof(std::int32_t);
  }
  sum += kernels.sum_i32(bytes, n);
  return static_cast<double>(sum);
}

double SumU8(const KernelTable& kernels, const void* data, std::size_t n) {
  return static_cast<double>(kernels.sum_u8(static_cast<const std::uint8_t*>(data), n));
}

double SumBool(const KernelTable& kernels, const void* data, std::size_t n) {
  return static_cast<double>(kernels.count_nonzero_u8(static_cast<const std::uint8_t*>(data), n));
}

template <ReduceFn kSum>
double Mean(const KernelTable& kernels, const void* data, std::size_t n) {
  return kSum(kernels, data, n) / static_cast<double>(n);
}

using TruthKernel = bool (*KernelTable::*)(const std::uint8_t* data, std::size_t n);

template <TruthKernel kKernel>
double Truth(const KernelTable& kernels, const void* data, std::size_t n) {
  return (kernels.*kKernel)(static_cast<const std::uint8_t*>(data), n) ? 1.0 : 0.0;
}

constexpr std::size_t kOps = 0
#define REDUCE_OP(name, label) +1
#include "ops/reduce_op.def"
#undef REDUCE_OP
    ;

constexpr std::size_t kTypes = 0
#define ELEMENT_TYPE(name, label, size) +1
#include "base/element_type.def"
#undef ELEMENT_TYPE
    ;

/// One row per operation, in the order of reduce_op.def; one column per type, in the order of element_type.def.
constexpr ReduceFn kReduce[][4] = {
    // F32, I32, U8, Bool
    {SumF32, SumI32, SumU8, SumBool},
    {Mean<SumF32>, Mean<SumI32>, Mean<SumU8>, Mean<SumBool>},
    {Truth<&KernelTable::all_f32>, Truth<&KernelTable::all_u32>, Truth<&KernelTable::all_u8>,
     Truth<&KernelTable::all_u8>},
    {Truth<&KernelTable::any_f32>, Truth<&KernelTable::any_u32>, Truth<&KernelTable::any_u8>,
     Truth<&KernelTable::any_u8>},
};
static_assert(sizeof(kReduce) == kOps * kTypes * sizeof(ReduceFn), "an operation or an element type has no function");

}  // namespace

ReduceFn FindReduce(ReduceOp op, ElementType type) {
  return kReduce[static_cast<std::size_t>(op)][static_cast<std::size_t>(type)];
}

}  // namespace simd_arena
