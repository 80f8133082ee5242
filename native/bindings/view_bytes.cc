#include "bindings/view_bytes.h"

#include <cstdio>

namespace simd_arena {

namespace {

/// Bytes of an element of an array of `type`; 0 if the type is unknown.
std::size_t ElementBytes(napi_typedarray_type type) {
  switch (type) {
    case napi_int8_array:
    case napi_uint8_array:
    case napi_uint8_clamped_array:
      return 1;
    case napi_int16_array:
    case napi_uint16_array:
      return 2;
    case napi_int32_array:
    case napi_uint32_array:
    case napi_float32_array:
      return 4;
    case napi_float64_array:
    case napi_bigint64_array:
    case napi_biguint64_array:
      return 8;
    default:
      return 0;
  }
}

const char* ElementName(ElementType type) {
  constexpr const char* kNames[] = {
#define ELEMENT_TYPE(name, label, size) #label,
#include "base/element_type.def"
#undef ELEMENT_TYPE
  };
  return kNames[static_cast<std::size_t>(type)];
}

}  // namespace

Status ReadBytes(napi_env env, napi_value value, ViewBytes* bytes) {
  void* data = nullptr;
  // In Node.js, a "buffer" is any view, and is read in half the time that napi_get_typedarray_info takes. Other
  // runtimes take the word literally.
  bool is_buffer = false;
  if (napi_is_buffer(env, value, &is_buffer) != napi_ok || !is_buffer ||
      napi_get_buffer_info(env, value, &data, &bytes->length) != napi_ok) {
    napi_typedarray_type type = kUnknownArray;
    if (napi_get_typedarray_info(env, value, &type, &bytes->length, &data, nullptr, nullptr) != napi_ok ||
        ElementBytes(type) == 0) {
      return Status::kInvalidArgType;
    }
    bytes->length *= ElementBytes(type);
  }
  // A fixed-length view of a shrunk buffer reports length 0 and a pointer that is stale.
  bytes->data = bytes->length == 0 ? nullptr : static_cast<const std::uint8_t*>(data);
  return Status::kOk;
}

bool ReadArrayBuffer(napi_env env, napi_value value, std::uint8_t** data, std::size_t* length) {
  bool is_buffer = false;
  void* memory = nullptr;
  if (napi_is_arraybuffer(env, value, &is_buffer) != napi_ok || !is_buffer ||
      napi_get_arraybuffer_info(env, value, &memory, length) != napi_ok) {
    return false;
  }
  *data = static_cast<std::uint8_t*>(memory);
  return true;
}

Status CountWholeElements(const ViewBytes& bytes, ElementType type, std::size_t* count) {
  const std::size_t size = ElementSize(type);
  *count = bytes.length >> __builtin_ctzll(size);  // sizes are powers of two, and a division would take 8 ns
  return (bytes.length & (size - 1)) == 0 ? Status::kOk : Status::kByteLength;
}

ErrorDetail DescribeLength(const ViewBytes& bytes, ElementType type) {
  ErrorDetail detail;
  std::snprintf(detail.text, sizeof detail.text, "%zu bytes, but %s takes %zu", bytes.length, ElementName(type),
                ElementSize(type));
  return detail;
}

}  // namespace simd_arena
