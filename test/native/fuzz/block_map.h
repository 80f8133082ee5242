// What is handed out, to prove that no two blocks overlap and that nobody writes into another's.
#ifndef SIMD_ARENA_TEST_FUZZ_BLOCK_MAP_H_
#define SIMD_ARENA_TEST_FUZZ_BLOCK_MAP_H_

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <map>

#include "fuzz/fuzz_input.h"

namespace simd_arena {

class BlockMap {
 public:
  /// Expects that [memory, memory + bytes) overlaps no block, and marks its ends.
  void Add(std::uint8_t* memory, std::size_t bytes) {
    const auto after = blocks_.lower_bound(memory);
    Expect(after == blocks_.end() || memory + bytes <= after->first);
    Expect(after == blocks_.begin() || std::prev(after)->first + std::prev(after)->second.bytes <= memory);
    const auto mark = static_cast<std::uint8_t>(++count_);
    blocks_.emplace(memory, Block{bytes, mark});
    if (bytes != 0) memory[0] = memory[bytes - 1] = mark;
  }

  /// Expects that `memory` is a block that nobody has written to, and forgets it.
  void Remove(std::uint8_t* memory) {
    const auto found = blocks_.find(memory);
    Expect(found != blocks_.end());
    const Block& block = found->second;
    if (block.bytes != 0) Expect(memory[0] == block.mark && memory[block.bytes - 1] == block.mark);
    blocks_.erase(found);
  }

  /// As Remove, where the memory may be another's by now.
  void Forget(std::uint8_t* memory) { Expect(blocks_.erase(memory) == 1); }

 private:
  struct Block {
    std::size_t bytes;
    std::uint8_t mark;
  };
  std::map<std::uint8_t*, Block> blocks_;
  std::uint64_t count_ = 0;
};

}  // namespace simd_arena

#endif  // SIMD_ARENA_TEST_FUZZ_BLOCK_MAP_H_
