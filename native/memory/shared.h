// Numbers that one thread writes and any thread reads: the words of states that C++ and JavaScript share.
#ifndef SIMD_ARENA_MEMORY_SHARED_H_
#define SIMD_ARENA_MEMORY_SHARED_H_

namespace simd_arena {

/// Reads a number that another thread may be writing.
template <typename T>
T LoadShared(const T& number) {
  T value;
  __atomic_load(&number, &value, __ATOMIC_RELAXED);
  return value;
}

/// A number that one thread writes and any thread reads, at the cost of a plain variable.
template <typename T>
class Shared {
 public:
  operator T() const { return LoadShared(value_); }  // NOLINT(google-explicit-constructor): reads as the number it is
  T operator=(T value) {
    __atomic_store(&value_, &value, __ATOMIC_RELAXED);
    return value;
  }
  T operator+=(T value) { return *this = *this + value; }
  T operator-=(T value) { return *this = *this - value; }

 private:
  T value_ = 0;
};

}  // namespace simd_arena

#endif  // SIMD_ARENA_MEMORY_SHARED_H_
