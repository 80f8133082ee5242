#include "memory/bump_arena.h"

#include <algorithm>

#include "memory/chunk_size.h"

namespace simd_arena {

namespace {

constexpr std::uint32_t ToGranules(std::size_t bytes) { return static_cast<std::uint32_t>(bytes / kGranuleBytes); }

}  // namespace

Status BumpArena::AllocateSlow(std::size_t bytes, void** memory) {
  Growth growth;
  if (Status status = Grow(bytes, kMinChunkBytes, kMaxChunkBytes, &growth); status != Status::kOk) return status;
  if (!growth.serves_only_this) return Allocate(bytes, memory);
  *memory = chunk_[growth.index]->data();
  return Status::kOk;
}

void BumpArena::RewindChunks(const Mark& mark) {
  if (mark.chunks > 0) {
    Restore(mark);
    return;
  }
  // The arena was empty at the mark: keep its current chunk, so that the next scope finds memory.
  if (current_ != kNone) std::swap(chunk_[0], chunk_[current_]);
  DropChunks(1);
  SetCurrent(0);
  state_->offset = state_->full = state_->wasted = 0;
  UpdateLimit();
}

void BumpArena::Restore(const Mark& mark) {
  if (chunks_ > mark.chunks) {
    DropChunks(mark.chunks);
    SetCurrent(mark.current);
  }
  state_->offset = mark.offset;
  state_->full = mark.full;
  state_->wasted = mark.wasted;
  UpdateLimit();
}

Status BumpArena::Grow(std::size_t bytes, std::size_t first_bytes, std::size_t max_chunk_bytes, Growth* growth) {
  const std::uint64_t granules = GranulesFor(bytes);
  const std::uint64_t used = state_->used();
  const std::uint64_t maximum = state_->maximum;
  if (used > maximum || granules > maximum - used) {
    return maximum == kMaxGranules ? Status::kArenaOutOfMemory : Status::kArenaLimit;
  }
  if (bytes > max_chunk_bytes || chunks_ == kMaxChunks) return Status::kArenaOutOfMemory;

  const std::size_t allowance = static_cast<std::size_t>(maximum - used) * kGranuleBytes;
  const std::size_t capacity = static_cast<std::size_t>(state_->capacity) * kGranuleBytes;
  const std::size_t next = std::min(NextChunkBytes(capacity, first_bytes, allowance), max_chunk_bytes);
  const bool own_chunk = base_bytes_ != 0 && bytes > next / 2;
  const std::size_t wanted = own_chunk ? bytes : std::max(bytes, next);

  Chunk* made;
  Status status = AcquireChunk(wanted, &made);
  // Growing ahead of need must not be what makes a request fail.
  if (status != Status::kOk && wanted > bytes) status = AcquireChunk(bytes, &made);
  if (status != Status::kOk) return status;

  before_growth_ = GetMark();
  const std::uint32_t index = chunks_++;
  chunk_[index] = made;
  state_->chunks = chunks_;
  state_->capacity += ToGranules(made->bytes());
  state_->grows += 1;
  if (own_chunk) {
    state_->full += static_cast<std::uint32_t>(granules);
    state_->wasted += ToGranules(made->bytes()) - static_cast<std::uint32_t>(granules);
  } else {
    if (base_bytes_ != 0) state_->wasted += ToGranules(base_bytes_) - state_->offset;
    state_->full += state_->offset;
    state_->offset = 0;
    SetCurrent(index);
  }
  UpdateLimit();
  *growth = {index, made->bytes(), own_chunk};
  return Status::kOk;
}

Status BumpArena::AcquireChunk(std::size_t bytes, Chunk** chunk) const {
  const std::uint64_t capacity = std::uint64_t{state_->capacity} + RoundChunkBytes(bytes) / kGranuleBytes;
  if (capacity > kMaxGranules) return Status::kArenaOutOfMemory;
  return source_ == Source::kMapped ? Chunk::Acquire(bytes, chunk) : Chunk::AcquireForeign(bytes, chunk);
}

void BumpArena::UndoGrow() {
  Restore(before_growth_);
  state_->grows -= 1;
}

Chunk* BumpArena::TakeChunk(std::uint32_t index) {
  if (index >= chunks_) return nullptr;
  Chunk* taken = chunk_[index];
  const std::uint32_t last = --chunks_;
  chunk_[index] = chunk_[last];
  chunk_[last] = nullptr;
  state_->chunks = chunks_;
  state_->capacity -= ToGranules(taken->bytes());
  if (current_ == index) {
    SetCurrent(kNone);
    state_->full += state_->offset;
    state_->offset = 0;
  } else if (current_ == last) {
    SetCurrent(index);
  }
  UpdateLimit();
  return taken;
}

void BumpArena::DropChunks(std::uint32_t keep) {
  while (chunks_ > keep) Chunk::Recycle(TakeChunk(chunks_ - 1));
}

void BumpArena::SetCurrent(std::uint32_t index) {
  current_ = index;
  if (index == kNone) {
    base_ = nullptr;
    base_bytes_ = 0;
    return;
  }
  base_ = chunk_[index]->data();
  base_bytes_ = chunk_[index]->bytes();
  state_->current = index;
}

void BumpArena::UpdateLimit() {
  const std::uint64_t full = state_->full;
  const std::uint64_t maximum = state_->maximum;
  const std::uint64_t allowance = full < maximum ? maximum - full : 0;
  state_->limit = static_cast<std::uint32_t>(std::min<std::uint64_t>(base_bytes_ / kGranuleBytes, allowance));
}

}  // namespace simd_arena
