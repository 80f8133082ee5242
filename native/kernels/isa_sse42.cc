// Kernels for x86-64 with SSE4.2: the primitives in 128-bit registers. Compiled with -msse4.2.
//
// Everything is in an anonymous namespace: a shared inline function compiled here could be linked into code that runs
// on older CPUs. Overflow, NaN and rounding are stated in the bodies.
#include <nmmintrin.h>

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "kernels/isa_tables.h"

namespace simd_arena {
namespace {

// float64 lanes

using F64 = __m128d;
constexpr std::size_t kF64Lanes = 2;

F64 BroadcastF64(double x) { return _mm_set1_pd(x); }
F64 LoadLanes(const double* lanes) { return _mm_loadu_pd(lanes); }
void StoreLanes(double* lanes, F64 v) { _mm_storeu_pd(lanes, v); }
F64 AddF64(F64 a, F64 b) { return _mm_add_pd(a, b); }
F64 SubF64(F64 a, F64 b) { return _mm_sub_pd(a, b); }
F64 MulF64(F64 a, F64 b) { return _mm_mul_pd(a, b); }
F64 AddElements(F64 acc, F64 x) { return _mm_add_pd(acc, x); }
F64 MulAddExact(F64 a, F64 b, F64 acc) { return _mm_add_pd(acc, _mm_mul_pd(a, b)); }
F64 AddFirstF64(F64 acc, F64 x, std::size_t /*count*/) { return _mm_add_sd(acc, x); }
double FoldF64(F64 v) { return _mm_cvtsd_f64(_mm_add_sd(v, _mm_unpackhi_pd(v, v))); }

/// Two 16-bit elements, each in the lower half of a 32-bit lane.
__m128i LoadTwo16(const std::uint8_t* data) {
  std::int32_t pair;
  std::memcpy(&pair, data, sizeof(pair));
  return _mm_cvtepu16_epi32(_mm_cvtsi32_si128(pair));
}

F64 LoadF64(const std::uint8_t* data) { return _mm_loadu_pd(reinterpret_cast<const double*>(data)); }
F64 LoadF32(const std::uint8_t* data) {
  return _mm_cvtps_pd(_mm_castsi128_ps(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(data))));
}
F64 LoadBF16(const std::uint8_t* data) { return _mm_cvtps_pd(_mm_castsi128_ps(_mm_slli_epi32(LoadTwo16(data), 16))); }

/// The exponent moves up by 127 - 15, and by as much again in infinities and NaN. A subnormal m * 2^-24 is the fraction
/// of 2^-14 * (1 + m * 2^-10).
F64 LoadF16(const std::uint8_t* data) {
  const __m128i bias = _mm_set1_epi32(112 << 23), least_normal = _mm_set1_epi32(113 << 23);
  const __m128i half = LoadTwo16(data);
  const __m128i sign = _mm_slli_epi32(_mm_and_si128(half, _mm_set1_epi32(0x8000)), 16);
  const __m128i magnitude = _mm_slli_epi32(_mm_and_si128(half, _mm_set1_epi32(0x7FFF)), 13);
  const __m128i is_finite = _mm_cmplt_epi32(magnitude, _mm_set1_epi32(0x7C00 << 13));
  const __m128i is_subnormal = _mm_cmplt_epi32(magnitude, _mm_set1_epi32(0x0400 << 13));
  const __m128i normal = _mm_add_epi32(_mm_add_epi32(magnitude, bias), _mm_andnot_si128(is_finite, bias));
  const __m128 subnormal =
      _mm_sub_ps(_mm_castsi128_ps(_mm_or_si128(magnitude, least_normal)), _mm_castsi128_ps(least_normal));
  const __m128i widened = _mm_blendv_epi8(normal, _mm_castps_si128(subnormal), is_subnormal);
  return _mm_cvtps_pd(_mm_castsi128_ps(_mm_or_si128(widened, sign)));
}

// bits

using Bits = __m128i;
constexpr std::size_t kBitsBytes = 16;

Bits Load(const std::uint8_t* data) { return _mm_loadu_si128(reinterpret_cast<const Bits*>(data)); }
Bits BroadcastU32(std::uint32_t x) { return _mm_set1_epi32(static_cast<int>(x)); }
Bits BroadcastU64(std::uint64_t x) { return _mm_set1_epi64x(static_cast<long long>(x)); }
Bits And(Bits a, Bits b) { return _mm_and_si128(a, b); }
Bits Or(Bits a, Bits b) { return _mm_or_si128(a, b); }
Bits Xor(Bits a, Bits b) { return _mm_xor_si128(a, b); }
Bits MinU8(Bits a, Bits b) { return _mm_min_epu8(a, b); }
Bits MinU16(Bits a, Bits b) { return _mm_min_epu16(a, b); }
Bits MinU32(Bits a, Bits b) { return _mm_min_epu32(a, b); }
Bits MinI8(Bits a, Bits b) { return _mm_min_epi8(a, b); }
Bits MaxI8(Bits a, Bits b) { return _mm_max_epi8(a, b); }
Bits MinI16(Bits a, Bits b) { return _mm_min_epi16(a, b); }
Bits MaxI16(Bits a, Bits b) { return _mm_max_epi16(a, b); }
Bits MinI32(Bits a, Bits b) { return _mm_min_epi32(a, b); }
Bits MaxI32(Bits a, Bits b) { return _mm_max_epi32(a, b); }
Bits MinI64(Bits a, Bits b) { return _mm_blendv_epi8(a, b, _mm_cmpgt_epi64(a, b)); }
Bits MaxI64(Bits a, Bits b) { return _mm_blendv_epi8(b, a, _mm_cmpgt_epi64(a, b)); }
Bits SignsI16(Bits v) { return _mm_srai_epi16(v, 15); }
Bits SignsI32(Bits v) { return _mm_srai_epi32(v, 31); }
Bits SignsI64(Bits v) { return _mm_cmpgt_epi64(_mm_setzero_si128(), v); }
Bits AddU32(Bits a, Bits b) { return _mm_add_epi32(a, b); }
Bits AddU64(Bits a, Bits b) { return _mm_add_epi64(a, b); }
Bits ShiftRightU64By32(Bits v) { return _mm_srli_epi64(v, 32); }
Bits ShiftLeftU16By8(Bits v) { return _mm_slli_epi16(v, 8); }
Bits ShiftRightU16By8(Bits v) { return _mm_srli_epi16(v, 8); }
Bits ShiftRightI16By8(Bits v) { return _mm_srai_epi16(v, 8); }
Bits SwapWords(Bits v) { return _mm_shuffle_epi32(v, 0xB1); }
Bits AddPairProductsI16(Bits a, Bits b) { return _mm_madd_epi16(a, b); }
Bits EvenProductsI32(Bits a, Bits b) { return _mm_mul_epi32(a, b); }
Bits EvenProductsU32(Bits a, Bits b) { return _mm_mul_epu32(a, b); }

void ProductsU16(Bits a, Bits b, Bits* first, Bits* second) {
  const Bits low = _mm_mullo_epi16(a, b);
  const Bits high = _mm_mulhi_epu16(a, b);
  *first = _mm_unpacklo_epi16(low, high);
  *second = _mm_unpackhi_epi16(low, high);
}

Bits SumBytes(Bits v) { return _mm_sad_epu8(v, _mm_setzero_si128()); }
bool HasSetBit(Bits v) { return _mm_testz_si128(v, v) == 0; }
bool HasZeroU8(Bits v) { return HasSetBit(_mm_cmpeq_epi8(v, _mm_setzero_si128())); }
bool HasZeroU16(Bits v) { return HasSetBit(_mm_cmpeq_epi16(v, _mm_setzero_si128())); }
bool HasZeroU32(Bits v) { return HasSetBit(_mm_cmpeq_epi32(v, _mm_setzero_si128())); }

template <typename Combine>
std::uint64_t FoldLanes(Bits v, Combine combine) {
  return static_cast<std::uint64_t>(_mm_cvtsi128_si64(combine(v, _mm_shuffle_epi32(v, 0x4E))));
}

// bytes that move

using Window = __m128i;
constexpr std::size_t kWindowBytes = 16;

Window LoadWindow(const std::uint8_t* data) { return _mm_loadu_si128(reinterpret_cast<const Window*>(data)); }
void StoreWindow(std::uint8_t* out, Window v) { _mm_storeu_si128(reinterpret_cast<Window*>(out), v); }
Window ShuffleWindow(Window v, Window order) { return _mm_shuffle_epi8(v, order); }

#include "kernels/first_element_body.inc"
#include "kernels/pack_windows_body.inc"
#include "kernels/partial_load_body.inc"
#include "kernels/reduction_bodies.inc"

}  // namespace

const KernelTable kSse42Kernels = {
#define KERNEL(member, Function, Type) Function,
#include "kernels/kernel.def"
#undef KERNEL
};

}  // namespace simd_arena
