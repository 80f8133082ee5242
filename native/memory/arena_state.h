// The bump state of one arena: the one truth about its use, shared by C++ and JavaScript.
//
//   word 0 … 13   arena_state.def
//   byte 56       opened_at: milliseconds of the monotonic clock, 0 while the arena is closed or its scope is
//                 synchronous (a synchronous scope pays for no clock)
//
// Ownership: a private arena of C++ owns its state; an arena of JavaScript lives in a SharedArrayBuffer, which cannot
// be detached, moved or shrunk. JavaScript may write anything here, so native code never derives an address from it.
//
// Thread rule: the owner's thread writes; any thread may read single fields.
#ifndef SIMD_ARENA_MEMORY_ARENA_STATE_H_
#define SIMD_ARENA_MEMORY_ARENA_STATE_H_

#include <cstdint>

#include "memory/shared.h"

namespace simd_arena {

struct alignas(8) ArenaState {
#define ARENA_STATE(name, comment) Shared<std::uint32_t> name;
#include "memory/arena_state.def"
#undef ARENA_STATE
  Shared<double> opened_at;

  /// Granules handed out and not released.
  std::uint64_t used() const { return std::uint64_t{offset} + full; }
};

static_assert(sizeof(ArenaState) == 64, "JavaScript lays the state out as 14 words and a double");

}  // namespace simd_arena

#endif  // SIMD_ARENA_MEMORY_ARENA_STATE_H_
