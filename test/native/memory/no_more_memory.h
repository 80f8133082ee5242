// A system that refuses to map memory, for a part of one test.
#ifndef SIMD_ARENA_TEST_MEMORY_NO_MORE_MEMORY_H_
#define SIMD_ARENA_TEST_MEMORY_NO_MORE_MEMORY_H_

#include <doctest/doctest.h>
#include <sys/resource.h>

namespace simd_arena {

/// While it lives, the system refuses to map memory.
class NoMoreMemory {
 public:
  NoMoreMemory() {
    REQUIRE(getrlimit(RLIMIT_AS, &before_) == 0);
    rlimit none = before_;
    none.rlim_cur = 0;
    REQUIRE(setrlimit(RLIMIT_AS, &none) == 0);
  }
  ~NoMoreMemory() { setrlimit(RLIMIT_AS, &before_); }
  NoMoreMemory(const NoMoreMemory&) = delete;
  NoMoreMemory& operator=(const NoMoreMemory&) = delete;

 private:
  rlimit before_ = {};
};

}  // namespace simd_arena

#endif  // SIMD_ARENA_TEST_MEMORY_NO_MORE_MEMORY_H_
