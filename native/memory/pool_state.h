// The state of one pool: the one truth about what is idle, shared by C++ and JavaScript.
//
//   stats      one double for each row of pool_stats.def
//   buckets    the words of pool_state.def, for each size class and for large buffers
//   fresh      1 if the memory of the slot made last is as the system gave it: zero
//   stacks     for each size class, room for the indices of maxBuffersPerBucket idle slots; the last is the warmest
//
// Ownership: a private pool of C++ owns its state; a pool of JavaScript lives in a SharedArrayBuffer, which cannot be
// detached, moved or shrunk. JavaScript may write anything here, so native code derives no address from it and checks
// every index.
//
// Thread rule: the owner's thread writes; any thread may read single numbers.
#ifndef SIMD_ARENA_MEMORY_POOL_STATE_H_
#define SIMD_ARENA_MEMORY_POOL_STATE_H_

#include <cstddef>
#include <cstdint>

#include "memory/shared.h"
#include "memory/size_class.h"

namespace simd_arena {

enum class PoolStat : std::size_t {
#define POOL_STAT(name, comment) name,
#include "memory/pool_stats.def"
#undef POOL_STAT
  kCount,
};

inline constexpr std::size_t kPoolStats = static_cast<std::size_t>(PoolStat::kCount);

struct PoolBucket {
#define POOL_WORD(name, comment) Shared<std::uint32_t> name;
#include "memory/pool_state.def"
#undef POOL_WORD
};

struct alignas(8) PoolState {
  Shared<double> stats[kPoolStats];
  PoolBucket buckets[kSizeClasses + 1];
  Shared<std::uint32_t> fresh;

  /// The 32-bit words of a state with stacks of `max_buffers` each.
  static constexpr std::size_t Words(std::size_t max_buffers) {
    return sizeof(PoolState) / sizeof(std::uint32_t) + max_buffers * kSizeClasses;
  }

  Shared<double>& operator[](PoolStat stat) { return stats[static_cast<std::size_t>(stat)]; }

  /// The stack of `size_class`, where every stack has room for `max_buffers`.
  Shared<std::uint32_t>* stack(std::uint32_t size_class, std::size_t max_buffers) {
    return reinterpret_cast<Shared<std::uint32_t>*>(this + 1) + size_class * max_buffers;
  }
};

static_assert(sizeof(PoolState) == 8 * kPoolStats + sizeof(PoolBucket) * (kSizeClasses + 1) + 4,
              "JavaScript knows no padding");

}  // namespace simd_arena

#endif  // SIMD_ARENA_MEMORY_POOL_STATE_H_
