#include "kernels/dispatch.h"

#include "kernels/isa_tables.h"

namespace simd_arena {

const KernelTable& KernelsFor(Isa isa) {
  switch (isa) {
#if defined(__x86_64__)
    case Isa::kSse42:
      return kSse42Kernels;
    case Isa::kAvx2:
      return kAvx2Kernels;
    case Isa::kAvx512:
      return kAvx512Kernels;
#elif defined(__aarch64__)
    case Isa::kNeon:
      return kNeonKernels;
#endif
    default:
      return kScalarKernels;
  }
}

}  // namespace simd_arena
