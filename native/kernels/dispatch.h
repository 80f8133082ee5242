// From an instruction set to its kernels.
#ifndef SIMD_ARENA_KERNELS_DISPATCH_H_
#define SIMD_ARENA_KERNELS_DISPATCH_H_

#include "base/cpu_features.h"
#include "kernels/kernel_table.h"

namespace simd_arena {

/// The kernels of `isa`, a constant that lives as long as the program. Requires IsaSupported(isa): the table of an
/// instruction set that the CPU does not have would fault when called, and those of other architectures are not built
/// (the scalar table stands in for them).
const KernelTable& KernelsFor(Isa isa);

}  // namespace simd_arena

#endif  // SIMD_ARENA_KERNELS_DISPATCH_H_
