// The budget's share of pools whose slots lie in memory that JavaScript made, of one environment.
//
// A slab is then a record of what its slots take. Nobody may free their memory while a consumer outside JavaScript may
// still have a pointer, so it is kept for reuse. Slots of a page and more give their pages back when they end; smaller
// ones have none to give, so a slab of those stays charged when it ends, for the next one of its class.
//
// Ownership: the records that are kept. Thread rule: one thread.
#ifndef SIMD_ARENA_MEMORY_FOREIGN_SLABS_H_
#define SIMD_ARENA_MEMORY_FOREIGN_SLABS_H_

#include <cstddef>
#include <cstdint>

#include "base/status.h"
#include "memory/chunk.h"
#include "memory/size_class.h"

namespace simd_arena {

/// Slots of as many bytes have pages of their own.
inline constexpr std::size_t kForeignPageBytes = 4096;

class ForeignSlabs {
 public:
  ForeignSlabs() = default;
  /// The environment ends, and its memory with it.
  ~ForeignSlabs();
  ForeignSlabs(const ForeignSlabs&) = delete;
  ForeignSlabs& operator=(const ForeignSlabs&) = delete;

  /// The chunk of a slab for slots of `slot_bytes`, which are of `size_class`. Errors as Chunk::AcquireForeign.
  Status Acquire(std::uint32_t size_class, std::size_t slot_bytes, Chunk** chunk);

  /// The slab of `chunk` has ended: it is uncharged where its slots have pages of their own, else kept.
  void Release(std::uint32_t size_class, std::size_t slot_bytes, Chunk* chunk);

 private:
  Chunk* kept_[kLargeClass + 1] = {};  // lists, by class
};

}  // namespace simd_arena

#endif  // SIMD_ARENA_MEMORY_FOREIGN_SLABS_H_
