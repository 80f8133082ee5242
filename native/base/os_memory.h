// The operating system's page interface: the one place that maps memory.
//
// Address ranges are never given back. A consumer outside JavaScript (a socket, a thread of libuv) may still hold a
// pointer into memory whose owner has let go of it; it then reads bytes that mean nothing, but it does not crash the
// process. ZeroPages returns the physical memory, ChunkCache recycles the addresses.
//
// Thread rule: all functions may be called from any thread.
#ifndef SIMD_ARENA_BASE_OS_MEMORY_H_
#define SIMD_ARENA_BASE_OS_MEMORY_H_

#include <cstddef>

namespace simd_arena::os {

/// Maps `bytes` (a multiple of the page size, not 0) of zeroed, private, read-write memory on a page boundary.
/// Returns nullptr when the system refuses.
void* MapPages(std::size_t bytes);

/// Makes [memory, memory + bytes) read as zero and gives its physical memory back to the system, where that allows it
/// (locked pages are cleared instead). The range stays mapped. `memory` and `bytes` are multiples of the page size.
void ZeroPages(void* memory, std::size_t bytes);

/// The same for any range of private memory, whoever has mapped it: whole pages go back, what is left of its first and
/// last is cleared.
void ZeroRange(void* memory, std::size_t bytes);

}  // namespace simd_arena::os

#endif  // SIMD_ARENA_BASE_OS_MEMORY_H_
