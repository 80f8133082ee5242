// The process-wide limit on the bytes that chunks take, over all threads.
//
// Reserve before memory is made, Release after it is given back: the sum never exceeds the limit, not even for a
// moment. A limit lowered below what is in use refuses new memory until enough has come back.
//
// Thread rule: lock-free, any thread.
#ifndef SIMD_ARENA_MEMORY_MEMORY_BUDGET_H_
#define SIMD_ARENA_MEMORY_MEMORY_BUDGET_H_

#include <atomic>
#include <cstdint>

#include "base/status.h"

namespace simd_arena {

class MemoryBudget {
 public:
  static constexpr std::uint64_t kUnlimited = UINT64_MAX;

  /// The budget of this process.
  static MemoryBudget& Process();

  /// Takes `bytes` from the budget, or returns Status::kMemoryBudget and takes nothing.
  Status Reserve(std::uint64_t bytes) {
    std::uint64_t used = used_.load(std::memory_order_relaxed);
    do {
      const std::uint64_t limit = limit_.load(std::memory_order_relaxed);
      if (used > limit || bytes > limit - used) return Status::kMemoryBudget;
    } while (!used_.compare_exchange_weak(used, used + bytes, std::memory_order_relaxed));
    return Status::kOk;
  }

  /// Gives back `bytes` that were reserved.
  void Release(std::uint64_t bytes) { used_.fetch_sub(bytes, std::memory_order_relaxed); }

  void set_limit(std::uint64_t bytes) {
    configured_.store(true, std::memory_order_relaxed);
    limit_.store(bytes, std::memory_order_relaxed);
  }

  /// Sets the limit unless it was ever set: what the environment says must not undo what the application said.
  void set_default_limit(std::uint64_t bytes) {
    if (!configured_.exchange(true, std::memory_order_relaxed)) limit_.store(bytes, std::memory_order_relaxed);
  }
  std::uint64_t limit() const { return limit_.load(std::memory_order_relaxed); }
  std::uint64_t used() const { return used_.load(std::memory_order_relaxed); }

 private:
  std::atomic<bool> configured_{false};
  std::atomic<std::uint64_t> limit_{kUnlimited};
  std::atomic<std::uint64_t> used_{0};
};

}  // namespace simd_arena

#endif  // SIMD_ARENA_MEMORY_MEMORY_BUDGET_H_
