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
F64 LoadLanes(const double* lanes) { return vld1q_f64(lanes); }
void StoreLanes(double* lanes, F64 v) { vst1q_f64(lanes, v); }
F64 AddF64(F64 a, F64 b) { return vaddq_f64(a, b); }
F64 SubF64(F64 a, F64 b) { return vsubq_f64(a, b); }
F64 MulF64(F64 a, F64 b) { return vmulq_f64(a, b); }
F64 AddElements(F64 acc, F64 x) { return vaddq_f64(acc, x); }
F64 MulAddExact(F64 a, F64 b, F64 acc) { return vfmaq_f64(acc, a, b); }

F64 AddFirstF64(F64 acc, F64 x, std::size_t /*count*/) {
  return vcombine_f64(vadd_f64(vget_low_f64(acc), vget_low_f64(x)), vget_high_f64(acc));
}

double FoldF64(F64 v) { return vgetq_lane_f64(v, 0) + vgetq_lane_f64(v, 1); }

/// Two 16-bit elements, and the same two again.
uint16x4_t LoadTwo16(const std::uint8_t* data) {
  std::uint32_t pair;
  std::memcpy(&pair, data, sizeof(pair));
  return vreinterpret_u16_u32(vdup_n_u32(pair));
}

F64 LoadF64(const std::uint8_t* data) { return vreinterpretq_f64_u8(vld1q_u8(data)); }
F64 LoadF32(const std::uint8_t* data) { return vcvt_f64_f32(vreinterpret_f32_u8(vld1_u8(data))); }
F64 LoadF16(const std::uint8_t* data) {
  return vcvt_f64_f32(vget_low_f32(vcvt_f32_f16(vreinterpret_f16_u16(LoadTwo16(data)))));
}
F64 LoadBF16(const std::uint8_t* data) {
  return vcvt_f64_f32(vget_low_f32(vreinterpretq_f32_u32(vshll_n_u16(LoadTwo16(data), 16))));
}

// bits

using Bits = uint8x16_t;
constexpr std::size_t kBitsBytes = 16;

int8x16_t AsI8(Bits v) { return vreinterpretq_s8_u8(v); }
int16x8_t AsI16(Bits v) { return vreinterpretq_s16_u8(v); }
int32x4_t AsI32(Bits v) { return vreinterpretq_s32_u8(v); }
int64x2_t AsI64(Bits v) { return vreinterpretq_s64_u8(v); }
uint16x8_t AsU16(Bits v) { return vreinterpretq_u16_u8(v); }
uint32x4_t AsU32(Bits v) { return vreinterpretq_u32_u8(v); }
uint64x2_t AsU64(Bits v) { return vreinterpretq_u64_u8(v); }

