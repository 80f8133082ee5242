// The 128-bit integers of the compiler, which are not in the standard.
#ifndef SIMD_ARENA_BASE_INT128_H_
#define SIMD_ARENA_BASE_INT128_H_

namespace simd_arena {

__extension__ using Int128 = __int128;
__extension__ using Uint128 = unsigned __int128;

}  // namespace simd_arena

#endif  // SIMD_ARENA_BASE_INT128_H_
