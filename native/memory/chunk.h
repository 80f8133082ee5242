// A chunk: one contiguous piece of memory that an arena bumps through, or that a pool cuts into slots.
//
//   mapped chunk     address range of its own, exposed to JavaScript as external ArrayBuffers, or private to C++
//   foreign chunk    memory that JavaScript made (a WebAssembly.Memory); only its size is known here
//
// Ownership: an arena or a pool owns its chunks. Chunk objects of mapped chunks, their counts included, live as long as
// the process and are recycled together with their addresses (ChunkCache), so that a finalizer that runs late, on any
// thread, always finds its count.
//
//   Acquire ──> owned ──> Recycle   nothing refers to the memory: pages go back, addresses are reused
//                 │
//                 ├────> (lost)     somebody took its ArrayBuffer: ArenaRegistry waits for the finalizer
//                 └────> Abandon    its environment ends: pages go back, the addresses are never reused, because a
//                                   transferred ArrayBuffer may live on in another thread
//
// Thread rule: Acquire, Recycle, Abandon and BufferCount: any thread. The rest: the owner's thread.
#ifndef SIMD_ARENA_MEMORY_CHUNK_H_
#define SIMD_ARENA_MEMORY_CHUNK_H_

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "base/status.h"
#include "memory/granule.h"

namespace simd_arena {

/// Counts the ArrayBuffers over one piece of memory whose finalizer has not run yet.
class BufferCount {
 public:
  void Add() { count_.fetch_add(1, std::memory_order_relaxed); }
  void Remove() { count_.fetch_sub(1, std::memory_order_release); }
  std::int32_t value() const { return count_.load(std::memory_order_acquire); }

 private:
  std::atomic<std::int32_t> count_{0};
};

class Chunk;

/// What one ArrayBuffer exposes.
struct ChunkPart {
  Chunk* chunk;
  std::size_t offset;
  std::size_t bytes;
};

class Chunk {
 public:
  /// Makes or recycles a mapped chunk of RoundChunkBytes(bytes) and charges the process budget.
  /// kMemoryBudget or kArenaOutOfMemory change nothing. The contents are zero; the start lies on a page.
  static Status Acquire(std::size_t bytes, Chunk** chunk);

  /// The record of a chunk of RoundChunkBytes(bytes) whose memory JavaScript makes; charges the process budget.
  static Status AcquireForeign(std::size_t bytes, Chunk** chunk);

  /// Ends a chunk whose memory nothing can reach through JavaScript any more.
  static void Recycle(Chunk* chunk);

  /// Ends a chunk of an environment that is going away; see the drawing above.
  static void Abandon(Chunk* chunk);

  /// First byte; nullptr for a foreign chunk.
  std::uint8_t* data() const { return data_; }
  std::size_t bytes() const { return bytes_; }
  bool foreign() const { return data_ == nullptr; }

  ChunkPart whole() { return {this, 0, bytes_}; }

  /// Has every granule count its ArrayBuffers from now on, for a chunk that is cut into slots. False, and nothing
  /// changes, where there is no memory.
  bool CountByGranule();

  /// The count of the ArrayBuffers that start at `offset`; of all of them unless CountByGranule was called.
  BufferCount& buffers_at(std::size_t offset) {
    return by_granule_ == nullptr ? buffers_ : by_granule_[offset / kGranuleBytes];
  }

  /// The sum of all counts. O(granules) after CountByGranule.
  std::int32_t buffers() const;

  /// Number of ArrayBuffers through which JavaScript reaches the memory, as far as the owner knows.
  std::uint32_t exposed = 0;

  /// Links the chunk into a list of its owner (cache, or the registry's lost chunks).
  Chunk* next = nullptr;

 private:
  Chunk(std::uint8_t* data, std::size_t bytes) : data_(data), bytes_(bytes) {}
  static Chunk* Map(std::size_t bytes);

  std::uint8_t* const data_;
  const std::size_t bytes_;
  BufferCount buffers_;
  BufferCount* by_granule_ = nullptr;
};

}  // namespace simd_arena

#endif  // SIMD_ARENA_MEMORY_CHUNK_H_