Bits Load(const std::uint8_t* data) { return vld1q_u8(data); }
Bits BroadcastU32(std::uint32_t x) { return vreinterpretq_u8_u32(vdupq_n_u32(x)); }
Bits BroadcastU64(std::uint64_t x) { return vreinterpretq_u8_u64(vdupq_n_u64(x)); }
Bits And(Bits a, Bits b) { return vandq_u8(a, b); }
Bits Or(Bits a, Bits b) { return vorrq_u8(a, b); }
Bits Xor(Bits a, Bits b) { return veorq_u8(a, b); }
Bits MinU8(Bits a, Bits b) { return vminq_u8(a, b); }
Bits MinU16(Bits a, Bits b) { return vreinterpretq_u8_u16(vminq_u16(AsU16(a), AsU16(b))); }
Bits MinU32(Bits a, Bits b) { return vreinterpretq_u8_u32(vminq_u32(AsU32(a), AsU32(b))); }
Bits MinI8(Bits a, Bits b) { return vreinterpretq_u8_s8(vminq_s8(AsI8(a), AsI8(b))); }
Bits MaxI8(Bits a, Bits b) { return vreinterpretq_u8_s8(vmaxq_s8(AsI8(a), AsI8(b))); }
Bits MinI16(Bits a, Bits b) { return vreinterpretq_u8_s16(vminq_s16(AsI16(a), AsI16(b))); }
Bits MaxI16(Bits a, Bits b) { return vreinterpretq_u8_s16(vmaxq_s16(AsI16(a), AsI16(b))); }
Bits MinI32(Bits a, Bits b) { return vreinterpretq_u8_s32(vminq_s32(AsI32(a), AsI32(b))); }
Bits MaxI32(Bits a, Bits b) { return vreinterpretq_u8_s32(vmaxq_s32(AsI32(a), AsI32(b))); }
Bits MinI64(Bits a, Bits b) { return vbslq_u8(vreinterpretq_u8_u64(vcgtq_s64(AsI64(a), AsI64(b))), b, a); }
Bits MaxI64(Bits a, Bits b) { return vbslq_u8(vreinterpretq_u8_u64(vcgtq_s64(AsI64(a), AsI64(b))), a, b); }
Bits SignsI16(Bits v) { return vreinterpretq_u8_s16(vshrq_n_s16(AsI16(v), 15)); }
Bits SignsI32(Bits v) { return vreinterpretq_u8_s32(vshrq_n_s32(AsI32(v), 31)); }
Bits SignsI64(Bits v) { return vreinterpretq_u8_s64(vshrq_n_s64(AsI64(v), 63)); }
Bits AddU32(Bits a, Bits b) { return vreinterpretq_u8_u32(vaddq_u32(AsU32(a), AsU32(b))); }
Bits AddU64(Bits a, Bits b) { return vreinterpretq_u8_u64(vaddq_u64(AsU64(a), AsU64(b))); }
Bits ShiftRightU64By32(Bits v) { return vreinterpretq_u8_u64(vshrq_n_u64(AsU64(v), 32)); }
Bits ShiftLeftU16By8(Bits v) { return vreinterpretq_u8_u16(vshlq_n_u16(AsU16(v), 8)); }
Bits ShiftRightU16By8(Bits v) { return vreinterpretq_u8_u16(vshrq_n_u16(AsU16(v), 8)); }
Bits ShiftRightI16By8(Bits v) { return vreinterpretq_u8_s16(vshrq_n_s16(AsI16(v), 8)); }
Bits SwapWords(Bits v) { return vreinterpretq_u8_u32(vrev64q_u32(AsU32(v))); }

Bits AddPairProductsI16(Bits a, Bits b) {
  const int32x4_t low = vmull_s16(vget_low_s16(AsI16(a)), vget_low_s16(AsI16(b)));
  return vreinterpretq_u8_s32(vpaddq_s32(low, vmull_high_s16(AsI16(a), AsI16(b))));
}

Bits EvenProductsI32(Bits a, Bits b) {
  return vreinterpretq_u8_s64(vmull_s32(vmovn_s64(AsI64(a)), vmovn_s64(AsI64(b))));
}

Bits EvenProductsU32(Bits a, Bits b) {
  return vreinterpretq_u8_u64(vmull_u32(vmovn_u64(AsU64(a)), vmovn_u64(AsU64(b))));
}

void ProductsU16(Bits a, Bits b, Bits* first, Bits* second) {
  *first = vreinterpretq_u8_u32(vmull_u16(vget_low_u16(AsU16(a)), vget_low_u16(AsU16(b))));
  *second = vreinterpretq_u8_u32(vmull_high_u16(AsU16(a), AsU16(b)));
}

Bits SumBytes(Bits v) { return vreinterpretq_u8_u64(vpaddlq_u32(vpaddlq_u16(vpaddlq_u8(v)))); }
bool HasSetBit(Bits v) { return vmaxvq_u32(AsU32(v)) != 0; }
bool HasZeroU8(Bits v) { return vminvq_u8(v) == 0; }
bool HasZeroU16(Bits v) { return vminvq_u16(AsU16(v)) == 0; }
bool HasZeroU32(Bits v) { return vminvq_u32(AsU32(v)) == 0; }

template <typename Combine>
std::uint64_t FoldLanes(Bits v, Combine combine) {
  return vgetq_lane_u64(AsU64(combine(v, vextq_u8(v, v, 8))), 0);
}

// bytes that move

using Window = uint8x16_t;
constexpr std::size_t kWindowBytes = 16;

Window LoadWindow(const std::uint8_t* data) { return vld1q_u8(data); }
void StoreWindow(std::uint8_t* out, Window v) { vst1q_u8(out, v); }
Window ShuffleWindow(Window v, Window order) { return vqtbl1q_u8(v, order); }

#include "kernels/first_element_body.inc"
#include "kernels/pack_windows_body.inc"
#include "kernels/partial_load_body.inc"
#include "kernels/reduction_bodies.inc"

}  // namespace

const KernelTable kNeonKernels = {
#define KERNEL(member, Function, Type) Function,
#include "kernels/kernel.def"
#undef KERNEL
};

}  // namespace simd_arena
