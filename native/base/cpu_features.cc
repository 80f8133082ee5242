#include "base/cpu_features.h"

#include <cstdint>
#include <cstring>

#if defined(__x86_64__)
#include <cpuid.h>
#endif

namespace simd_arena {
namespace {

#if defined(__x86_64__)

constexpr bool HasAll(std::uint64_t value, std::uint64_t bits) { return (value & bits) == bits; }

/// Register sets that the operating system saves on a context switch (XCR0), 0 if it does not say.
std::uint64_t SavedRegisterSets(std::uint32_t leaf1_ecx) {
  constexpr std::uint32_t kOsxsave = 1u << 27;
  if (!HasAll(leaf1_ecx, kOsxsave)) return 0;
  std::uint32_t low = 0;
  std::uint32_t high = 0;
  __asm__("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return (static_cast<std::uint64_t>(high) << 32) | low;
}

bool X86Supports(Isa isa) {
  constexpr std::uint32_t kFma = 1u << 12, kSse42 = 1u << 20, kPopcnt = 1u << 23, kF16c = 1u << 29;  // leaf 1, ECX
  constexpr std::uint32_t kAvx2 = 1u << 5;                                                           // leaf 7, EBX
  constexpr std::uint32_t kAvx512 = (1u << 16) | (1u << 17) | (1u << 30) | (1u << 31);  // F, DQ, BW, VL: leaf 7, EBX
  constexpr std::uint64_t kYmmSaved = 0x06;                                             // XMM, YMM
  constexpr std::uint64_t kZmmSaved = kYmmSaved | 0xE0;  // and the mask registers, ZMM0-15 high halves, ZMM16-31

  std::uint32_t eax = 0, leaf1_ecx = 0, leaf7_ebx = 0, ecx = 0, edx = 0, ebx = 0;
  if (__get_cpuid(1, &eax, &ebx, &leaf1_ecx, &edx) == 0) return false;
  if (__get_cpuid_count(7, 0, &eax, &leaf7_ebx, &ecx, &edx) == 0) leaf7_ebx = 0;
  const std::uint64_t saved = SavedRegisterSets(leaf1_ecx);

  const bool sse42 = HasAll(leaf1_ecx, kSse42 | kPopcnt);
  const bool avx2 = sse42 && HasAll(leaf1_ecx, kFma | kF16c) && HasAll(leaf7_ebx, kAvx2) && HasAll(saved, kYmmSaved);
  const bool avx512 = avx2 && HasAll(leaf7_ebx, kAvx512) && HasAll(saved, kZmmSaved);
  return (isa == Isa::kSse42 && sse42) || (isa == Isa::kAvx2 && avx2) || (isa == Isa::kAvx512 && avx512);
}

#endif  // defined(__x86_64__)

}  // namespace

const char* IsaName(Isa isa) {
  constexpr const char* kNames[] = {"scalar", "sse42", "avx2", "avx512", "neon"};
  return kNames[static_cast<int>(isa)];
}

bool IsaSupported(Isa isa) {
  if (isa == Isa::kScalar) return true;
#if defined(__x86_64__)
  return X86Supports(isa);
#elif defined(__aarch64__)
  return isa == Isa::kNeon;
#else
  return false;
#endif
}

Isa DetectBestIsa() {
  Isa best = Isa::kScalar;
  for (Isa isa : kAllIsas) {
    if (IsaSupported(isa)) best = isa;
  }
  return best;
}

Status ParseIsa(const char* forced_name, Isa* isa) {
  if (forced_name == nullptr) {
    *isa = DetectBestIsa();
    return Status::kOk;
  }
  for (Isa candidate : kAllIsas) {
    if (std::strcmp(forced_name, IsaName(candidate)) == 0 && IsaSupported(candidate)) {
      *isa = candidate;
      return Status::kOk;
    }
  }
  return Status::kUnsupportedIsa;
}

}  // namespace simd_arena
