// The size classes of pooled buffers: powers of two, from 64 bytes to 128 MiB.
//
// A slot has the size of its class and lies at a multiple of it, up to 4096: so alignment is served by rounding the
// request up to it. Requests beyond the last class are large: each gets memory of its own size.
#ifndef SIMD_ARENA_MEMORY_SIZE_CLASS_H_
#define SIMD_ARENA_MEMORY_SIZE_CLASS_H_

#include <cstddef>
#include <cstdint>

namespace simd_arena {

// tools/generate-tables reads these two.
inline constexpr std::uint32_t kSizeClasses = 22;
inline constexpr std::uint32_t kMinClassShift = 6;

/// Stands for the class of large requests.
inline constexpr std::uint32_t kLargeClass = kSizeClasses;

/// The largest alignment that a request can name.
inline constexpr std::size_t kMaxAlignment = 4096;

/// Whether a request can name `alignment`: a power of two up to kMaxAlignment.
constexpr bool IsAlignment(std::size_t alignment) {
  return alignment != 0 && alignment <= kMaxAlignment && (alignment & (alignment - 1)) == 0;
}

/// The bytes of a slot of `size_class`, which is below kSizeClasses.
constexpr std::size_t SizeClassBytes(std::uint32_t size_class) {
  return std::size_t{1} << (kMinClassShift + size_class);
}

/// The class of the smallest slots that hold `bytes` at a multiple of `alignment`, or kLargeClass. Exact for every
/// size_t.
constexpr std::uint32_t SizeClassFor(std::size_t bytes, std::size_t alignment) {
  const std::size_t wanted = bytes > alignment ? bytes : alignment;
  if (wanted <= SizeClassBytes(0)) return 0;
  if (wanted > SizeClassBytes(kSizeClasses - 1)) return kLargeClass;
  const auto significant_bits = static_cast<std::uint32_t>(64 - __builtin_clzll(wanted - 1));
  return significant_bits - kMinClassShift;
}

}  // namespace simd_arena

#endif  // SIMD_ARENA_MEMORY_SIZE_CLASS_H_
