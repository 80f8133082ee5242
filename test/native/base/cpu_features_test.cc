#include "base/cpu_features.h"

#include <doctest/doctest.h>

#include <string>

namespace simd_arena {
namespace {

TEST_CASE("the scalar kernels run everywhere, and the best instruction set is a supported one") {
  CHECK(IsaSupported(Isa::kScalar));
  CHECK(IsaSupported(DetectBestIsa()));
}

TEST_CASE("only the instruction sets of this architecture are supported") {
#if defined(__x86_64__)
  CHECK_FALSE(IsaSupported(Isa::kNeon));
#elif defined(__aarch64__)
  CHECK(DetectBestIsa() == Isa::kNeon);
  CHECK_FALSE(IsaSupported(Isa::kSse42));
  CHECK_FALSE(IsaSupported(Isa::kAvx2));
  CHECK_FALSE(IsaSupported(Isa::kAvx512));
#endif
}

TEST_CASE("each x86 instruction set includes the smaller ones") {
  if (IsaSupported(Isa::kAvx512)) CHECK(IsaSupported(Isa::kAvx2));
  if (IsaSupported(Isa::kAvx2)) CHECK(IsaSupported(Isa::kSse42));
}

#if defined(__x86_64__)
TEST_CASE("cpuid agrees with the compiler's own detection") {
  __builtin_cpu_init();
  CHECK(IsaSupported(Isa::kSse42) == (__builtin_cpu_supports("sse4.2") && __builtin_cpu_supports("popcnt")));
  CHECK(IsaSupported(Isa::kAvx2) ==
        (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("f16c")));
  CHECK(IsaSupported(Isa::kAvx512) == (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
                                       __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq")));
}
#endif

TEST_CASE("ParseIsa without a name chooses the best instruction set") {
  Isa isa = Isa::kScalar;
  REQUIRE(ParseIsa(nullptr, &isa) == Status::kOk);
  CHECK(isa == DetectBestIsa());
}

TEST_CASE("ParseIsa takes the name of a supported instruction set and refuses the others") {
  for (Isa named : kAllIsas) {
    INFO("name: ", IsaName(named));
    const Isa other = named == Isa::kScalar ? Isa::kNeon : Isa::kScalar;
    Isa isa = other;
    const Status status = ParseIsa(IsaName(named), &isa);
    CHECK(status == (IsaSupported(named) ? Status::kOk : Status::kUnsupportedIsa));
    CHECK(isa == (IsaSupported(named) ? named : other));
  }
}

TEST_CASE("ParseIsa refuses unknown names") {
  for (const char* name : {"", " ", "Scalar", "AVX2", "avx", "avx2 ", " avx2", "avx2,sse42", "scalar\n", "0", "best"}) {
    INFO("name: '", name, "'");
    Isa isa = Isa::kNeon;
    CHECK(ParseIsa(name, &isa) == Status::kUnsupportedIsa);
    CHECK(isa == Isa::kNeon);
  }
}

TEST_CASE("the names are the documented ones") {
  CHECK(std::string(IsaName(Isa::kScalar)) == "scalar");
  CHECK(std::string(IsaName(Isa::kSse42)) == "sse42");
  CHECK(std::string(IsaName(Isa::kAvx2)) == "avx2");
  CHECK(std::string(IsaName(Isa::kAvx512)) == "avx512");
  CHECK(std::string(IsaName(Isa::kNeon)) == "neon");
}

}  // namespace
}  // namespace simd_arena
