// The unit of arena memory: 64 bytes, one cache line and the widest vector register.
//
// Offsets, sizes and counters of an arena count granules in 32 bits, so that C++ and JavaScript read and write them
// as plain integers; 2^32 granules are 256 GiB, the most that one arena can hold.
#ifndef SIMD_ARENA_MEMORY_GRANULE_H_
#define SIMD_ARENA_MEMORY_GRANULE_H_

#include <cstddef>
#include <cstdint>

namespace simd_arena {

inline constexpr std::size_t kGranuleBytes = 64;
inline constexpr std::uint64_t kMaxGranules = UINT32_MAX;

/// Granules that an allocation of `bytes` takes: rounded up, at least one, exact for every size_t.
constexpr std::uint64_t GranulesFor(std::size_t bytes) {
  if (bytes == 0) return 1;
  return bytes / kGranuleBytes + (bytes % kGranuleBytes != 0 ? 1 : 0);
}

}  // namespace simd_arena

#endif  // SIMD_ARENA_MEMORY_GRANULE_H_
