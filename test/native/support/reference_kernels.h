// What each kernel of kernel.def must return, in the plainest possible words. The element type is in the signature, so
// that a test can go through the whole table.
#ifndef SIMD_ARENA_TEST_SUPPORT_REFERENCE_KERNELS_H_
#define SIMD_ARENA_TEST_SUPPORT_REFERENCE_KERNELS_H_

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <vector>

#include "support/reference_sum.h"

namespace simd_arena::reference {

template <typename T>
bool IsTrue(T element) {
  return element != 0;
}

template <typename T>
bool All(const std::vector<T>& x) {
  return std::all_of(x.begin(), x.end(), IsTrue<T>);
}

template <typename T>
bool Any(const std::vector<T>& x) {
  return std::any_of(x.begin(), x.end(), IsTrue<T>);
}

inline std::int64_t SumI32(const std::vector<std::int32_t>& x) {
  return std::accumulate(x.begin(), x.end(), std::int64_t{0});
}

inline std::uint64_t SumU8(const std::vector<std::uint8_t>& x) {
  return std::accumulate(x.begin(), x.end(), std::uint64_t{0});
}

inline std::uint64_t CountNonzeroU8(const std::vector<std::uint8_t>& x) {
  return static_cast<std::uint64_t>(std::count_if(x.begin(), x.end(), IsTrue<std::uint8_t>));
}

inline bool AllF32(const std::vector<float>& x) { return All(x); }
inline bool AllI32(const std::vector<std::int32_t>& x) { return All(x); }
inline bool AllU8(const std::vector<std::uint8_t>& x) { return All(x); }
inline bool AnyF32(const std::vector<float>& x) { return Any(x); }
inline bool AnyI32(const std::vector<std::int32_t>& x) { return Any(x); }
inline bool AnyU8(const std::vector<std::uint8_t>& x) { return Any(x); }

}  // namespace simd_arena::reference

#endif  // SIMD_ARENA_TEST_SUPPORT_REFERENCE_KERNELS_H_
