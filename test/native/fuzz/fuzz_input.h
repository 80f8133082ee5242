// The bytes that libFuzzer makes up, read as the choices of a test.
#ifndef SIMD_ARENA_TEST_FUZZ_FUZZ_INPUT_H_
#define SIMD_ARENA_TEST_FUZZ_FUZZ_INPUT_H_

#include <cstddef>
#include <cstdint>
#include <cstdlib>

namespace simd_arena {

/// Ends the process, so that libFuzzer keeps the input, unless `condition` holds.
inline void Expect(bool condition) {
  if (!condition) std::abort();
}

class FuzzInput {
 public:
  FuzzInput(const std::uint8_t* data, std::size_t size) : data_(data), end_(data + size) {}

  bool empty() const { return data_ == end_; }

  /// The next byte; 0 after the last.
  std::uint8_t Byte() { return empty() ? std::uint8_t{0} : *data_++; }

  /// A number below `limit`, which is at most 2^32 and not 0.
  std::uint64_t Below(std::uint64_t limit) {
    std::uint64_t number = Byte();
    for (std::uint64_t reach = 256; reach < limit; reach *= 256) number = number * 256 + Byte();
    return number % limit;
  }

  /// A size from 0 to 2^max_shift + 1: as often small as large, and often next to a power of two.
  std::size_t Size(unsigned max_shift) {
    const std::size_t power = std::size_t{1} << Below(max_shift + 1);
    const std::uint64_t where = Below(4);
    return where < 3 ? power + where - 1 : power - Below(power / 2 + 1);
  }

 private:
  const std::uint8_t* data_;
  const std::uint8_t* const end_;
};

}  // namespace simd_arena

#endif  // SIMD_ARENA_TEST_FUZZ_FUZZ_INPUT_H_
