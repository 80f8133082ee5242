// The kernels of each element type, and what ops must know of it beside them: one struct for each row of
// base/element_type.def, as the parameter of templates over element types.
#ifndef SIMD_ARENA_OPS_ELEMENT_KERNELS_H_
#define SIMD_ARENA_OPS_ELEMENT_KERNELS_H_

#include <cstddef>
#include <cstdint>

#include "kernels/kernel_table.h"

namespace simd_arena::element {

// Elements by size, of which all but zero bits are true.

struct Word8 {
  static constexpr std::size_t kSize = 1;
  static constexpr auto kAll = &KernelTable::all_u8;
  static constexpr auto kAny = &KernelTable::any_u8;
  static constexpr auto kCountNonzero = &KernelTable::count_nonzero_u8;
  static constexpr auto kFind = &KernelTable::find_u8;
};

struct Word16 {
  static constexpr std::size_t kSize = 2;
  static constexpr auto kAll = &KernelTable::all_u16;
  static constexpr auto kAny = &KernelTable::any_u16;
  static constexpr auto kCountNonzero = &KernelTable::count_nonzero_u16;
  static constexpr auto kFind = &KernelTable::find_u16;
};

struct Word32 {
  static constexpr std::size_t kSize = 4;
  static constexpr auto kAll = &KernelTable::all_u32;
  static constexpr auto kAny = &KernelTable::any_u32;
  static constexpr auto kCountNonzero = &KernelTable::count_nonzero_u32;
  static constexpr auto kFind = &KernelTable::find_u32;
};

struct Word64 {
  static constexpr std::size_t kSize = 8;
  static constexpr auto kAll = &KernelTable::all_u64;
  static constexpr auto kAny = &KernelTable::any_u64;
  static constexpr auto kCountNonzero = &KernelTable::count_nonzero_u64;
  static constexpr auto kFind = &KernelTable::find_u64;
};

/// Integers; those of 64 bits have no kernel for products.
template <bool kSigned>
struct Integer {
  static constexpr bool kIsFloat = false;
  static constexpr bool kIsSigned = kSigned;
};

struct I8 : Word8, Integer<true> {
  static constexpr auto kSum = &KernelTable::sum_i8;
  static constexpr auto kDot = &KernelTable::dot_i8;
  static constexpr auto kExtremes = &KernelTable::extremes_i8;
};

struct U8 : Word8, Integer<false> {
  static constexpr auto kSum = &KernelTable::sum_u8;
  static constexpr auto kDot = &KernelTable::dot_u8;
  static constexpr auto kExtremes = &KernelTable::extremes_u8;
};

struct I16 : Word16, Integer<true> {
  static constexpr auto kSum = &KernelTable::sum_i16;
  static constexpr auto kDot = &KernelTable::dot_i16;
  static constexpr auto kExtremes = &KernelTable::extremes_i16;
};

struct U16 : Word16, Integer<false> {
  static constexpr auto kSum = &KernelTable::sum_u16;
  static constexpr auto kDot = &KernelTable::dot_u16;
  static constexpr auto kExtremes = &KernelTable::extremes_u16;
};

struct I32 : Word32, Integer<true> {
  static constexpr auto kSum = &KernelTable::sum_i32;
  static constexpr auto kDot = &KernelTable::dot_i32;
  static constexpr auto kExtremes = &KernelTable::extremes_i32;
};

struct U32 : Word32, Integer<false> {
  static constexpr auto kSum = &KernelTable::sum_u32;
  static constexpr auto kDot = &KernelTable::dot_u32;
  static constexpr auto kExtremes = &KernelTable::extremes_u32;
};

struct I64 : Word64, Integer<true> {
  static constexpr auto kSum = &KernelTable::sum_i64;
  static constexpr auto kExtremes = &KernelTable::extremes_i64;
};

struct U64 : Word64, Integer<false> {
  static constexpr auto kSum = &KernelTable::sum_u64;
  static constexpr auto kExtremes = &KernelTable::extremes_u64;
};

/// Bytes that are true or false: every one but 0 counts as 1.
struct Bool : Word8 {
  static constexpr bool kIsFloat = false;
  static constexpr bool kIsSigned = false;
};

/// Floats. kInfinity is the key of their infinity (struct Extremes): NaN have keys above it, or below ~kInfinity.
struct Float {
  static constexpr bool kIsFloat = true;
  static constexpr bool kIsSigned = true;
};

/// Floats of 16 bits, which differ in what the bits behind the sign mean, but not in how they compare.
struct Half : Word16, Float {
  static constexpr auto kAll = &KernelTable::all_f16;
  static constexpr auto kAny = &KernelTable::any_f16;
  static constexpr auto kCountNonzero = &KernelTable::count_nonzero_f16;
  static constexpr auto kExtremes = &KernelTable::extremes_f16;
};

struct F16 : Half {
  static constexpr std::int64_t kInfinity = 0x7C00;
  static constexpr auto kSum = &KernelTable::sum_f16;
  static constexpr auto kDot = &KernelTable::dot_f16;
  static constexpr auto kAdd = &KernelTable::add_f16;
  static constexpr auto kAddSquares = &KernelTable::add_squares_f16;
  static constexpr auto kTotal = &KernelTable::total_f16;
  static constexpr auto kMoments = &KernelTable::moments_f16;
};

struct BF16 : Half {
  static constexpr std::int64_t kInfinity = 0x7F80;
  static constexpr auto kSum = &KernelTable::sum_bf16;
  static constexpr auto kDot = &KernelTable::dot_bf16;
  static constexpr auto kAdd = &KernelTable::add_bf16;
  static constexpr auto kAddSquares = &KernelTable::add_squares_bf16;
  static constexpr auto kTotal = &KernelTable::total_bf16;
  static constexpr auto kMoments = &KernelTable::moments_bf16;
};

struct F32 : Word32, Float {
  static constexpr std::int64_t kInfinity = 0x7F800000;
  static constexpr auto kAll = &KernelTable::all_f32;
  static constexpr auto kAny = &KernelTable::any_f32;
  static constexpr auto kCountNonzero = &KernelTable::count_nonzero_f32;
  static constexpr auto kExtremes = &KernelTable::extremes_f32;
  static constexpr auto kSum = &KernelTable::sum_f32;
  static constexpr auto kDot = &KernelTable::dot_f32;
  static constexpr auto kAdd = &KernelTable::add_f32;
  static constexpr auto kAddSquares = &KernelTable::add_squares_f32;
  static constexpr auto kTotal = &KernelTable::total_f32;
  static constexpr auto kMoments = &KernelTable::moments_f32;
};

struct F64 : Word64, Float {
  static constexpr std::int64_t kInfinity = 0x7FF0000000000000;
  static constexpr auto kAll = &KernelTable::all_f64;
  static constexpr auto kAny = &KernelTable::any_f64;
  static constexpr auto kCountNonzero = &KernelTable::count_nonzero_f64;
  static constexpr auto kExtremes = &KernelTable::extremes_f64;
  static constexpr auto kSum = &KernelTable::sum_f64;
  static constexpr auto kDot = &KernelTable::dot_f64;
  static constexpr auto kAdd = &KernelTable::add_f64;
  static constexpr auto kAddSquares = &KernelTable::add_squares_f64;
  static constexpr auto kTotal = &KernelTable::total_f64;
  static constexpr auto kMoments = &KernelTable::moments_f64;
};

}  // namespace simd_arena::element

#endif  // SIMD_ARENA_OPS_ELEMENT_KERNELS_H_
