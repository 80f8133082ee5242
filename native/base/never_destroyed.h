// A static that outlives all others: threads and finalizers may run after static destructors.
#ifndef SIMD_ARENA_BASE_NEVER_DESTROYED_H_
#define SIMD_ARENA_BASE_NEVER_DESTROYED_H_

#include <new>

namespace simd_arena {

/// Holds a T, whose destructor never runs; not on the heap, where there may be no memory.
template <typename T>
class NeverDestroyed {
 public:
  NeverDestroyed() : value_(*new(memory_) T) {}
  NeverDestroyed(const NeverDestroyed&) = delete;
  NeverDestroyed& operator=(const NeverDestroyed&) = delete;

  T& operator*() { return value_; }

 private:
  alignas(T) unsigned char memory_[sizeof(T)];
  T& value_;
};

}  // namespace simd_arena

#endif  // SIMD_ARENA_BASE_NEVER_DESTROYED_H_
