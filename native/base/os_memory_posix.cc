#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <cstring>

#include "base/os_memory.h"

namespace simd_arena::os {

void* MapPages(std::size_t bytes) {
  // Without MAP_NORESERVE: the system's overcommit policy refuses sizes that it could never back.
  void* memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return memory == MAP_FAILED ? nullptr : memory;
}

void ZeroPages(void* memory, std::size_t bytes) {
#if defined(__linux__)
  if (madvise(memory, bytes, MADV_DONTNEED) == 0) return;
#else
  // Elsewhere MADV_DONTNEED is a hint that may keep the contents; a fresh mapping over the old one is exact.
  const int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED;
  if (mmap(memory, bytes, PROT_READ | PROT_WRITE, flags, -1, 0) != MAP_FAILED) return;
#endif
  std::memset(memory, 0, bytes);
}

void ZeroRange(void* memory, std::size_t bytes) {
  const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  auto* const data = static_cast<std::uint8_t*>(memory);
  const std::size_t head = (page - reinterpret_cast<std::uintptr_t>(memory) % page) % page;
  if (bytes < head + page) {
    std::memset(data, 0, bytes);
    return;
  }
  const std::size_t whole = (bytes - head) / page * page;
  std::memset(data, 0, head);
  ZeroPages(data + head, whole);
  std::memset(data + head + whole, 0, bytes - head - whole);
}

}  // namespace simd_arena::os
