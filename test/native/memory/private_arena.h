// An arena of C++ with a state of its own, as the scratch memory of kernels has it.
#ifndef SIMD_ARENA_TEST_MEMORY_PRIVATE_ARENA_H_
#define SIMD_ARENA_TEST_MEMORY_PRIVATE_ARENA_H_

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "memory/bump_arena.h"
#include "memory/chunk_size.h"

namespace simd_arena {

struct PrivateArena {
  explicit PrivateArena(BumpArena::Source source = BumpArena::Source::kMapped) : arena(&state, source) {
    state.maximum = UINT32_MAX;
  }

  /// Allocates, and requires that there is memory.
  std::uint8_t* Allocate(std::size_t bytes) {
    void* memory = nullptr;
    REQUIRE(arena.Allocate(bytes, &memory) == Status::kOk);
    return static_cast<std::uint8_t*>(memory);
  }

  /// Grows as an arena of JavaScript does, and requires that there is memory.
  BumpArena::Growth Grow(std::size_t bytes) {
    BumpArena::Growth growth = {};
    REQUIRE(arena.Grow(bytes, kMinChunkBytes, kMaxChunkBytes, &growth) == Status::kOk);
    return growth;
  }

  ArenaState state;  // before the arena, which uses it to the end
  BumpArena arena;
};

/// All that the state says, to compare.
struct StateBytes {
  explicit StateBytes(const ArenaState& state) { std::memcpy(bytes, &state, sizeof bytes); }
  bool operator==(const StateBytes& other) const { return std::memcmp(bytes, other.bytes, sizeof bytes) == 0; }
  unsigned char bytes[sizeof(ArenaState)];
};

}  // namespace simd_arena

#endif  // SIMD_ARENA_TEST_MEMORY_PRIVATE_ARENA_H_
