#include "kernels/dispatch.h"

#include <doctest/doctest.h>

namespace simd_arena {
namespace {

TEST_CASE("each supported instruction set has kernels of its own, so that forcing one changes the code that runs") {
  for (Isa a : kAllIsas) {
    for (Isa b : kAllIsas) {
      if (a == b || !IsaSupported(a) || !IsaSupported(b)) continue;
      INFO(IsaName(a), " and ", IsaName(b));
#define KERNEL(member, Function, Type) CHECK((KernelsFor(a).member != KernelsFor(b).member));
#include "kernels/kernel.def"
#undef KERNEL
    }
  }
}

}  // namespace
}  // namespace simd_arena
