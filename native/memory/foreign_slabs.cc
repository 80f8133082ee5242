#include "memory/foreign_slabs.h"

namespace simd_arena {

ForeignSlabs::~ForeignSlabs() {
  for (Chunk*& list : kept_) {
    while (list != nullptr) {
      Chunk* chunk = list;
      list = chunk->next;
      Chunk::Recycle(chunk);
    }
  }
}

Status ForeignSlabs::Acquire(std::uint32_t size_class, std::size_t slot_bytes, Chunk** chunk) {
  Chunk*& list = kept_[size_class];
  if (list == nullptr) return Chunk::AcquireForeign(slot_bytes, chunk);
  *chunk = list;
  list = list->next;
  return Status::kOk;
}

void ForeignSlabs::Release(std::uint32_t size_class, std::size_t slot_bytes, Chunk* chunk) {
  if (slot_bytes >= kForeignPageBytes) {
    Chunk::Recycle(chunk);
    return;
  }
  chunk->next = kept_[size_class];
  kept_[size_class] = chunk;
}

}  // namespace simd_arena
