// Requests, puts, victims and losses of a private pool, under limits of its own and of the process, against a stack of
// idle buffers for each class; and the same with garbage in the words that JavaScript can reach.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#include "fuzz/block_map.h"
#include "fuzz/fuzz_input.h"
#include "memory/buffer_pool.h"
#include "memory/memory_budget.h"

namespace simd_arena {
namespace {

constexpr std::uint32_t kNone = BufferPool::kNone;

/// A pool and its state.
class FuzzedPool {
 protected:
  explicit FuzzedPool(FuzzInput* input)
      : input_(*input),
        max_buffers_(static_cast<std::uint32_t>(input->Below(6))),
        max_bytes_(input->Size(30)),
        words_((PoolState::Words(max_buffers_) + 1) / 2),
        state_(*reinterpret_cast<PoolState*>(words_.data())),
        pool_(&state_, max_bytes_, max_buffers_) {}

  std::size_t ReadAlignment() { return std::size_t{1} << input_.Below(13); }

  void ChangeBudget() {
    const bool limited = input_.Byte() % 2 == 0;
    MemoryBudget::Process().set_limit(limited ? MemoryBudget::Process().used() + input_.Size(30)
                                              : MemoryBudget::kUnlimited);
  }

  std::uint8_t* DataOf(std::uint32_t slot) const {
    const ChunkPart part = pool_.part(slot);
    Expect(part.offset + part.bytes <= part.chunk->bytes());
    return part.chunk->data() + part.offset;
  }

  FuzzInput& input_;
  const std::uint32_t max_buffers_;
  const std::uint64_t max_bytes_;
  std::vector<std::uint64_t> words_;
  PoolState& state_;
  BufferPool pool_;
};

class BufferPoolModel : FuzzedPool {
 public:
  explicit BufferPoolModel(FuzzInput* input) : FuzzedPool(input) {}
  ~BufferPoolModel() {
    for (const Lost& lost : lost_) lost.buffers->Remove();
  }
  BufferPoolModel(const BufferPoolModel&) = delete;
  BufferPoolModel& operator=(const BufferPoolModel&) = delete;

  void Step() {
    switch (input_.Byte() % 12) {
      case 0:
      case 1:
      case 2:
        Put();
        break;
      case 3:
        Trim();
        break;
      case 4:
        Age();
        break;
      case 5:
        Lose();
        break;
      case 6:
        FinalizeLost();
        break;
      case 7:
        ChangeBudget();
        break;
      default:
        GetOrMake();
    }
    Check();
  }

 private:
  struct Buffer {
    std::uint32_t slot;
    std::uint32_t size_class;
    std::size_t requested;
    std::uint8_t* data;
    bool used;  // since the last mark, where it is idle
  };
  struct Lost {
    std::uint8_t* data;
    BufferCount* buffers;
  };

  void GetOrMake() {
    const std::size_t bytes = input_.Size(28);
    const std::size_t alignment = ReadAlignment();
    const std::uint32_t size_class = SizeClassFor(bytes, alignment);
    std::uint32_t slot = kNone;
    const bool hit = size_class != kLargeClass && !idle_[size_class].empty();
    Count(hit ? PoolStat::hits : PoolStat::misses, 1);
    const Status status = pool_.GetOrMake(bytes, alignment, &slot);
    if (status != Status::kOk) {
      Expect(!hit && status == Status::kMemoryBudget);
      return;
    }
    Buffer buffer = {slot, size_class, bytes, DataOf(slot), true};
    if (hit) {
      Expect(slot == idle_[size_class].back().slot);
      idle_[size_class].pop_back();
      map_.Remove(buffer.data);
      Count(PoolStat::pooledBytes, -static_cast<double>(SizeClassBytes(size_class)));
    }
    Expect(pool_.part(slot).bytes >= bytes);
    Expect(reinterpret_cast<std::uintptr_t>(buffer.data) % std::max(alignment, kGranuleBytes) == 0);
    map_.Add(buffer.data, pool_.part(slot).bytes);
    out_.push_back(buffer);
    Count(PoolStat::allocations, 1);
    Count(PoolStat::bytesAllocated, static_cast<double>(bytes));
  }

