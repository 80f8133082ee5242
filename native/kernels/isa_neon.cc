// Kernels for AArch64: the primitives in 128-bit NEON registers, which every AArch64 CPU has. Needs no compiler flag.
//
// Everything is in an anonymous namespace, as in the units of the other instruction sets. Overflow, NaN and rounding
// are stated in the bodies.
#include <arm_neon.h>

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "kernels/isa_tables.h"

namespace simd_arena {
namespace {

// float64 lanes

using F64 = float64x2_t;
constexpr std::size_t kF64Lanes = 2;

F64 BroadcastF64(double x) { return vdupq_n_f64(x); }
F64 AddF64(F64 a, F64 b) { return vaddq_f64(a, b); }

F64 AddF32(F64 acc, const std::uint8_t* data) {
  return vaddq_f64(acc, vcvt_f64_f32(vreinterpret_f32_u8(vld1_u8(data))));
}

double FoldF64(F64 v) { return vgetq_lane_f64(v, 0) + vgetq_lane_f64(v, 1); }

// bits

using Bits = uint8x16_t;
constexpr std::size_t kBitsBytes = 16;

uint32x4_t AsU32(Bits v) { return vreinterpretq_u32_u8(v); }
uint64x2_t AsU64(Bits v) { return vreinterpretq_u64_u8(v); }

Bits Load(const std::uint8_t* data) { return vld1q_u8(data); }
Bits BroadcastU32(std::uint32_t x) { return vreinterpretq_u8_u32(vdupq_n_u32(x)); }
Bits And(Bits a, Bits b) { return vandq_u8(a, b); }
Bits Or(Bits a, Bits b) { return vorrq_u8(a, b); }
Bits Xor(Bits a, Bits b) { return veorq_u8(a, b); }
Bits MinU8(Bits a, Bits b) { return vminq_u8(a, b); }
Bits MinU32(Bits a, Bits b) { return vreinterpretq_u8_u32(vminq_u32(AsU32(a), AsU32(b))); }
Bits AddU64(Bits a, Bits b) { return vreinterpretq_u8_u64(vaddq_u64(AsU64(a), AsU64(b))); }
Bits ShiftRightU64By32(Bits v) { return vreinterpretq_u8_u64(vshrq_n_u64(AsU64(v), 32)); }
Bits SumBytes(Bits v) { return vreinterpretq_u8_u64(vpaddlq_u32(vpaddlq_u16(vpaddlq_u8(v)))); }
bool HasSetBit(Bits v) { return vmaxvq_u32(AsU32(v)) != 0; }
bool HasZeroU8(Bits v) { return vminvq_u8(v) == 0; }
bool HasZeroU32(Bits v) { return vminvq_u32(AsU32(v)) == 0; }

std::uint64_t FoldU64(Bits v) { return vaddvq_u64(AsU64(v)); }

#include "kernels/partial_load_body.inc"
#include "kernels/reduction_bodies.inc"

}  // namespace

const KernelTable kNeonKernels = {
#define KERNEL(member, Function, Type) Function,
#include "kernels/kernel.def"
#undef KERNEL
};

}  // namespace simd_arena
