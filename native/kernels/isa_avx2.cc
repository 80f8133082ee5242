// Kernels for x86-64 with AVX2, FMA and F16C: the primitives in 256-bit registers. Compiled with -mavx2 -mfma
// -mf16c.
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
F64 LoadLanes(const double* lanes) { return _mm256_loadu_pd(lanes); }
void StoreLanes(double* lanes, F64 v) { _mm256_storeu_pd(lanes, v); }
F64 AddF64(F64 a, F64 b) { return _mm256_add_pd(a, b); }
F64 SubF64(F64 a, F64 b) { return _mm256_sub_pd(a, b); }
F64 MulF64(F64 a, F64 b) { return _mm256_mul_pd(a, b); }
/// The product by 1 is exact, so this rounds once, like an addition; it runs on the ports that the conversion leaves
/// free.
F64 AddElements(F64 acc, F64 x) { return _mm256_fmadd_pd(x, _mm256_set1_pd(1.0), acc); }
F64 MulAddExact(F64 a, F64 b, F64 acc) { return _mm256_fmadd_pd(a, b, acc); }

F64 AddFirstF64(F64 acc, F64 x, std::size_t count) {
  const __m256i lane = _mm256_set_epi64x(3, 2, 1, 0);
  const __m256i is_first = _mm256_cmpgt_epi64(_mm256_set1_epi64x(static_cast<std::int64_t>(count)), lane);
  return _mm256_blendv_pd(acc, _mm256_add_pd(acc, x), _mm256_castsi256_pd(is_first));
}

double FoldF64(F64 v) {
  const __m128d pair = _mm_add_pd(_mm256_castpd256_pd128(v), _mm256_extractf128_pd(v, 1));
  return _mm_cvtsd_f64(_mm_add_sd(pair, _mm_unpackhi_pd(pair, pair)));
}

F64 WidenF32(__m128 x) { return _mm256_cvtps_pd(x); }
F64 WidenF16(__m128i x) { return _mm256_cvtps_pd(_mm_cvtph_ps(x)); }
F64 WidenBF16(__m128i x) { return _mm256_cvtps_pd(_mm_castsi128_ps(_mm_unpacklo_epi16(_mm_setzero_si128(), x))); }

F64 LoadF64(const std::uint8_t* data) { return _mm256_loadu_pd(reinterpret_cast<const double*>(data)); }
F64 LoadF32(const std::uint8_t* data) { return WidenF32(_mm_loadu_ps(reinterpret_cast<const float*>(data))); }
F64 LoadF16(const std::uint8_t* data) { return WidenF16(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(data))); }
F64 LoadBF16(const std::uint8_t* data) { return WidenBF16(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(data))); }

/// The first three of `count` elements at `data`, the last one in place of those that are missing. Neither a masked
/// load (see partial_load_body.inc) nor a copy, whose wide load would wait for its narrow stores.
template <typename Value>
struct FirstThree {
  Value x, y, z;

  FirstThree(const std::uint8_t* data, std::size_t count)
      : x(At(data, 0)), y(At(data, count > 1 ? 1 : 0)), z(At(data, count - 1)) {}

  static Value At(const std::uint8_t* data, std::size_t i) {
    Value value;
    std::memcpy(&value, data + i * sizeof(value), sizeof(value));
    return value;
  }
};

__m128i LoadFirst16(const std::uint8_t* data, std::size_t count) {
  const FirstThree<std::int16_t> first(data, count);
  return _mm_setr_epi16(first.x, first.y, first.z, 0, 0, 0, 0, 0);
}

F64 LoadFirstF64(const std::uint8_t* data, std::size_t count) {
  const FirstThree<double> first(data, count);
  return _mm256_setr_pd(first.x, first.y, first.z, 0.0);
}
F64 LoadFirstF32(const std::uint8_t* data, std::size_t count) {
  const FirstThree<float> first(data, count);
  return WidenF32(_mm_setr_ps(first.x, first.y, first.z, 0.0f));
}
F64 LoadFirstF16(const std::uint8_t* data, std::size_t count) { return WidenF16(LoadFirst16(data, count)); }
F64 LoadFirstBF16(const std::uint8_t* data, std::size_t count) { return WidenBF16(LoadFirst16(data, count)); }

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