  void Put() {
    if (input_.Byte() % 4 == 0) return PutWhatIsNotOut();
    if (out_.empty()) return;
    const Buffer buffer = TakeOut();
    Expect(pool_.Put(buffer.slot) == Status::kOk);
    Count(PoolStat::deallocations, 1);
    Count(PoolStat::bytesFreed, static_cast<double>(buffer.requested));
    if (buffer.size_class == kLargeClass) return Discard(buffer, PoolStat::tooLarge);
    std::vector<Buffer>& stack = idle_[buffer.size_class];
    const auto bytes = static_cast<double>(SizeClassBytes(buffer.size_class));
    if (stack.size() == max_buffers_) return Discard(buffer, PoolStat::bucketFull);
    if (CountOf(PoolStat::pooledBytes) + bytes > static_cast<double>(max_bytes_)) {
      return Discard(buffer, PoolStat::poolFull);
    }
    stack.push_back(buffer);
    Count(PoolStat::pooledBytes, bytes);
  }

  void PutWhatIsNotOut() {
    const auto slot = static_cast<std::uint32_t>(input_.Below(256));
    if (std::any_of(out_.begin(), out_.end(), [slot](const Buffer& buffer) { return buffer.slot == slot; })) return;
    bool idle = false;
    for (const auto& stack : idle_) {
      idle |= std::any_of(stack.begin(), stack.end(), [slot](const Buffer& buffer) { return buffer.slot == slot; });
    }
    Expect(pool_.Put(slot) == (idle ? Status::kPoolDoublePut : Status::kPoolNotOwned));
  }

  void Trim() {
    std::size_t most = 0;
    for (std::uint32_t c = 0; c < kSizeClasses; ++c) most = std::max(most, idle_[c].size() * SizeClassBytes(c));
    const std::uint32_t slot = pool_.TakeColdest();
    Expect((slot == kNone) == (most == 0));
    if (slot == kNone) return;
    const std::uint32_t size_class = SizeClassFor(pool_.part(slot).bytes, 1);
    Expect(idle_[size_class].size() * SizeClassBytes(size_class) == most);
    RetireColdest(size_class, slot, PoolStat::trimmed);
  }

  void Age() {
    for (std::uint32_t slot; (slot = pool_.TakeUnused()) != kNone;) {
      const std::uint32_t size_class = SizeClassFor(pool_.part(slot).bytes, 1);
      Expect(!idle_[size_class].empty() && !idle_[size_class].front().used);
      RetireColdest(size_class, slot, PoolStat::unused);
    }
    pool_.MarkAge();
    for (auto& stack : idle_) {
      for (Buffer& buffer : stack) {
        Expect(buffer.used);  // or it would have been taken
        buffer.used = false;
      }
    }
  }

  void RetireColdest(std::uint32_t size_class, std::uint32_t slot, PoolStat reason) {
    const Buffer buffer = idle_[size_class].front();
    Expect(buffer.slot == slot);
    idle_[size_class].erase(idle_[size_class].begin());
    Count(PoolStat::pooledBytes, -static_cast<double>(SizeClassBytes(size_class)));
    pool_.Retire(slot);
    Discard(buffer, reason);
  }

  void Lose() {
    if (out_.empty()) return;
    const Buffer buffer = TakeOut();
    const ChunkPart part = pool_.part(buffer.slot);
    part.chunk->exposed += 1;
    pool_.set_exposed(buffer.slot, true);
    BufferCount& buffers = part.chunk->buffers_at(part.offset);
    buffers.Add();
    pool_.Lose(buffer.slot);
    lost_.push_back({buffer.data, &buffers});
  }

  void FinalizeLost() {
    if (!lost_.empty()) {
      const std::size_t index = input_.Below(lost_.size());
      map_.Remove(lost_[index].data);
      lost_[index].buffers->Remove();
      lost_.erase(lost_.begin() + static_cast<std::ptrdiff_t>(index));
    }
    if (input_.Byte() % 2 == 0) pool_.ReclaimLost();
  }

