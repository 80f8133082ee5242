// Kernels for x86-64 with AVX2 and FMA: the primitives in 256-bit registers. Compiled with -mavx2 -mfma.
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

using F64 = __m256d;
constexpr std::size_t kF64Lanes = 4;

F64 BroadcastF64(double x) { return _mm256_set1_pd(x); }
F64 AddF64(F64 a, F64 b) { return _mm256_add_pd(a, b); }

/// acc + x. The product by 1 is exact, so this rounds once, like an addition; it runs on the ports that the conversion
/// leaves free.
F64 AddF32(F64 acc, const std::uint8_t* data) {
  const F64 x = _mm256_cvtps_pd(_mm_loadu_ps(reinterpret_cast<const float*>(data)));
  return _mm256_fmadd_pd(x, _mm256_set1_pd(1.0), acc);
}

double FoldF64(F64 v) {
  const __m128d pair = _mm_add_pd(_mm256_castpd256_pd128(v), _mm256_extractf128_pd(v, 1));
  return _mm_cvtsd_f64(_mm_add_sd(pair, _mm_unpackhi_pd(pair, pair)));
}

// bits

using Bits = __m256i;
constexpr std::size_t kBitsBytes = 32;

Bits Load(const std::uint8_t* data) { return _mm256_loadu_si256(reinterpret_cast<const Bits*>(data)); }
Bits BroadcastU32(std::uint32_t x) { return _mm256_set1_epi32(static_cast<int>(x)); }
Bits BroadcastU64(std::uint64_t x) { return _mm256_set1_epi64x(static_cast<long long>(x)); }
Bits And(Bits a, Bits b) { return _mm256_and_si256(a, b); }
Bits Or(Bits a, Bits b) { return _mm256_or_si256(a, b); }
Bits Xor(Bits a, Bits b) { return _mm256_xor_si256(a, b); }
Bits MinU8(Bits a, Bits b) { return _mm256_min_epu8(a, b); }
Bits MinU16(Bits a, Bits b) { return _mm256_min_epu16(a, b); }
Bits MinU32(Bits a, Bits b) { return _mm256_min_epu32(a, b); }
Bits MinI8(Bits a, Bits b) { return _mm256_min_epi8(a, b); }
Bits MaxI8(Bits a, Bits b) { return _mm256_max_epi8(a, b); }
Bits MinI16(Bits a, Bits b) { return _mm256_min_epi16(a, b); }
Bits MaxI16(Bits a, Bits b) { return _mm256_max_epi16(a, b); }
Bits MinI32(Bits a, Bits b) { return _mm256_min_epi32(a, b); }
Bits MaxI32(Bits a, Bits b) { return _mm256_max_epi32(a, b); }
Bits MinI64(Bits a, Bits b) { return _mm256_blendv_epi8(a, b, _mm256_cmpgt_epi64(a, b)); }
Bits MaxI64(Bits a, Bits b) { return _mm256_blendv_epi8(b, a, _mm256_cmpgt_epi64(a, b)); }
Bits SignsI16(Bits v) { return _mm256_srai_epi16(v, 15); }
Bits SignsI32(Bits v) { return _mm256_srai_epi32(v, 31); }
Bits SignsI64(Bits v) { return _mm256_cmpgt_epi64(_mm256_setzero_si256(), v); }
Bits AddU32(Bits a, Bits b) { return _mm256_add_epi32(a, b); }
Bits AddU64(Bits a, Bits b) { return _mm256_add_epi64(a, b); }
Bits ShiftRightU64By32(Bits v) { return _mm256_srli_epi64(v, 32); }
Bits ShiftLeftU16By8(Bits v) { return _mm256_slli_epi16(v, 8); }
Bits ShiftRightU16By8(Bits v) { return _mm256_srli_epi16(v, 8); }
Bits ShiftRightI16By8(Bits v) { return _mm256_srai_epi16(v, 8); }
Bits SwapWords(Bits v) { return _mm256_shuffle_epi32(v, 0xB1); }
Bits AddPairProductsI16(Bits a, Bits b) { return _mm256_madd_epi16(a, b); }
Bits EvenProductsI32(Bits a, Bits b) { return _mm256_mul_epi32(a, b); }
Bits EvenProductsU32(Bits a, Bits b) { return _mm256_mul_epu32(a, b); }

void ProductsU16(Bits a, Bits b, Bits* first, Bits* second) {
  const Bits low = _mm256_mullo_epi16(a, b);
  const Bits high = _mm256_mulhi_epu16(a, b);
  *first = _mm256_unpacklo_epi16(low, high);
  *second = _mm256_unpackhi_epi16(low, high);
}

Bits SumBytes(Bits v) { return _mm256_sad_epu8(v, _mm256_setzero_si256()); }
bool HasSetBit(Bits v) { return _mm256_testz_si256(v, v) == 0; }
bool HasZeroU8(Bits v) { return HasSetBit(_mm256_cmpeq_epi8(v, _mm256_setzero_si256())); }
bool HasZeroU16(Bits v) { return HasSetBit(_mm256_cmpeq_epi16(v, _mm256_setzero_si256())); }
bool HasZeroU32(Bits v) { return HasSetBit(_mm256_cmpeq_epi32(v, _mm256_setzero_si256())); }

template <typename Combine>
std::uint64_t FoldLanes(Bits v, Combine combine) {
  v = combine(v, _mm256_permute4x64_epi64(v, 0x4E));
  v = combine(v, _mm256_shuffle_epi32(v, 0x4E));
  return static_cast<std::uint64_t>(_mm_cvtsi128_si64(_mm256_castsi256_si128(v)));
}

// bytes that move

using Window = __m128i;
constexpr std::size_t kWindowBytes = 16;

Window LoadWindow(const std::uint8_t* data) { return _mm_loadu_si128(reinterpret_cast<const Window*>(data)); }
void StoreWindow(std::uint8_t* out, Window v) { _mm_storeu_si128(reinterpret_cast<Window*>(out), v); }
Window ShuffleWindow(Window v, Window order) { return _mm_shuffle_epi8(v, order); }

#include "kernels/pack_windows_body.inc"
#include "kernels/partial_load_body.inc"
#include "kernels/reduction_bodies.inc"

}  // namespace

const KernelTable kAvx2Kernels = {
#define KERNEL(member, Function, Type) Function,
#include "kernels/kernel.def"
#undef KERNEL
};

}  // namespace simd_arena
