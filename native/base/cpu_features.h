// The instruction sets that have kernels of their own, and which of them this CPU and operating system support.
//
// Own cpuid and xgetbv: the compiler's builtins read a table that other libraries may have initialised differently, and
// do not exist on every toolchain. Nothing is cached: cpuid traps under a hypervisor (tens of microseconds), so ask
// once, at load. All functions are pure and may be called from any thread.
#ifndef SIMD_ARENA_BASE_CPU_FEATURES_H_
#define SIMD_ARENA_BASE_CPU_FEATURES_H_

#include "base/status.h"

namespace simd_arena {

/// One enumerator per unit native/kernels/isa_<name>.cc.
enum class Isa {
  kScalar,  // portable C++; runs everywhere
  kSse42,   // x86-64 with SSE4.2 and POPCNT
  kAvx2,    // x86-64 with AVX2 and FMA
  kAvx512,  // x86-64 with AVX-512 F, VL, BW and DQ
  kNeon,    // AArch64, always there
};

/// All enumerators, from the slowest to the fastest of each architecture.
inline constexpr Isa kAllIsas[] = {Isa::kScalar, Isa::kSse42, Isa::kAvx2, Isa::kAvx512, Isa::kNeon};

/// The public name: "scalar", "sse42", "avx2", "avx512" or "neon".
const char* IsaName(Isa isa);

/// True if this build targets the architecture of `isa`, the CPU has its instructions, and the operating system saves
/// its registers.
bool IsaSupported(Isa isa);

/// The fastest supported instruction set.
Isa DetectBestIsa();

/// Chooses the instruction set to run: the one that `forced_name` names, or the best one if `forced_name` is null.
/// `forced_name` is the value of the environment variable SIMD_ARENA_ISA, which the caller reads.
/// Returns kUnsupportedIsa, and leaves `*isa` alone, if the name is unknown or IsaSupported() is false for it.
Status ParseIsa(const char* forced_name, Isa* isa);

}  // namespace simd_arena

#endif  // SIMD_ARENA_BASE_CPU_FEATURES_H_
