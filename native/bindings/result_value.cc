#include "bindings/result_value.h"

#include <cstddef>
#include <cstdint>

#include "bindings/throw_status.h"

namespace simd_arena {

namespace {

napi_value ToValue(napi_env env, double number) {
  napi_value value = nullptr;
  napi_create_double(env, number, &value);
  return value;
}

napi_value ToValue(napi_env env, const WideInteger& integer) {
  const WideInteger magnitude = integer.IsNegative() ? -integer : integer;
  std::uint64_t words[WideInteger::kWords];
  std::size_t count = WideInteger::kWords;
  for (std::size_t i = 0; i < count; ++i) words[i] = magnitude.word(i);
  while (count > 0 && words[count - 1] == 0) --count;
  napi_value value = nullptr;
  napi_create_bigint_words(env, integer.IsNegative() ? 1 : 0, count, words, &value);
  return value;
}

template <typename Number>
napi_value ToObject(napi_env env, const Number& least, const Number& greatest) {
  napi_value object = nullptr;
  if (napi_create_object(env, &object) != napi_ok ||
      napi_set_named_property(env, object, "min", ToValue(env, least)) != napi_ok ||
      napi_set_named_property(env, object, "max", ToValue(env, greatest)) != napi_ok) {
    return nullptr;
  }
  return object;
}

napi_value MakeValue(napi_env env, const ReduceResult& result) {
  napi_value value = nullptr;
  switch (result.kind) {
    case ReduceResult::Kind::kNumber:
      return ToValue(env, result.number);
    case ReduceResult::Kind::kBoolean:
      napi_get_boolean(env, result.number != 0, &value);
      return value;
    case ReduceResult::Kind::kInteger:
      return ToValue(env, result.integer);
    case ReduceResult::Kind::kNumbers:
      return ToObject(env, result.number, result.greatest_number);
    case ReduceResult::Kind::kIntegers:
      return ToObject(env, result.integer, result.greatest_integer);
  }
  return value;
}

}  // namespace

napi_value ToValue(napi_env env, const ReduceResult& result) {
  napi_value value = MakeValue(env, result);
  // Without an exception, undefined would reach JavaScript, and stand for a number that another call has left.
  return value != nullptr ? value : ThrowStatus(env, Status::kOutOfMemory);
}

}  // namespace simd_arena
