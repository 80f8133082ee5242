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
F64 AddF64(F64 a, F64 b) { return a + b; }

F64 AddF32(F64 acc, const std::uint8_t* data) {
  float x;
  std::memcpy(&x, data, sizeof(x));
  return acc + static_cast<double>(x);
}

double FoldF64(F64 v) { return v; }

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
Bits And(Bits a, Bits b) { return a & b; }
Bits Or(Bits a, Bits b) { return a | b; }
Bits Xor(Bits a, Bits b) { return a ^ b; }

/// The lesser one of each pair of `width`-bit fields.
Bits MinFields(Bits a, Bits b, int width) {
  const Bits field = (Bits{1} << width) - 1;
  Bits result = 0;
  for (int shift = 0; shift < 64; shift += width) {
    const Bits x = a & (field << shift);
    const Bits y = b & (field << shift);
    result |= x < y ? x : y;
  }
  return result;
}

Bits MinU8(Bits a, Bits b) { return MinFields(a, b, 8); }
Bits MinU32(Bits a, Bits b) { return MinFields(a, b, 32); }
Bits AddU64(Bits a, Bits b) { return a + b; }
Bits ShiftRightU64By32(Bits v) { return v >> 32; }

/// Adds neighbours into four 16-bit fields; the product then sums those in its highest field.
Bits SumBytes(Bits v) {
  constexpr Bits kEvenBytes = 0x00FF00FF00FF00FFu;
  return ((v & kEvenBytes) + ((v >> 8) & kEvenBytes)) * 0x0001000100010001u >> 48;
}

bool HasSetBit(Bits v) { return v != 0; }

/// A borrow reaches the highest bit of a byte that did not have it set, at the latest in the first zero byte.
bool HasZeroU8(Bits v) { return ((v - 0x0101010101010101u) & ~v & 0x8080808080808080u) != 0; }

bool HasZeroU32(Bits v) { return (v & 0xFFFFFFFFu) == 0 || v >> 32 == 0; }

std::uint64_t FoldU64(Bits v) { return v; }

#include "kernels/partial_load_body.inc"
#include "kernels/reduction_bodies.inc"

}  // namespace

const KernelTable kScalarKernels = {
#define KERNEL(member, Function, Type) Function,
#include "kernels/kernel.def"
#undef KERNEL
};

}  // namespace simd_arena
