#include "memory/arena_registry.h"

#include <algorithm>
#include <mutex>

#include "base/never_destroyed.h"
#include "memory/shared.h"

namespace simd_arena {

namespace {

/// The process-wide list of registries and the mutex that guards it.
struct RegistryList {
  std::mutex mutex;
  ArenaRegistry* first = nullptr;
  MemoryStats past;  // the events of environments that have ended
};

RegistryList& Registries() {
  static NeverDestroyed<RegistryList> list;
  return *list;
}

constexpr double kBytes = kGranuleBytes;

/// From this row of memory_stats.def on, statistics count events since the start.
constexpr auto kFirstEvent = static_cast<std::size_t>(MemoryStat::allocations);

}  // namespace

ArenaRegistry::ArenaRegistry(const double* counters) : counters_(counters) {
  RegistryList& list = Registries();
  const std::lock_guard<std::mutex> lock(list.mutex);
  next_ = list.first;
  if (next_ != nullptr) next_->previous_ = this;
  list.first = this;
}

ArenaRegistry::~ArenaRegistry() {
  Close();
  while (lost_ != nullptr) {
    Chunk* chunk = lost_;
    lost_ = chunk->next;
    Chunk::Abandon(chunk);
  }
}

void ArenaRegistry::Add(BumpArena* arena) {
  const std::lock_guard<std::mutex> lock(Registries().mutex);
  arena->next = arenas_;
  if (arenas_ != nullptr) arenas_->previous = arena;
  arenas_ = arena;
}

void ArenaRegistry::Remove(BumpArena* arena) {
  const std::lock_guard<std::mutex> lock(Registries().mutex);
  (arena->previous != nullptr ? arena->previous->next : arenas_) = arena->next;
  if (arena->next != nullptr) arena->next->previous = arena->previous;
  arena->previous = arena->next = nullptr;
}

void ArenaRegistry::AddLostChunk(Chunk* chunk) {
  const std::lock_guard<std::mutex> lock(Registries().mutex);
  chunk->next = lost_;
  lost_ = chunk;
}

void ArenaRegistry::ReclaimLostChunks() {
  if (lost_ == nullptr) return;
  const std::lock_guard<std::mutex> lock(Registries().mutex);
  Chunk** link = &lost_;
  while (*link != nullptr) {
    Chunk* chunk = *link;
    if (chunk->foreign() || chunk->buffers() != 0) {
      link = &chunk->next;
    } else {
      *link = chunk->next;
      Chunk::Recycle(chunk);
    }
  }
}

void ArenaRegistry::Close() {
  if (closed_) return;
  closed_ = true;
  RegistryList& list = Registries();
  const std::lock_guard<std::mutex> lock(list.mutex);
  MemoryStats last;
  AddStats(0, &last);
  for (std::size_t i = kFirstEvent; i < kMemoryStats; ++i) list.past.values[i] += last.values[i];
  (previous_ != nullptr ? previous_->next_ : list.first) = next_;
  if (next_ != nullptr) next_->previous_ = previous_;
  previous_ = next_ = nullptr;
}

MemoryStats ArenaRegistry::Stats(double now) const {
  MemoryStats stats;
  AddStats(now, &stats);
  return stats;
}

MemoryStats ArenaRegistry::ProcessStats(double now) {
  RegistryList& list = Registries();
  const std::lock_guard<std::mutex> lock(list.mutex);
  MemoryStats stats = list.past;
  for (const ArenaRegistry* registry = list.first; registry != nullptr; registry = registry->next_) {
    registry->AddStats(now, &stats);
  }
  return stats;
}

void ArenaRegistry::AddStats(double now, MemoryStats* stats) const {
  MemoryStats own;
  for (std::size_t i = 0; i < kMemoryStats; ++i) own.values[i] = LoadShared(counters_[i]);
  for (const BumpArena* arena = arenas_; arena != nullptr; arena = arena->next) {
    const ArenaState& state = arena->state();
    const bool open = state.open != 0;
    const double opened_at = state.opened_at;
    own[MemoryStat::arenas] += 1;
    own[MemoryStat::capacity] += kBytes * state.capacity;
    own[MemoryStat::wasted] += kBytes * state.wasted;
    own[MemoryStat::allocations] += state.allocations;
    own[MemoryStat::openScopes] += open ? 1 : 0;
    own[MemoryStat::held] += !open && state.holds != 0 ? 1 : 0;
    if (opened_at != 0) {
      own[MemoryStat::oldestScopeAge] = std::max(own[MemoryStat::oldestScopeAge], now - opened_at);
    }
  }
  for (const Chunk* chunk = lost_; chunk != nullptr; chunk = chunk->next) {
    own[MemoryStat::capacity] += static_cast<double>(chunk->bytes());
  }
  own[MemoryStat::peak] = std::max(own[MemoryStat::peak], own[MemoryStat::used]);

  const double oldest = std::max((*stats)[MemoryStat::oldestScopeAge], own[MemoryStat::oldestScopeAge]);
  for (std::size_t i = 0; i < kMemoryStats; ++i) stats->values[i] += own.values[i];
  (*stats)[MemoryStat::oldestScopeAge] = oldest;
}

}  // namespace simd_arena
