// What is known so far of how many elements are true: all, any, how many.
//
// True is what is not 0; NaN is true, -0 is false. Values; any thread. Add() takes any number of elements.
#ifndef SIMD_ARENA_OPS_TRUTH_STATE_H_
#define SIMD_ARENA_OPS_TRUTH_STATE_H_

#include <cstddef>
#include <cstdint>

#include "ops/element_kernels.h"

namespace simd_arena {

template <typename Element>
class AllTrue {
 public:
  static constexpr std::size_t kGranularity = 1;

  void Add(const KernelTable& kernels, const std::uint8_t* data, std::size_t n) {
    value_ = value_ && (kernels.*Element::kAll)(data, n);
  }
  bool value() const { return value_; }

 private:
  bool value_ = true;
};

template <typename Element>
class AnyTrue {
 public:
  static constexpr std::size_t kGranularity = 1;

  void Add(const KernelTable& kernels, const std::uint8_t* data, std::size_t n) {
    value_ = value_ || (kernels.*Element::kAny)(data, n);
  }
  bool value() const { return value_; }

 private:
  bool value_ = false;
};

template <typename Element>
class CountNonzero {
 public:
  static constexpr std::size_t kGranularity = 1;

  void Add(const KernelTable& kernels, const std::uint8_t* data, std::size_t n) {
    count_ += (kernels.*Element::kCountNonzero)(data, n);
  }
  std::uint64_t count() const { return count_; }

 private:
  std::uint64_t count_ = 0;
};

}  // namespace simd_arena

#endif  // SIMD_ARENA_OPS_TRUTH_STATE_H_
