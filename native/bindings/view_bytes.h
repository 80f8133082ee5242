// Reads the bytes of a view: where they lie, and how many there are. What they mean, the caller knows: lib/ has looked
// at the type of the view, and whatever it is, no byte outside it is read.
#ifndef SIMD_ARENA_BINDINGS_VIEW_BYTES_H_
#define SIMD_ARENA_BINDINGS_VIEW_BYTES_H_

#include <node_api.h>

#include <cstddef>
#include <cstdint>

#include "base/element_type.h"
#include "base/status.h"

namespace simd_arena {

/// The type of arrays that this version of Node-API does not know: it leaves their type unset.
inline constexpr auto kUnknownArray = static_cast<napi_typedarray_type>(15);

/// Memory of JavaScript. `data` is valid until JavaScript can run again: read it last, use it at once.
struct ViewBytes {
  const std::uint8_t* data = nullptr;  ///< nullptr where there are no bytes
  std::size_t length = 0;              ///< 0 also for detached and out-of-bounds views
};

/// Reads `value`, a typed array of any kind, over any buffer, of any realm, or, where the runtime counts it as a
/// buffer, a DataView. Anything else, proxies among it, is kInvalidArgType. Runs no JavaScript. About 15 ns in Node.js.
Status ReadBytes(napi_env env, napi_value value, ViewBytes* bytes);

/// Reads `value`, an ArrayBuffer; one that is detached has no bytes. False for anything else. Valid as long as
/// ViewBytes.
bool ReadArrayBuffer(napi_env env, napi_value value, std::uint8_t** data, std::size_t* length);

/// The number of elements of `type` that `bytes` spell. kByteLength: they do not fill the last one.
Status CountWholeElements(const ViewBytes& bytes, ElementType type, std::size_t* count);

/// A detail of an error. Not a string: errors are made where callers do not catch std::bad_alloc.
struct ErrorDetail {
  char text[96];
};

/// Says, for the error of a failed CountWholeElements, what does not fit.
ErrorDetail DescribeLength(const ViewBytes& bytes, ElementType type);

}  // namespace simd_arena

#endif  // SIMD_ARENA_BINDINGS_VIEW_BYTES_H_
