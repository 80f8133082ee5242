// Reads a typed array through the C API: what it is, where its elements lie, how many there are.
#ifndef SIMD_ARENA_BINDINGS_TYPED_ARRAY_VIEW_H_
#define SIMD_ARENA_BINDINGS_TYPED_ARRAY_VIEW_H_

#include <node_api.h>

#include <cstddef>
#include <cstdint>
#include <string>

#include "base/element_type.h"
#include "base/status.h"

namespace simd_arena {

/// The type of arrays that this version of Node-API does not know: it leaves their type unset.
inline constexpr auto kUnknownArray = static_cast<napi_typedarray_type>(15);

/// Elements in memory of JavaScript. `data` is valid until JavaScript can run again: read it last, use it at once.
struct TypedArrayView {
  napi_typedarray_type type = kUnknownArray;
  const std::uint8_t* data = nullptr;  ///< nullptr where the length is 0
  std::size_t length = 0;              ///< elements of `type`; 0 also for detached and out-of-bounds arrays
};

/// Reads `value`, a typed array of any kind, over any buffer, of any realm. Anything else, proxies among it, is
/// kInvalidArgType. Runs no JavaScript. About 40 ns.
Status ReadTypedArray(napi_env env, napi_value value, TypedArrayView* view);

/// The bytes of `view`, if its elements have that type, or if it is an array of bytes, which may spell elements of any
/// type and end amid one. kElementType: an array of another type.
Status CountBytes(const TypedArrayView& view, ElementType type, std::size_t* bytes);

/// Interprets `view` as `*length` elements of `type`: its own elements if it has that type, else, for an array of
/// bytes, the little-endian elements that the bytes spell, at any alignment. kElementType: an array of another type.
/// kByteLength: the bytes do not fill the last element.
Status InterpretAs(const TypedArrayView& view, ElementType type, std::size_t* length);

/// Says, for the error of a failed InterpretAs, what the data is and what was expected.
std::string DescribeMismatch(const TypedArrayView& view, ElementType type);

}  // namespace simd_arena

#endif  // SIMD_ARENA_BINDINGS_TYPED_ARRAY_VIEW_H_
