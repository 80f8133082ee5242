// Statistics of arenas: one array of doubles, indexed by memory_stats.def.
#ifndef SIMD_ARENA_MEMORY_MEMORY_STATS_H_
#define SIMD_ARENA_MEMORY_MEMORY_STATS_H_

#include <cstddef>

namespace simd_arena {

enum class MemoryStat : std::size_t {
#define MEMORY_STAT(name, comment) name,
#include "memory/memory_stats.def"
#undef MEMORY_STAT
  kCount,
};

inline constexpr std::size_t kMemoryStats = static_cast<std::size_t>(MemoryStat::kCount);

/// One value for each MemoryStat.
struct MemoryStats {
  double values[kMemoryStats] = {};

  double& operator[](MemoryStat stat) { return values[static_cast<std::size_t>(stat)]; }
  double operator[](MemoryStat stat) const { return values[static_cast<std::size_t>(stat)]; }
};

}  // namespace simd_arena

#endif  // SIMD_ARENA_MEMORY_MEMORY_STATS_H_
