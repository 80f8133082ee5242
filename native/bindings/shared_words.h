// Memory that C++ and JavaScript share for state and counters: a typed array on a SharedArrayBuffer.
//
// A SharedArrayBuffer cannot be detached, transferred away or shrunk, so the pointer stays valid as long as the
// reference does, whatever JavaScript does.
#ifndef SIMD_ARENA_BINDINGS_SHARED_WORDS_H_
#define SIMD_ARENA_BINDINGS_SHARED_WORDS_H_

#include <napi.h>

#include <cstddef>

#include "bindings/view_bytes.h"

namespace simd_arena {

/// Pins `value` and returns its memory: a typed array of `type` with `length` elements, 8-byte aligned, on a
/// SharedArrayBuffer. nullptr, and nothing pinned, for anything else.
inline void* PinSharedWords(Napi::Env env, Napi::Value value, napi_typedarray_type type, std::size_t length,
                            Napi::Reference<Napi::Value>* pin) {
  napi_typedarray_type actual_type = kUnknownArray;
  std::size_t actual_length;
  void* data;
  napi_value buffer;
  if (napi_get_typedarray_info(env, value, &actual_type, &actual_length, &data, &buffer, nullptr) != napi_ok ||
      actual_type != type || actual_length != length || reinterpret_cast<std::uintptr_t>(data) % 8 != 0) {
    return nullptr;
  }
  bool is_array_buffer = true;
  if (napi_is_arraybuffer(env, buffer, &is_array_buffer) != napi_ok || is_array_buffer) return nullptr;
  *pin = Napi::Reference<Napi::Value>::New(value, 1);
  return data;
}

}  // namespace simd_arena

#endif  // SIMD_ARENA_BINDINGS_SHARED_WORDS_H_
