// Kernels in portable C++, for every CPU: the primitives on plain arrays, which a compiler may vectorise as it likes.
//
// Everything is in an anonymous namespace, as in the units of the other instruction sets. Overflow, NaN and rounding
// are stated in the bodies.
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "kernels/isa_tables.h"

namespace simd_arena {
namespace {

// float64 lanes

using F64 = double;
constexpr std::size_t kF64Lanes = 1;

F64 BroadcastF64(double x) { return x; }
F64 LoadLanes(const double* lanes) { return *lanes; }
void StoreLanes(double* lanes, F64 v) { *lanes = v; }
F64 AddF64(F64 a, F64 b) { return a + b; }
F64 SubF64(F64 a, F64 b) { return a - b; }
F64 MulF64(F64 a, F64 b) { return a * b; }
F64 AddElements(F64 acc, F64 x) { return acc + x; }
F64 MulAddExact(F64 a, F64 b, F64 acc) { return acc + a * b; }
F64 AddFirstF64(F64 acc, F64 x, std::size_t /*count*/) { return acc + x; }
double FoldF64(F64 v) { return v; }

template <typename Value>
Value LoadValue(const std::uint8_t* data) {
  Value value;
  std::memcpy(&value, data, sizeof(value));
  return value;
}

F64 LoadF64(const std::uint8_t* data) { return LoadValue<double>(data); }
F64 LoadF32(const std::uint8_t* data) { return static_cast<double>(LoadValue<float>(data)); }

F64 WidenF32Bits(std::uint32_t bits) { return LoadF32(reinterpret_cast<const std::uint8_t*>(&bits)); }

F64 LoadBF16(const std::uint8_t* data) { return WidenF32Bits(std::uint32_t{LoadValue<std::uint16_t>(data)} << 16); }

/// The exponent moves up by 127 - 15, and by as much again in infinities and NaN. A subnormal m * 2^-24 is the fraction
/// of 2^-14 * (1 + m * 2^-10).
F64 LoadF16(const std::uint8_t* data) {
  constexpr std::uint32_t kExponent = 0x7C00u << 13, kBias = 112u << 23, kLeastNormal = kBias + (1u << 23);
  const std::uint32_t half = LoadValue<std::uint16_t>(data);
  const std::uint32_t sign = (half & 0x8000u) << 16;
  const std::uint32_t magnitude = (half & 0x7FFFu) << 13;
  const std::uint32_t exponent = magnitude & kExponent;
  if (exponent == 0) {
    const F64 subnormal = WidenF32Bits(magnitude | kLeastNormal) - 0x1p-14;
    return sign != 0 ? -subnormal : subnormal;
  }
  return WidenF32Bits((magnitude + (exponent == kExponent ? 2 * kBias : kBias)) | sign);
}

// bits

/// Eight bytes, in memory order.
using Bits = std::uint64_t;
constexpr std::size_t kBitsBytes = 8;

Bits Load(const std::uint8_t* data) {
  Bits v;
  std::memcpy(&v, data, sizeof(v));
  return v;
}

Bits BroadcastU32(std::uint32_t x) { return (Bits{x} << 32) | x; }
Bits BroadcastU64(std::uint64_t x) { return x; }
Bits And(Bits a, Bits b) { return a & b; }
Bits Or(Bits a, Bits b) { return a | b; }
Bits Xor(Bits a, Bits b) { return a ^ b; }

/// `combine` applied to each pair of fields of type T.
template <typename T, typename Combine>
Bits ForEachField(Bits a, Bits b, Combine combine) {
  constexpr std::size_t kFields = kBitsBytes / sizeof(T);
  T x[kFields], y[kFields];
  std::memcpy(x, &a, kBitsBytes);
  std::memcpy(y, &b, kBitsBytes);
  for (std::size_t i = 0; i < kFields; ++i) x[i] = static_cast<T>(combine(x[i], y[i]));
  std::memcpy(&a, x, kBitsBytes);
  return a;
}

template <typename T>
Bits MinFields(Bits a, Bits b) {
  return ForEachField<T>(a, b, [](T x, T y) { return x < y ? x : y; });
}

template <typename T>
Bits MaxFields(Bits a, Bits b) {
  return ForEachField<T>(a, b, [](T x, T y) { return x > y ? x : y; });
}

/// All bits of a field that is negative, none of another.
template <typename T>
Bits SignFields(Bits v) {
  return ForEachField<T>(v, v, [](T x, T) { return x < 0 ? -1 : 0; });
}

Bits MinU8(Bits a, Bits b) { return MinFields<std::uint8_t>(a, b); }
Bits MinU16(Bits a, Bits b) { return MinFields<std::uint16_t>(a, b); }
Bits MinU32(Bits a, Bits b) { return MinFields<std::uint32_t>(a, b); }
Bits MinI8(Bits a, Bits b) { return MinFields<std::int8_t>(a, b); }
Bits MaxI8(Bits a, Bits b) { return MaxFields<std::int8_t>(a, b); }
Bits MinI16(Bits a, Bits b) { return MinFields<std::int16_t>(a, b); }
Bits MaxI16(Bits a, Bits b) { return MaxFields<std::int16_t>(a, b); }
Bits MinI32(Bits a, Bits b) { return MinFields<std::int32_t>(a, b); }
Bits MaxI32(Bits a, Bits b) { return MaxFields<std::int32_t>(a, b); }
Bits MinI64(Bits a, Bits b) { return MinFields<std::int64_t>(a, b); }
Bits MaxI64(Bits a, Bits b) { return MaxFields<std::int64_t>(a, b); }
Bits SignsI16(Bits v) { return SignFields<std::int16_t>(v); }
Bits SignsI32(Bits v) { return SignFields<std::int32_t>(v); }
Bits SignsI64(Bits v) { return SignFields<std::int64_t>(v); }

Bits AddU32(Bits a, Bits b) {
  return ForEachField<std::uint32_t>(a, b, [](std::uint32_t x, std::uint32_t y) { return x + y; });
}

Bits AddU64(Bits a, Bits b) { return a + b; }
Bits ShiftRightU64By32(Bits v) { return v >> 32; }
Bits ShiftLeftU16By8(Bits v) { return (v & 0x00FF00FF00FF00FFu) << 8; }
Bits ShiftRightU16By8(Bits v) { return (v >> 8) & 0x00FF00FF00FF00FFu; }

Bits ShiftRightI16By8(Bits v) {
  return ForEachField<std::int16_t>(v, v, [](std::int16_t x, std::int16_t) { return x >> 8; });
}

Bits SwapWords(Bits v) { return (v << 32) | (v >> 32); }

Bits EvenProductsU32(Bits a, Bits b) { return (a & 0xFFFFFFFFu) * (b & 0xFFFFFFFFu); }

Bits EvenProductsI32(Bits a, Bits b) {
  return static_cast<Bits>(std::int64_t{static_cast<std::int32_t>(a)} * static_cast<std::int32_t>(b));
}

/// The product of field `i` of 16 bits, as an unsigned word.
std::uint32_t ProductI16(Bits a, Bits b, int i) {
  return static_cast<std::uint32_t>(static_cast<std::int16_t>(a >> (16 * i)) *
                                    static_cast<std::int16_t>(b >> (16 * i)));
}

Bits AddPairProductsI16(Bits a, Bits b) {
  return (Bits{ProductI16(a, b, 2) + ProductI16(a, b, 3)} << 32) | (ProductI16(a, b, 0) + ProductI16(a, b, 1));
}

/// The product of the lowest fields of 16 bits.
Bits LowestProductU16(Bits a, Bits b) { return (a & 0xFFFFu) * (b & 0xFFFFu); }

void ProductsU16(Bits a, Bits b, Bits* first, Bits* second) {
  *first = LowestProductU16(a, b) | (LowestProductU16(a >> 16, b >> 16) << 32);
  *second = LowestProductU16(a >> 32, b >> 32) | (LowestProductU16(a >> 48, b >> 48) << 32);
}

/// Adds neighbours into four 16-bit fields; the product then sums those in its highest field.
Bits SumBytes(Bits v) {
  constexpr Bits kEvenBytes = 0x00FF00FF00FF00FFu;
  return ((v & kEvenBytes) + ((v >> 8) & kEvenBytes)) * 0x0001000100010001u >> 48;
}

bool HasSetBit(Bits v) { return v != 0; }

/// A borrow reaches the highest bit of a byte that did not have it set, at the latest in the first zero byte.
bool HasZeroU8(Bits v) { return ((v - 0x0101010101010101u) & ~v & 0x8080808080808080u) != 0; }

bool HasZeroU16(Bits v) { return ((v - 0x0001000100010001u) & ~v & 0x8000800080008000u) != 0; }

bool HasZeroU32(Bits v) { return (v & 0xFFFFFFFFu) == 0 || v >> 32 == 0; }

template <typename Combine>
std::uint64_t FoldLanes(Bits v, Combine) {
  return v;
}

// bytes that move

/// Packs nothing: without byte shuffles, single elements are as fast.
std::size_t PackWindows(const std::uint8_t*, std::size_t, std::size_t, std::size_t, std::uint8_t*) { return 0; }

#include "kernels/first_element_body.inc"
#include "kernels/partial_load_body.inc"
#include "kernels/reduction_bodies.inc"

}  // namespace

const KernelTable kScalarKernels = {
#define KERNEL(member, Function, Type) Function,
#include "kernels/kernel.def"
#undef KERNEL
};

}  // namespace simd_arena
