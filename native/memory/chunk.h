// A chunk: one contiguous piece of memory that an arena bumps through.
//
//   mapped chunk     address range of its own, exposed to JavaScript as an external ArrayBuffer, or private to C++
//   foreign chunk    memory that JavaScript made (a WebAssembly.Memory); only its size is known here
//
// Ownership: an arena owns its chunks. Chunk objects of mapped chunks live as long as the process and are recycled
// together with their addresses (ChunkCache), so that a finalizer that runs late, on any thread, always finds its
// chunk.
//
//   Acquire ──> owned by an arena ──> Recycle   nothing refers to the memory: pages go back, addresses are reused
//                       │
//                       ├──────────> (lost)     somebody took its ArrayBuffer: ArenaRegistry waits for the finalizer
//                       └──────────> Abandon    its environment ends: pages go back, the addresses are never reused,
//                                               because a transferred ArrayBuffer may live on in another thread
//
// Thread rule: Acquire, Recycle, Abandon and the buffer count: any thread. The rest: the owner's thread.
#ifndef SIMD_ARENA_MEMORY_CHUNK_H_
#define SIMD_ARENA_MEMORY_CHUNK_H_

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "base/status.h"

namespace simd_arena {

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

  /// Count the ArrayBuffers whose finalizer has not run yet.
  void AddBuffer() { buffers_.fetch_add(1, std::memory_order_relaxed); }
  void RemoveBuffer() { buffers_.fetch_sub(1, std::memory_order_release); }
  std::int32_t buffers() const { return buffers_.load(std::memory_order_acquire); }

  /// True while an ArrayBuffer of JavaScript reaches the memory.
  bool exposed = false;

  /// Links the chunk into a list of its owner (cache, or the registry's lost chunks).
  Chunk* next = nullptr;

 private:
  Chunk(std::uint8_t* data, std::size_t bytes) : data_(data), bytes_(bytes) {}
  static Chunk* Map(std::size_t bytes);

  std::uint8_t* const data_;
  const std::size_t bytes_;
  std::atomic<std::int32_t> buffers_{0};
};

}  // namespace simd_arena

#endif  // SIMD_ARENA_MEMORY_CHUNK_H_
