// The type of one element of numeric data. Values are dense from 0, in the order of element_type.def.
#ifndef SIMD_ARENA_BASE_ELEMENT_TYPE_H_
#define SIMD_ARENA_BASE_ELEMENT_TYPE_H_

#include <cstddef>
#include <cstdint>

namespace simd_arena {

enum class ElementType : std::int32_t {
#define ELEMENT_TYPE(name, label, size) k##name,
#include "base/element_type.def"
#undef ELEMENT_TYPE
};

inline constexpr std::size_t kElementTypes = 0
#define ELEMENT_TYPE(name, label, size) +1
#include "base/element_type.def"
#undef ELEMENT_TYPE
    ;

/// Bytes that one element of `type` takes.
constexpr std::size_t ElementSize(ElementType type) {
  constexpr std::size_t kSizes[] = {
#define ELEMENT_TYPE(name, label, size) size,
#include "base/element_type.def"
#undef ELEMENT_TYPE
  };
  return kSizes[static_cast<std::size_t>(type)];
}

}  // namespace simd_arena

#endif  // SIMD_ARENA_BASE_ELEMENT_TYPE_H_