  Buffer TakeOut() {
    const std::size_t index = input_.Below(out_.size());
    const Buffer buffer = out_[index];
    out_.erase(out_.begin() + static_cast<std::ptrdiff_t>(index));
    return buffer;
  }

  void Discard(const Buffer& buffer, PoolStat reason) {
    Expect(!pool_.IsLive(buffer.slot));
    Count(reason, 1);
    // Its memory may be the system's by now: nothing of it is looked at.
    map_.Forget(buffer.data);
  }

  void Count(PoolStat stat, double value) { counts_[static_cast<std::size_t>(stat)] += value; }
  double CountOf(PoolStat stat) const { return counts_[static_cast<std::size_t>(stat)]; }

  void Check() {
    // There is no other pool.
    Expect(state_[PoolStat::capacity] == static_cast<double>(MemoryBudget::Process().used()));
    counts_[static_cast<std::size_t>(PoolStat::capacity)] = state_[PoolStat::capacity];
    for (std::size_t i = 0; i < kPoolStats; ++i) Expect(state_.stats[i] == counts_[i]);
    std::uint32_t out[kSizeClasses + 1] = {};
    for (const Buffer& buffer : out_) out[buffer.size_class] += 1;
    for (std::uint32_t c = 0; c <= kLargeClass; ++c) {
      Expect(state_.buckets[c].idle == idle_[c].size());
      Expect(state_.buckets[c].out == out[c]);
    }
  }

  std::vector<Buffer> out_;
  std::vector<Buffer> idle_[kSizeClasses + 1];
  std::vector<Lost> lost_;
  double counts_[kPoolStats] = {};
  BlockMap map_;
};

/// Nothing but: the memory that the pool hands out is its own.
class GarbledPool : FuzzedPool {
 public:
  explicit GarbledPool(FuzzInput* input) : FuzzedPool(input) {}

  void Step() {
    std::uint32_t slot = kNone;
    switch (input_.Byte() % 8) {
      case 0:
      case 1:
        Garble();
        return;
      case 2:
        slot = pool_.TakeColdest();
        break;
      case 3:
        slot = pool_.TakeUnused();
        break;
      case 4:
        (void)pool_.Put(static_cast<std::uint32_t>(input_.Below(64)));
        return;
      case 5:
        pool_.MarkAge();
        return;
      case 6:
        Retire(static_cast<std::uint32_t>(input_.Below(64)));
        return;
      default:
        if (pool_.GetOrMake(input_.Size(20), ReadAlignment(), &slot) != Status::kOk) return;
    }
    if (slot == kNone) return;
    Expect(pool_.IsLive(slot));
    std::uint8_t* const data = DataOf(slot);
    data[0] = data[pool_.part(slot).bytes - 1] = 0xAB;
  }

 private:
  void Garble() {
    const std::size_t index = input_.Below(PoolState::Words(max_buffers_));
    const auto word =
        static_cast<std::uint32_t>(input_.Byte() % 2 == 0 ? input_.Byte() : input_.Below(UINT64_C(1) << 32));
    std::memcpy(reinterpret_cast<unsigned char*>(words_.data()) + index * sizeof word, &word, sizeof word);
  }

  void Retire(std::uint32_t slot) {
    if (pool_.IsLive(slot)) pool_.Retire(slot);
  }
};

template <typename Subject>
void Run(FuzzInput* input) {
  {
    Subject subject(input);
    while (!input->empty()) subject.Step();
  }
  Expect(MemoryBudget::Process().used() == 0);
  MemoryBudget::Process().set_limit(MemoryBudget::kUnlimited);
}

}  // namespace
}  // namespace simd_arena

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  simd_arena::FuzzInput input(data, size);
  if (input.Byte() % 2 == 0) {
    simd_arena::Run<simd_arena::BufferPoolModel>(&input);
  } else {
    simd_arena::Run<simd_arena::GarbledPool>(&input);
  }
  return 0;
}
