#include "memory/chunk_cache.h"

#include <doctest/doctest.h>

#include <vector>

#include "memory/chunk_size.h"

namespace simd_arena {
namespace {

/// Chunks without memory, for the lists alone.
class Chunks {
 public:
  ~Chunks() {
    for (Chunk* chunk : chunks_) Chunk::Recycle(chunk);
  }
  Chunk* Make(std::size_t bytes) {
    Chunk* chunk = nullptr;
    REQUIRE(Chunk::AcquireForeign(bytes, &chunk) == Status::kOk);
    chunks_.push_back(chunk);
    return chunk;
  }

 private:
  std::vector<Chunk*> chunks_;
};

TEST_CASE("a cache gives back what was put, the latest first, and only for its own size") {
  Chunks chunks;
  ChunkCache cache;
  Chunk* first = chunks.Make(64 << 10);
  Chunk* second = chunks.Make(64 << 10);
  Chunk* other = chunks.Make(1 << 20);
  cache.Put(first);
  cache.Put(other);
  cache.Put(second);
  CHECK(cache.Take(128 << 10) == nullptr);
  CHECK(cache.Take(64 << 10) == second);
  CHECK(cache.Take(64 << 10) == first);
  CHECK(cache.Take(64 << 10) == nullptr);
  CHECK(cache.Take(1 << 20) == other);
}

TEST_CASE("the largest and the smallest chunks have a place") {
  Chunks chunks;
  ChunkCache cache;
  Chunk* largest = chunks.Make(kMaxChunkBytes);
  Chunk* smallest = chunks.Make(1);
  cache.Put(largest);
  cache.Put(smallest);
  CHECK(cache.Take(kMaxChunkBytes) == largest);
  CHECK(cache.Take(kMinChunkBytes) == smallest);
}

TEST_CASE("an abandoned chunk is never taken again") {
  Chunks chunks;
  ChunkCache cache;
  Chunk* kept = chunks.Make(64 << 10);
  cache.Abandon(chunks.Make(64 << 10));
  cache.Put(kept);
  cache.Abandon(chunks.Make(64 << 10));
  CHECK(cache.Take(64 << 10) == kept);
  CHECK(cache.Take(64 << 10) == nullptr);
}

}  // namespace
}  // namespace simd_arena
