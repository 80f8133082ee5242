// The one table that each unit isa_<name>.cc exports. Included by those units and by dispatch.cc only; a table exists
// only in builds for its architecture.
#ifndef SIMD_ARENA_KERNELS_ISA_TABLES_H_
#define SIMD_ARENA_KERNELS_ISA_TABLES_H_

#include "kernels/kernel_table.h"

namespace simd_arena {

extern const KernelTable kScalarKernels;
extern const KernelTable kSse42Kernels;
extern const KernelTable kAvx2Kernels;
extern const KernelTable kAvx512Kernels;
extern const KernelTable kNeonKernels;

}  // namespace simd_arena

#endif  // SIMD_ARENA_KERNELS_ISA_TABLES_H_
