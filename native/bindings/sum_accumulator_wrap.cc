#include "bindings/sum_accumulator_wrap.h"

#include <cstddef>
#include <cstdint>
#include <string>

#include "bindings/throw_status.h"
#include "bindings/typed_array_view.h"

namespace simd_arena {

namespace {

constexpr char kOutOfRange[] = "the sum would reach 2^1165";

/// A type of elements that can be summed exactly.
struct FloatType {
  const char* name;
  napi_typedarray_type array_type;
  std::size_t size;
  Status (SumAccumulator::*add)(const void* data, std::size_t n);
};

constexpr FloatType kF32 = {"f32", napi_float32_array, 4, &SumAccumulator::AddF32};
constexpr FloatType kF64 = {"f64", napi_float64_array, 8, &SumAccumulator::AddF64};

bool IsBytes(const TypedArrayView& view) {
  return view.type == napi_uint8_array || view.type == napi_uint8_clamped_array;
}

Status AddElements(const TypedArrayView& view, const FloatType& type, SumAccumulator* accumulator) {
  if (view.type == type.array_type) return (accumulator->*type.add)(view.data, view.length);
  if (!IsBytes(view)) return Status::kElementType;
  if (view.length % type.size != 0) return Status::kByteLength;
  return (accumulator->*type.add)(view.data, view.length / type.size);
}

std::string Describe(Status status, const TypedArrayView& view, const FloatType& type) {
  switch (status) {
    case Status::kElementType:
      return std::string("the elements of the array are not ") + type.name;
    case Status::kByteLength:
      return std::to_string(view.length) + " bytes, but " + type.name + " takes " + std::to_string(type.size);
    case Status::kOutOfRange:
      return kOutOfRange;
    default:
      return "";
  }
}

/// Adds the elements of `data`. False, with an exception pending, if it is neither an array of `type` nor of bytes.
bool Add(Napi::Env env, Napi::Value data, const FloatType& type, SumAccumulator* accumulator) {
  TypedArrayView view;
  Status status = ReadTypedArray(env, data, &view);
  if (status == Status::kOk) status = AddElements(view, type, accumulator);
  if (status == Status::kOk) return true;
  ThrowStatus(env, status, Describe(status, view, type).c_str());
  return false;
}

Napi::Value SumExact(const Napi::CallbackInfo& info, const FloatType& type) {
  SumAccumulator accumulator;
  if (!Add(info.Env(), info[0], type, &accumulator)) return {};
  return Napi::Number::New(info.Env(), accumulator.Round());
}

}  // namespace

Napi::Function SumAccumulatorWrap::Define(Napi::Env env) {
  return DefineClass(env, "NativeSumAccumulator",
                     {
                         InstanceMethod<&SumAccumulatorWrap::AddF32>("addF32"),
                         InstanceMethod<&SumAccumulatorWrap::AddF64>("addF64"),
                         InstanceMethod<&SumAccumulatorWrap::AddNumber>("addNumber"),
                         InstanceMethod<&SumAccumulatorWrap::Merge>("merge"),
                         InstanceMethod<&SumAccumulatorWrap::Sum>("sum"),
                         InstanceMethod<&SumAccumulatorWrap::Encode>("encode"),
                     });
}

SumAccumulatorWrap::SumAccumulatorWrap(const Napi::CallbackInfo& info) : Napi::ObjectWrap<SumAccumulatorWrap>(info) {}

Napi::Value SumAccumulatorWrap::AddF32(const Napi::CallbackInfo& info) {
  Add(info.Env(), info[0], kF32, &accumulator_);
  return {};
}

Napi::Value SumAccumulatorWrap::AddF64(const Napi::CallbackInfo& info) {
  Add(info.Env(), info[0], kF64, &accumulator_);
  return {};
}

Napi::Value SumAccumulatorWrap::AddNumber(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  if (!info[0].IsNumber()) return {env, ThrowStatus(env, Status::kInvalidArgType)};
  const double number = info[0].As<Napi::Number>().DoubleValue();
  return {env, ThrowStatus(env, accumulator_.AddF64(&number, 1), kOutOfRange)};
}

Napi::Value SumAccumulatorWrap::Merge(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  TypedArrayView view;
  Status status = ReadTypedArray(env, info[0], &view);
  if (status == Status::kOk && !IsBytes(view)) status = Status::kInvalidArgType;
  if (status != Status::kOk) return {env, ThrowStatus(env, status)};
  SumAccumulator other;
  status = SumAccumulator::Decode(view.data, view.length, &other);
  if (status != Status::kOk) return {env, ThrowStatus(env, status)};
  return {env, ThrowStatus(env, accumulator_.Merge(other), kOutOfRange)};
}

Napi::Value SumAccumulatorWrap::Sum(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), accumulator_.Round());
}

Napi::Value SumAccumulatorWrap::Encode(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  napi_typedarray_type type = kUnknownArray;
  std::size_t length;
  void* out;
  if (napi_get_typedarray_info(env, info[0], &type, &length, &out, nullptr, nullptr) != napi_ok ||
      type != napi_uint8_array || length != SumAccumulator::kEncodedBytes) {
    return {env, ThrowStatus(env, Status::kInvalidArgType)};
  }
  accumulator_.Encode(static_cast<std::uint8_t*>(out));
  return {};
}

Napi::Value SumExactF32(const Napi::CallbackInfo& info) { return SumExact(info, kF32); }

Napi::Value SumExactF64(const Napi::CallbackInfo& info) { return SumExact(info, kF64); }

}  // namespace simd_arena
