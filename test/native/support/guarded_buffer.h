// Memory between two inaccessible pages: reading one byte before or after it kills the process, whatever instruction
// does it. Address sanitizers miss some masked SIMD loads; this does not.
//
// Owns its mapping. The contents start as zeros.
#ifndef SIMD_ARENA_TEST_SUPPORT_GUARDED_BUFFER_H_
#define SIMD_ARENA_TEST_SUPPORT_GUARDED_BUFFER_H_

#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>

namespace simd_arena {

class GuardedBuffer {
 public:
  /// At least `bytes` bytes, rounded up to whole pages.
  explicit GuardedBuffer(std::size_t bytes) : page_(static_cast<std::size_t>(sysconf(_SC_PAGESIZE))) {
    size_ = (bytes + page_ - 1) / page_ * page_;
    void* mapping = mmap(nullptr, size_ + 2 * page_, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (mapping == MAP_FAILED) std::abort();
    begin_ = static_cast<std::uint8_t*>(mapping) + page_;
    if (mprotect(begin_, size_, PROT_READ | PROT_WRITE) != 0) std::abort();
  }
  ~GuardedBuffer() { munmap(begin_ - page_, size_ + 2 * page_); }

  GuardedBuffer(const GuardedBuffer&) = delete;
  GuardedBuffer& operator=(const GuardedBuffer&) = delete;

  /// The first byte; the one before it is inaccessible.
  std::uint8_t* begin() const { return begin_; }
  /// One past the last byte; inaccessible.
  std::uint8_t* end() const { return begin_ + size_; }
  std::size_t size() const { return size_; }

 private:
  std::size_t page_;
  std::size_t size_;
  std::uint8_t* begin_;
};

}  // namespace simd_arena

#endif  // SIMD_ARENA_TEST_SUPPORT_GUARDED_BUFFER_H_
