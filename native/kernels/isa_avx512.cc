// Kernels for x86-64 with AVX-512 F, VL, BW and DQ: the primitives in 512-bit registers. Compiled with -mavx512f
// -mavx512vl -mavx512bw -mavx512dq -mf16c.
//
// Everything is in an anonymous namespace: a shared inline function compiled here could be linked into code that runs
// on older CPUs. Overflow, NaN and rounding are stated in the bodies.
#include <immintrin.h>

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "kernels/isa_tables.h"

namespace simd_arena {
namespace {

// float64 lanes

using F64 = __m512d;
constexpr std::size_t kF64Lanes = 8;

F64 BroadcastF64(double x) { return _mm512_set1_pd(x); }
F64 LoadLanes(const double* lanes) { return _mm512_loadu_pd(lanes); }
void StoreLanes(double* lanes, F64 v) { _mm512_storeu_pd(lanes, v); }
F64 AddF64(F64 a, F64 b) { return _mm512_add_pd(a, b); }
F64 SubF64(F64 a, F64 b) { return _mm512_sub_pd(a, b); }
F64 MulF64(F64 a, F64 b) { return _mm512_mul_pd(a, b); }
F64 AddElements(F64 acc, F64 x) { return _mm512_add_pd(acc, x); }
F64 MulAddExact(F64 a, F64 b, F64 acc) { return _mm512_fmadd_pd(a, b, acc); }

__mmask8 FirstLanes(std::size_t count) { return static_cast<__mmask8>((1u << count) - 1); }

F64 AddFirstF64(F64 acc, F64 x, std::size_t count) { return _mm512_mask_add_pd(acc, FirstLanes(count), acc, x); }

double FoldF64(F64 v) {
  const __m256d quad = _mm256_add_pd(_mm512_castpd512_pd256(v), _mm512_extractf64x4_pd(v, 1));
  const __m128d pair = _mm_add_pd(_mm256_castpd256_pd128(quad), _mm256_extractf128_pd(quad, 1));
  return _mm_cvtsd_f64(_mm_add_sd(pair, _mm_unpackhi_pd(pair, pair)));
}

F64 WidenF32(__m256 x) { return _mm512_cvtps_pd(x); }
F64 WidenF16(__m128i x) { return _mm512_cvtps_pd(_mm256_cvtph_ps(x)); }
F64 WidenBF16(__m128i x) {
  return _mm512_cvtps_pd(_mm256_castsi256_ps(_mm256_slli_epi32(_mm256_cvtepu16_epi32(x), 16)));
}

F64 LoadF64(const std::uint8_t* data) { return _mm512_loadu_pd(data); }
F64 LoadF32(const std::uint8_t* data) { return WidenF32(_mm256_loadu_ps(reinterpret_cast<const float*>(data))); }
F64 LoadF16(const std::uint8_t* data) { return WidenF16(_mm_loadu_si128(reinterpret_cast<const __m128i*>(data))); }
F64 LoadBF16(const std::uint8_t* data) { return WidenBF16(_mm_loadu_si128(reinterpret_cast<const __m128i*>(data))); }

F64 LoadFirstF64(const std::uint8_t* data, std::size_t count) { return _mm512_maskz_loadu_pd(FirstLanes(count), data); }
F64 LoadFirstF32(const std::uint8_t* data, std::size_t count) {
  return WidenF32(_mm256_maskz_loadu_ps(FirstLanes(count), data));
}
F64 LoadFirstF16(const std::uint8_t* data, std::size_t count) {
  return WidenF16(_mm_maskz_loadu_epi16(FirstLanes(count), data));
}
F64 LoadFirstBF16(const std::uint8_t* data, std::size_t count) {
  return WidenBF16(_mm_maskz_loadu_epi16(FirstLanes(count), data));
}

// bits

using Bits = __m512i;
constexpr std::size_t kBitsBytes = 64;

Bits Load(const std::uint8_t* data) { return _mm512_loadu_si512(data); }

Bits LoadShort(const std::uint8_t* data, std::size_t count, Bits fill) {
  return _mm512_mask_loadu_epi8(fill, (__mmask64{1} << count) - 1, data);
}

Bits BroadcastU32(std::uint32_t x) { return _mm512_set1_epi32(static_cast<int>(x)); }
Bits BroadcastU64(std::uint64_t x) { return _mm512_set1_epi64(static_cast<long long>(x)); }
Bits And(Bits a, Bits b) { return _mm512_and_si512(a, b); }
Bits Or(Bits a, Bits b) { return _mm512_or_si512(a, b); }
Bits Xor(Bits a, Bits b) { return _mm512_xor_si512(a, b); }
Bits MinU8(Bits a, Bits b) { return _mm512_min_epu8(a, b); }
Bits MinU16(Bits a, Bits b) { return _mm512_min_epu16(a, b); }
Bits MinU32(Bits a, Bits b) { return _mm512_min_epu32(a, b); }
Bits MinI8(Bits a, Bits b) { return _mm512_min_epi8(a, b); }
Bits MaxI8(Bits a, Bits b) { return _mm512_max_epi8(a, b); }
Bits MinI16(Bits a, Bits b) { return _mm512_min_epi16(a, b); }
Bits MaxI16(Bits a, Bits b) { return _mm512_max_epi16(a, b); }
Bits MinI32(Bits a, Bits b) { return _mm512_min_epi32(a, b); }
Bits MaxI32(Bits a, Bits b) { return _mm512_max_epi32(a, b); }
Bits MinI64(Bits a, Bits b) { return _mm512_min_epi64(a, b); }
Bits MaxI64(Bits a, Bits b) { return _mm512_max_epi64(a, b); }
Bits SignsI16(Bits v) { return _mm512_srai_epi16(v, 15); }
Bits SignsI32(Bits v) { return _mm512_srai_epi32(v, 31); }
Bits SignsI64(Bits v) { return _mm512_srai_epi64(v, 63); }
Bits AddU32(Bits a, Bits b) { return _mm512_add_epi32(a, b); }
Bits AddU64(Bits a, Bits b) { return _mm512_add_epi64(a, b); }
Bits ShiftRightU64By32(Bits v) { return _mm512_srli_epi64(v, 32); }
Bits ShiftLeftU16By8(Bits v) { return _mm512_slli_epi16(v, 8); }
Bits ShiftRightU16By8(Bits v) { return _mm512_srli_epi16(v, 8); }
Bits ShiftRightI16By8(Bits v) { return _mm512_srai_epi16(v, 8); }
Bits SwapWords(Bits v) { return _mm512_shuffle_epi32(v, static_cast<_MM_PERM_ENUM>(0xB1)); }
Bits AddPairProductsI16(Bits a, Bits b) { return _mm512_madd_epi16(a, b); }
Bits EvenProductsI32(Bits a, Bits b) { return _mm512_mul_epi32(a, b); }
Bits EvenProductsU32(Bits a, Bits b) { return _mm512_mul_epu32(a, b); }

void ProductsU16(Bits a, Bits b, Bits* first, Bits* second) {
  const Bits low = _mm512_mullo_epi16(a, b);
  const Bits high = _mm512_mulhi_epu16(a, b);
  *first = _mm512_unpacklo_epi16(low, high);
  *second = _mm512_unpackhi_epi16(low, high);
}

Bits SumBytes(Bits v) { return _mm512_sad_epu8(v, _mm512_setzero_si512()); }
bool HasSetBit(Bits v) { return _mm512_test_epi32_mask(v, v) != 0; }
bool HasZeroU8(Bits v) { return _mm512_testn_epi8_mask(v, v) != 0; }
bool HasZeroU16(Bits v) { return _mm512_testn_epi16_mask(v, v) != 0; }
bool HasZeroU32(Bits v) { return _mm512_testn_epi32_mask(v, v) != 0; }

template <typename Combine>
std::uint64_t FoldLanes(Bits v, Combine combine) {
  v = combine(v, _mm512_shuffle_i64x2(v, v, 0x4E));
  v = combine(v, _mm512_shuffle_i64x2(v, v, 0xB1));
  v = combine(v, _mm512_shuffle_epi32(v, static_cast<_MM_PERM_ENUM>(0x4E)));
  return static_cast<std::uint64_t>(_mm_cvtsi128_si64(_mm512_castsi512_si128(v)));
}

// bytes that move

using Window = __m128i;
constexpr std::size_t kWindowBytes = 16;

Window LoadWindow(const std::uint8_t* data) { return _mm_loadu_si128(reinterpret_cast<const Window*>(data)); }
void StoreWindow(std::uint8_t* out, Window v) { _mm_storeu_si128(reinterpret_cast<Window*>(out), v); }
Window ShuffleWindow(Window v, Window order) { return _mm_shuffle_epi8(v, order); }

#include "kernels/pack_windows_body.inc"
#include "kernels/reduction_bodies.inc"

}  // namespace

const KernelTable kAvx512Kernels = {
#define KERNEL(member, Function, Type) Function,
#include "kernels/kernel.def"
#undef KERNEL
};

}  // namespace simd_arena
