// Runs a piece of a test once for each instruction set that this CPU has.
#ifndef SIMD_ARENA_TEST_SUPPORT_EACH_ISA_H_
#define SIMD_ARENA_TEST_SUPPORT_EACH_ISA_H_

#include <doctest/doctest.h>

#include "base/cpu_features.h"
#include "kernels/dispatch.h"

namespace simd_arena {

/// Calls `test(kernels)`; a failure inside names the instruction set.
template <typename Test>
void ForEachIsa(Test test) {
  for (Isa isa : kAllIsas) {
    if (!IsaSupported(isa)) continue;
    INFO("instruction set: ", IsaName(isa));
    test(KernelsFor(isa));
  }
}

template <typename T>
const std::uint8_t* Bytes(const T& vector) {
  return reinterpret_cast<const std::uint8_t*>(vector.data());
}

}  // namespace simd_arena

#endif  // SIMD_ARENA_TEST_SUPPORT_EACH_ISA_H_
