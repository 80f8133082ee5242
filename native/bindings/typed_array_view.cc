#include "bindings/typed_array_view.h"

namespace simd_arena {

namespace {

bool IsBytes(napi_typedarray_type type) { return type == napi_uint8_array || type == napi_uint8_clamped_array; }

bool HasElementType(napi_typedarray_type array_type, ElementType type) {
  switch (type) {
    case ElementType::kF16:
    case ElementType::kBF16:  // their bits
    case ElementType::kU16:
      return array_type == napi_uint16_array;
    case ElementType::kF32:
      return array_type == napi_float32_array;
    case ElementType::kF64:
      return array_type == napi_float64_array;
    case ElementType::kI8:
      return array_type == napi_int8_array;
    case ElementType::kI16:
      return array_type == napi_int16_array;
    case ElementType::kI32:
      return array_type == napi_int32_array;
    case ElementType::kU32:
      return array_type == napi_uint32_array;
    case ElementType::kI64:
      return array_type == napi_bigint64_array;
    case ElementType::kU64:
      return array_type == napi_biguint64_array;
    case ElementType::kU8:
    case ElementType::kBool:
      return IsBytes(array_type);
  }
  return false;
}

const char* ArrayName(napi_typedarray_type type) {
  switch (type) {
    case napi_int8_array:
      return "Int8Array";
    case napi_uint8_array:
      return "Uint8Array";
    case napi_uint8_clamped_array:
      return "Uint8ClampedArray";
    case napi_int16_array:
      return "Int16Array";
    case napi_uint16_array:
      return "Uint16Array";
    case napi_int32_array:
      return "Int32Array";
    case napi_uint32_array:
      return "Uint32Array";
    case napi_float32_array:
      return "Float32Array";
    case napi_float64_array:
      return "Float64Array";
    case napi_bigint64_array:
      return "BigInt64Array";
    case napi_biguint64_array:
      return "BigUint64Array";
    default:
      return "typed array";
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

Status ReadTypedArray(napi_env env, napi_value value, TypedArrayView* view) {
  void* data = nullptr;
  view->type = kUnknownArray;
  if (napi_get_typedarray_info(env, value, &view->type, &view->length, &data, nullptr, nullptr) != napi_ok) {
    return Status::kInvalidArgType;
  }
  // A fixed-length view of a shrunk buffer reports length 0 and a pointer that is stale.
  view->data = view->length == 0 ? nullptr : static_cast<const std::uint8_t*>(data);
  return Status::kOk;
}

Status CountBytes(const TypedArrayView& view, ElementType type, std::size_t* bytes) {
  if (HasElementType(view.type, type)) {
    *bytes = view.length * ElementSize(type);
    return Status::kOk;
  }
  if (!IsBytes(view.type)) return Status::kElementType;
  *bytes = view.length;
  return Status::kOk;
}

Status InterpretAs(const TypedArrayView& view, ElementType type, std::size_t* length) {
  std::size_t bytes;
  if (Status status = CountBytes(view, type, &bytes); status != Status::kOk) return status;
  const std::size_t size = ElementSize(type);
  if (bytes % size != 0) return Status::kByteLength;
  *length = bytes / size;
  return Status::kOk;
}

std::string DescribeMismatch(const TypedArrayView& view, ElementType type) {
  const std::string element = ElementName(type);
  if (!IsBytes(view.type)) return "elements of " + std::string(ArrayName(view.type)) + " are not " + element;
  return std::to_string(view.length) + " bytes, but " + element + " takes " + std::to_string(ElementSize(type));
}

}  // namespace simd_arena
