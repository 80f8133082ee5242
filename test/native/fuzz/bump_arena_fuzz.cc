// Allocations, marks and rewinds of a private arena, under limits of its own and of the process, against a stack of
// blocks.
#include <cstddef>
#include <cstdint>
#include <vector>

#include "fuzz/block_map.h"
#include "fuzz/fuzz_input.h"
#include "memory/bump_arena.h"
#include "memory/chunk_size.h"
#include "memory/memory_budget.h"

namespace simd_arena {
namespace {

class BumpArenaModel {
 public:
  explicit BumpArenaModel(FuzzInput* input) : input_(*input), arena_(&state_, BumpArena::Source::kMapped) {
    state_.maximum = static_cast<std::uint32_t>(input->Byte() % 2 == 0 ? kMaxGranules : input->Below(kMaxGranules));
  }

  void Step() {
    switch (input_.Byte() % 8) {
      case 0:
        marks_.push_back({arena_.GetMark(), blocks_.size()});
        break;
      case 1:
        if (!marks_.empty()) Rewind(input_.Below(marks_.size()));
        break;
      case 2:
        MemoryBudget::Process().set_limit(MemoryBudget::Process().used() + input_.Size(26));
        break;
      case 3:
        MemoryBudget::Process().set_limit(MemoryBudget::kUnlimited);
        break;
      default:
        Allocate(input_.Size(24));
    }
    Check();
  }

 private:
  struct Block {
    std::uint8_t* memory;
    std::size_t bytes;
  };
  struct MarkedAt {
    BumpArena::Mark mark;
    std::size_t blocks;
  };

  void Allocate(std::size_t bytes) {
    void* memory = nullptr;
    const Status status = arena_.Allocate(bytes, &memory);
    const bool allowed = used_ + GranulesFor(bytes) <= state_.maximum;
    if (status == Status::kArenaLimit) Expect(!allowed);
    if (status != Status::kOk) return;
    Expect(allowed);
    Expect(reinterpret_cast<std::uintptr_t>(memory) % kGranuleBytes == 0);
    blocks_.push_back({static_cast<std::uint8_t*>(memory), bytes});
    map_.Add(blocks_.back().memory, GranulesFor(bytes) * kGranuleBytes);
    used_ += GranulesFor(bytes);
  }

  void Rewind(std::size_t index) {
    const MarkedAt to = marks_[index];
    marks_.resize(index);
    for (; blocks_.size() > to.blocks; blocks_.pop_back()) {
      map_.Remove(blocks_.back().memory);
      used_ -= GranulesFor(blocks_.back().bytes);
    }
    arena_.Rewind(to.mark);
  }

  void Check() const {
    std::size_t bytes = 0;
    for (std::uint32_t i = 0; i < arena_.chunks(); ++i) bytes += arena_.chunk(i)->bytes();
    Expect(state_.used() == used_);
    Expect(state_.chunks == arena_.chunks());
    Expect(std::uint64_t{state_.capacity} * kGranuleBytes == bytes);
    Expect(MemoryBudget::Process().used() == bytes);
    Expect(state_.used() + state_.wasted <= state_.capacity);
  }

  FuzzInput& input_;
  ArenaState state_;
  BumpArena arena_;
  std::vector<Block> blocks_;
  std::vector<MarkedAt> marks_;
  BlockMap map_;
  std::uint64_t used_ = 0;
};

}  // namespace
}  // namespace simd_arena

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using simd_arena::MemoryBudget;
  simd_arena::FuzzInput input(data, size);
  {
    simd_arena::BumpArenaModel model(&input);
    while (!input.empty()) model.Step();
  }
  simd_arena::Expect(MemoryBudget::Process().used() == 0);
  MemoryBudget::Process().set_limit(MemoryBudget::kUnlimited);
  return 0;
}
