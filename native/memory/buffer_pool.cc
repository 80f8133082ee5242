#include "memory/buffer_pool.h"

#include <algorithm>
#include <new>
#include <utility>

#include "memory/chunk_size.h"
#include "memory/granule.h"

namespace simd_arena {

BufferPool::BufferPool(PoolState* state, std::uint64_t max_pool_bytes, std::uint32_t max_buffers,
                       ForeignSlabs* foreign_slabs)
    : state_(state), max_pool_bytes_(max_pool_bytes), max_buffers_(max_buffers), foreign_slabs_(foreign_slabs) {}

BufferPool::~BufferPool() {
  while (Chunk* chunk = TakeChunk()) Chunk::Recycle(chunk);
}

bool BufferPool::Get(std::size_t bytes, std::size_t alignment, std::uint32_t* slot) {
  if (!IsAlignment(alignment)) return false;
  const std::uint32_t size_class = SizeClassFor(bytes, alignment);
  const std::uint32_t popped = size_class == kLargeClass ? kNone : PopWarmest(size_class);
  if (popped == kNone) {
    (*state_)[PoolStat::misses] += 1;
    return false;
  }
  (*state_)[PoolStat::hits] += 1;
  CountHandedOut(popped, bytes);
  *slot = popped;
  return true;
}

Status BufferPool::GetOrMake(std::size_t bytes, std::size_t alignment, std::uint32_t* slot) {
  if (Get(bytes, alignment, slot)) return Status::kOk;
  if (Status status = Make(bytes, alignment, slot); status != Status::kOk) return status;
  CountHandedOut(*slot, bytes);
  return Status::kOk;
}

Status BufferPool::Put(std::uint32_t slot) {
  if (!IsLive(slot)) return Status::kPoolNotOwned;
  const Slot& s = slots_[slot];
  if (s.state == SlotState::kIdle) return Status::kPoolDoublePut;
  PoolState& state = *state_;
  state[PoolStat::deallocations] += 1;
  state[PoolStat::bytesFreed] += static_cast<double>(s.requested);

  const std::uint32_t size_class = s.slab->size_class;
  if (size_class == kLargeClass) {
    Discard(slot, PoolStat::tooLarge);
  } else if (state.buckets[size_class].idle >= max_buffers_) {
    Discard(slot, PoolStat::bucketFull);
  } else if (state[PoolStat::pooledBytes] + static_cast<double>(SizeClassBytes(size_class)) >
             static_cast<double>(max_pool_bytes_)) {
    Discard(slot, PoolStat::poolFull);
  } else {
    Push(size_class, slot);
  }
  return Status::kOk;
}

void BufferPool::CountHandedOut(std::uint32_t slot, std::size_t bytes) {
  slots_[slot].requested = bytes;
  (*state_)[PoolStat::allocations] += 1;
  (*state_)[PoolStat::bytesAllocated] += static_cast<double>(bytes);
}

void BufferPool::Discard(std::uint32_t slot, PoolStat reason) {
  (*state_)[reason] += 1;
  Retire(slot);
}

Status BufferPool::Make(std::size_t bytes, std::size_t alignment, std::uint32_t* slot) {
  if (!IsAlignment(alignment)) return Status::kOutOfRange;
  const std::uint32_t size_class = SizeClassFor(bytes, alignment);
  Slab* slab;
  if (Status status = FindRoom(size_class, bytes, &slab); status != Status::kOk) return status;

  state_->fresh = slab->spare == kNone ? 1 : 0;
  state_->buckets[size_class].out += 1;
  Unlink(slab);
  *slot = slab->spare == kNone ? CutSlot(slab) : PopIndex(&slab->spare);
  slots_[*slot].state = SlotState::kOut;
  slab->used += 1;
  Link(slab);
  return Status::kOk;
}

void BufferPool::Retire(std::uint32_t slot) {
  state_->buckets[slots_[slot].slab->size_class].out -= 1;
  EndSlot(slot);
}

void BufferPool::Lose(std::uint32_t slot) {
  Slot& s = slots_[slot];
  const std::uint32_t size_class = s.slab->size_class;
  state_->buckets[size_class].out -= 1;
  s.state = SlotState::kLost;
  LostRing& ring = lost_[size_class];
  s.next = slot;
  if (ring.count != 0) std::swap(s.next, slots_[ring.last].next);
  ring.last = slot;
  ring.count += 1;
}

bool BufferPool::ReclaimLost() {
  bool reclaimed = false;
  for (std::uint32_t size_class = 0; size_class <= kLargeClass; ++size_class) {
    if (ReclaimLost(size_class, lost_[size_class].count)) reclaimed = true;
  }
  return reclaimed;
}

bool BufferPool::ReclaimLost(std::uint32_t size_class, std::uint32_t at_most) {
  bool reclaimed = false;
  LostRing& ring = lost_[size_class];
  for (std::uint32_t looks = std::min(at_most, ring.count); looks > 0; --looks) {
    const std::uint32_t slot = slots_[ring.last].next;
    Slot& s = slots_[slot];
    Chunk* chunk = s.slab->chunk;
    if (chunk->buffers_at(s.offset).value() != 0) {
      ring.last = slot;
      continue;
    }
    slots_[ring.last].next = s.next;
    ring.count -= 1;
    if (s.exposed) chunk->exposed -= 1;
    EndSlot(slot);
    reclaimed = true;
  }
  return reclaimed;
}

Status BufferPool::FindRoom(std::uint32_t size_class, std::size_t bytes, Slab** slab) {
  if (slabs_[size_class] == nullptr) ReclaimLost(size_class, kLostPerMake);
  *slab = slabs_[size_class];
  if (*slab != nullptr) return Status::kOk;
  Status status = MakeSlab(size_class, bytes, slab);
  if (status == Status::kMemoryBudget) {
    ReclaimLost();
    status = MakeSlab(size_class, bytes, slab);
  }
  return status;
}

Status BufferPool::MakeSlab(std::uint32_t size_class, std::size_t bytes, Slab** slab) {
  if (bytes > kMaxChunkBytes) return Status::kPoolOutOfMemory;
  const std::size_t slot_bytes = size_class == kLargeClass ? LargeBytes(bytes) : SizeClassBytes(size_class);
  const std::uint32_t slots = static_cast<std::uint32_t>(std::max(kMinChunkBytes / slot_bytes, std::size_t{1}));

  auto made = std::unique_ptr<Slab>(new (std::nothrow) Slab{nullptr, size_class, slot_bytes, slots});
  if (made == nullptr || !ReserveIndices(slots)) return Status::kPoolOutOfMemory;
  Status status = foreign() ? foreign_slabs_->Acquire(size_class, slot_bytes, &made->chunk)
                            : Chunk::Acquire(slot_bytes, &made->chunk);
  if (status != Status::kOk) return status == Status::kMemoryBudget ? status : Status::kPoolOutOfMemory;
  if (!foreign() && slots > 1 && !made->chunk->CountByGranule()) {
    Chunk::Recycle(made->chunk);
    return Status::kPoolOutOfMemory;
  }
  slots_reserved_ += slots;
  (*state_)[PoolStat::capacity] += static_cast<double>(made->chunk->bytes());
  *slab = made.release();
  Link(*slab);
  return Status::kOk;
}

std::size_t BufferPool::LargeBytes(std::size_t bytes) const {
  // Memory that JavaScript made is reused by its size, so there must not be too many sizes.
  return foreign() ? RoundChunkBytes(bytes) : GranulesFor(bytes) * kGranuleBytes;
}

bool BufferPool::ReserveIndices(std::uint32_t count) {
  if (count <= slots_room_ - slots_reserved_) return true;
  if (count > kNone / 2 - slots_reserved_) return false;
  const std::uint32_t room = std::max(slots_reserved_ + count, slots_room_ * 2);
  auto grown = std::unique_ptr<Slot[]>(new (std::nothrow) Slot[room]);
  if (grown == nullptr) return false;
  std::copy_n(slots_.get(), slots_known_, grown.get());
  slots_ = std::move(grown);
  slots_room_ = room;
  return true;
}

std::uint32_t BufferPool::CutSlot(Slab* slab) {
  const std::uint32_t slot = free_index_ == kNone ? slots_known_++ : PopIndex(&free_index_);
  const auto offset = static_cast<std::uint32_t>(slab->cut * slab->slot_bytes);
  slab->cut += 1;
  slots_[slot] = {slab, 0, offset, kNone, SlotState::kSpare, false};
  return slot;
}

void BufferPool::EndSlot(std::uint32_t slot) {
  Slot& s = slots_[slot];
  Slab* slab = s.slab;
  s.state = SlotState::kSpare;
  s.exposed = false;
  Unlink(slab);
  PushIndex(&slab->spare, slot);
  slab->used -= 1;
  if (slab->used == 0) {
    EndSlab(slab);
  } else {
    Link(slab);
  }
}

void BufferPool::EndSlab(Slab* slab) {
  while (slab->spare != kNone) PushIndex(&free_index_, PopIndex(&slab->spare));
  slots_reserved_ -= slab->slots;
  (*state_)[PoolStat::capacity] -= static_cast<double>(slab->chunk->bytes());
  if (foreign()) {
    foreign_slabs_->Release(slab->size_class, slab->slot_bytes, slab->chunk);
  } else {
    Chunk::Recycle(slab->chunk);
  }
  delete slab;
}

Chunk* BufferPool::TakeChunk() {
  slots_known_ = 0;
  for (Slab*& list : slabs_) {
    if (list == nullptr) continue;
    const std::unique_ptr<Slab> slab(list);
    list = slab->next;
    (*state_)[PoolStat::capacity] -= static_cast<double>(slab->chunk->bytes());
    return slab->chunk;
  }
  return nullptr;
}

void BufferPool::PushIndex(std::uint32_t* list, std::uint32_t slot) {
  slots_[slot].next = *list;
  *list = slot;
}

std::uint32_t BufferPool::PopIndex(std::uint32_t* list) {
  const std::uint32_t slot = *list;
  *list = slots_[slot].next;
  return slot;
}

void BufferPool::Link(Slab* slab) {
  Slab*& list = ListOf(*slab);
  slab->previous = nullptr;
  slab->next = list;
  if (list != nullptr) list->previous = slab;
  list = slab;
}

void BufferPool::Unlink(Slab* slab) {
  (slab->previous != nullptr ? slab->previous->next : ListOf(*slab)) = slab->next;
  if (slab->next != nullptr) slab->next->previous = slab->previous;
}

std::uint32_t BufferPool::TakeColdest() {
  for (;;) {
    std::uint32_t fullest = kNone;
    std::uint64_t most = 0;
    for (std::uint32_t size_class = kSizeClasses; size_class-- > 0;) {
      const std::uint64_t bytes = std::uint64_t{CountIdle(size_class)} * SizeClassBytes(size_class);
      if (bytes <= most) continue;
      most = bytes;
      fullest = size_class;
    }
    if (fullest == kNone) return kNone;
    const std::uint32_t slot = PopColdest(fullest, PoolStat::trimmed);
    if (slot != kNone) return slot;
  }
}

std::uint32_t BufferPool::TakeUnused() {
  for (std::uint32_t size_class = 0; size_class < kSizeClasses; ++size_class) {
    if (state_->buckets[size_class].low == 0) continue;
    const std::uint32_t slot = PopColdest(size_class, PoolStat::unused);
    if (slot != kNone) return slot;
  }
  return kNone;
}

void BufferPool::MarkAge() {
  for (PoolBucket& bucket : state_->buckets) bucket.low = bucket.idle;
}

std::uint32_t BufferPool::CountIdle(std::uint32_t size_class) const {
  const std::uint32_t idle = state_->buckets[size_class].idle;
  return idle <= max_buffers_ ? idle : 0;
}

std::uint32_t BufferPool::PopWarmest(std::uint32_t size_class) {
  const std::uint32_t idle = CountIdle(size_class);
  if (idle == 0) return kNone;
  const std::uint32_t slot = state_->stack(size_class, max_buffers_)[idle - 1];
  // Only C++ pops in this way, and it marks what it pushes.
  if (!BelongsTo(size_class, slot) || slots_[slot].state != SlotState::kIdle) {
    DropStack(size_class);
    return kNone;
  }
  PoolBucket& bucket = state_->buckets[size_class];
  if (bucket.low >= idle) bucket.low = idle - 1;
  CountPopped(size_class, slot, idle);
  return slot;
}

std::uint32_t BufferPool::PopColdest(std::uint32_t size_class, PoolStat reason) {
  const std::uint32_t idle = CountIdle(size_class);
  if (idle == 0) return kNone;
  Shared<std::uint32_t>* stack = state_->stack(size_class, max_buffers_);
  const std::uint32_t slot = stack[0];
  if (!BelongsTo(size_class, slot)) {
    DropStack(size_class);
    return kNone;
  }
  std::copy(stack + 1, stack + idle, stack);
  PoolBucket& bucket = state_->buckets[size_class];
  if (bucket.low != 0) bucket.low -= 1;
  CountPopped(size_class, slot, idle);
  (*state_)[reason] += 1;
  return slot;
}

void BufferPool::Push(std::uint32_t size_class, std::uint32_t slot) {
  PoolBucket& bucket = state_->buckets[size_class];
  const std::uint32_t idle = bucket.idle;
  state_->stack(size_class, max_buffers_)[idle] = slot;
  bucket.idle = idle + 1;
  bucket.out -= 1;
  (*state_)[PoolStat::pooledBytes] += static_cast<double>(SizeClassBytes(size_class));
  slots_[slot].state = SlotState::kIdle;
}

void BufferPool::CountPopped(std::uint32_t size_class, std::uint32_t slot, std::uint32_t idle) {
  PoolBucket& bucket = state_->buckets[size_class];
  bucket.idle = idle - 1;
  bucket.out += 1;
  (*state_)[PoolStat::pooledBytes] -= static_cast<double>(SizeClassBytes(size_class));
  slots_[slot].state = SlotState::kOut;
}

void BufferPool::DropStack(std::uint32_t size_class) {
  state_->buckets[size_class].idle = 0;
  state_->buckets[size_class].low = 0;
}

bool BufferPool::BelongsTo(std::uint32_t size_class, std::uint32_t slot) const {
  return IsLive(slot) && slots_[slot].slab->size_class == size_class;
}

}  // namespace simd_arena
