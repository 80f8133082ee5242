// How large a chunk is: the growth policy of arenas and the size classes that make released chunks reusable.
//
// Chunk sizes are multiples of 64 KiB (the page of WebAssembly, so that both backends share them), in steps of an
// eighth of a power of two: at most 12.5 % is rounded away, and a released chunk finds a new use.
#ifndef SIMD_ARENA_MEMORY_CHUNK_SIZE_H_
#define SIMD_ARENA_MEMORY_CHUNK_SIZE_H_

#include <cstddef>
#include <cstdint>

#include "memory/granule.h"

namespace simd_arena {

inline constexpr std::size_t kMinChunkBytes = std::size_t{64} << 10;
inline constexpr std::size_t kMaxChunkBytes = std::size_t{1} << 37;  // 128 GiB

/// The size class, counted from 0, of the smallest chunk that holds `bytes` (at most kMaxChunkBytes).
constexpr std::size_t ChunkClassFor(std::size_t bytes) {
  const std::size_t units = bytes <= kMinChunkBytes ? 1 : (bytes - 1) / kMinChunkBytes + 1;
  if (units <= 8) return units - 1;
  std::size_t shift = 0;  // units = mantissa << shift with a mantissa of 9 … 16, rounded up
  while (((units - 1) >> shift) >= 16) ++shift;
  const std::size_t mantissa = ((units - 1) >> shift) + 1;
  return shift * 8 + mantissa - 1;
}

/// The bytes of every chunk of size class `chunk_class`.
constexpr std::size_t ChunkClassBytes(std::size_t chunk_class) {
  if (chunk_class < 16) return (chunk_class + 1) * kMinChunkBytes;
  const std::size_t shift = (chunk_class - 8) / 8;
  return ((chunk_class - shift * 8) + 1) * (kMinChunkBytes << shift);
}

inline constexpr std::size_t kChunkClasses = ChunkClassFor(kMaxChunkBytes) + 1;

/// The size of a chunk that holds `bytes`: `bytes` rounded up to its size class.
constexpr std::size_t RoundChunkBytes(std::size_t bytes) { return ChunkClassBytes(ChunkClassFor(bytes)); }

/// The size that an arena's next shared chunk should have: as much again as the arena holds (`capacity` bytes), so that
/// the number of chunks stays logarithmic; `first` bytes while it holds nothing; never more than `allowance`, what the
/// arena may still hand out. A single request may exceed it.
constexpr std::size_t NextChunkBytes(std::size_t capacity, std::size_t first, std::size_t allowance) {
  std::size_t next = capacity == 0 ? first : capacity;
  if (next > allowance) next = allowance;
  if (next > kMaxChunkBytes) next = kMaxChunkBytes;
  return RoundChunkBytes(next);
}

}  // namespace simd_arena

#endif  // SIMD_ARENA_MEMORY_CHUNK_SIZE_H_
