// Allocations that fail as fault_plans.memory says: every one that the linked code itself makes.
//
// The linker's --wrap sends the references of what is linked here; libraries, V8 among them, keep the real functions.
// These are all that the product refers to: tools/test-oom makes sure of it.
#include <sys/mman.h>

#include <cerrno>
#include <cstddef>
#include <new>

#include "faults/fault_plan.h"

// The names are those of the linker: of operator new and new[] with a size, and the same with std::nothrow.
// NOLINTBEGIN(bugprone-reserved-identifier,readability-identifier-naming)
extern "C" {

void* __real__Znwm(std::size_t bytes);
void* __real__Znam(std::size_t bytes);
void* __real__ZnwmRKSt9nothrow_t(std::size_t bytes, const std::nothrow_t& tag);
void* __real__ZnamRKSt9nothrow_t(std::size_t bytes, const std::nothrow_t& tag);
void* __real_mmap(void* at, std::size_t bytes, int access, int flags, int file, off_t offset);

void* __wrap__Znwm(std::size_t bytes) {
  if (simd_arena::fault_plans.memory.Fail()) throw std::bad_alloc();
  return __real__Znwm(bytes);
}

void* __wrap__Znam(std::size_t bytes) {
  if (simd_arena::fault_plans.memory.Fail()) throw std::bad_alloc();
  return __real__Znam(bytes);
}

void* __wrap__ZnwmRKSt9nothrow_t(std::size_t bytes, const std::nothrow_t& tag) {
  return simd_arena::fault_plans.memory.Fail() ? nullptr : __real__ZnwmRKSt9nothrow_t(bytes, tag);
}

void* __wrap__ZnamRKSt9nothrow_t(std::size_t bytes, const std::nothrow_t& tag) {
  return simd_arena::fault_plans.memory.Fail() ? nullptr : __real__ZnamRKSt9nothrow_t(bytes, tag);
}

void* __wrap_mmap(void* at, std::size_t bytes, int access, int flags, int file, off_t offset) {
  if (simd_arena::fault_plans.memory.Fail()) {
    errno = ENOMEM;
    return MAP_FAILED;
  }
  return __real_mmap(at, bytes, access, flags, file, offset);
}

}  // extern "C"
// NOLINTEND(bugprone-reserved-identifier,readability-identifier-naming)

namespace simd_arena {

FaultPlans fault_plans = {};

}  // namespace simd_arena
