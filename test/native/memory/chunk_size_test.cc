#include "memory/chunk_size.h"

#include <doctest/doctest.h>

namespace simd_arena {
namespace {

constexpr bool EveryClassRoundTrips() {
  for (std::size_t i = 0; i < kChunkClasses; ++i) {
    if (ChunkClassFor(ChunkClassBytes(i)) != i) return false;
    // One byte more needs the next class, one byte less than the class before it fits there.
    if (i + 1 < kChunkClasses && ChunkClassFor(ChunkClassBytes(i) + 1) != i + 1) return false;
  }
  return true;
}

constexpr bool ClassesGrow() {
  for (std::size_t i = 1; i < kChunkClasses; ++i) {
    if (ChunkClassBytes(i) <= ChunkClassBytes(i - 1)) return false;
  }
  return true;
}

constexpr bool ClassesAreMultiplesOf64KiB() {
  for (std::size_t i = 0; i < kChunkClasses; ++i) {
    if (ChunkClassBytes(i) % (std::size_t{64} << 10) != 0) return false;
  }
  return true;
}

/// The worst case of each class is a request for one byte more than the class below holds.
constexpr bool AnEighthIsWastedAtMost() {
  for (std::size_t i = 8; i < kChunkClasses; ++i) {
    const std::size_t least = ChunkClassBytes(i - 1) + 1;
    if (RoundChunkBytes(least) - least > least / 8) return false;
  }
  return true;
}

static_assert(EveryClassRoundTrips());
static_assert(ClassesGrow());
static_assert(ClassesAreMultiplesOf64KiB());
static_assert(AnEighthIsWastedAtMost());
static_assert(ChunkClassBytes(kChunkClasses - 1) == kMaxChunkBytes, "the largest class is the largest chunk");
static_assert(ChunkClassFor(0) == 0 && ChunkClassFor(1) == 0 && ChunkClassFor(kMinChunkBytes) == 0);

TEST_CASE("RoundChunkBytes never gives less than was asked for") {
  for (std::size_t bytes = 0; bytes < (std::size_t{8} << 20); bytes += 977) {
    CAPTURE(bytes);
    CHECK(RoundChunkBytes(bytes) >= bytes);
    CHECK(RoundChunkBytes(RoundChunkBytes(bytes)) == RoundChunkBytes(bytes));
  }
}

TEST_CASE("small chunks come in steps of 64 KiB, large ones in eighths of a power of two") {
  CHECK(RoundChunkBytes(1) == 64u << 10);
  CHECK(RoundChunkBytes((64u << 10) + 1) == 128u << 10);
  CHECK(RoundChunkBytes(1u << 20) == 1u << 20);
  CHECK(RoundChunkBytes((1u << 20) + 1) == (1u << 20) + (1u << 17));
  CHECK(RoundChunkBytes((1u << 30) + 1) == (1u << 30) + (1u << 27));
}

TEST_CASE("the first chunk has the size that is asked for, the next ones double the arena") {
  constexpr std::size_t kPlenty = std::size_t{1} << 36;
  CHECK(NextChunkBytes(0, 256 << 10, kPlenty) == 256 << 10);
  CHECK(NextChunkBytes(0, 1, kPlenty) == kMinChunkBytes);
  CHECK(NextChunkBytes(1 << 20, 256 << 10, kPlenty) == 1 << 20);
}

TEST_CASE("the next chunk exceeds neither what the arena may hand out nor the largest chunk") {
  CHECK(NextChunkBytes(1 << 30, 1, 100 << 10) == 128 << 10);
  CHECK(NextChunkBytes(0, 1 << 30, 0) == kMinChunkBytes);
  CHECK(NextChunkBytes(SIZE_MAX, 1, SIZE_MAX) == kMaxChunkBytes);
  CHECK(NextChunkBytes(0, SIZE_MAX, SIZE_MAX) == kMaxChunkBytes);
}

}  // namespace
}  // namespace simd_arena
