// The budget's share of pools whose slots lie in memory that JavaScript made, of one environment.
//
// A slab of several slots is then a record of what they take, and its memory is ArrayBuffers too small to give pages
// back. Nobody may free them while a consumer outside JavaScript may still have a pointer, so they are kept for reuse,
// and a slab that ends stays charged, for the next one of its class.
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

class ForeignSlabs {
 public:
  ForeignSlabs() = default;
  /// The environment ends, and its memory with it.
  ~ForeignSlabs();
  ForeignSlabs(const ForeignSlabs&) = delete;
  ForeignSlabs& operator=(const ForeignSlabs&) = delete;

  /// The chunk of a slab for slots of `slot_bytes`, which are of `size_class`. Errors as Chunk::AcquireForeign.
  Status Acquire(std::uint32_t size_class, std::size_t slot_bytes, Chunk** chunk);

  /// The slab of `chunk` has ended: it is kept where it has several slots, else uncharged.
  void Release(std::uint32_t size_class, std::size_t slot_bytes, Chunk* chunk);

 private:
  Chunk* kept_[kLargeClass + 1] = {};  // lists, by class
};

}  // namespace simd_arena

#endif  // SIMD_ARENA_MEMORY_FOREIGN_SLABS_H_
