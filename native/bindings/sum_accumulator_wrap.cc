#include "bindings/sum_accumulator_wrap.h"

#include <cstddef>
#include <cstdint>

#include "bindings/throw_status.h"
#include "bindings/view_bytes.h"

namespace simd_arena {

namespace {

constexpr char kOutOfRange[] = "the sum would reach 2^1165";

/// Adds the elements of `data`, kF32 or kF64. False, with an exception pending, where it has none.
bool Add(Napi::Env env, Napi::Value data, ElementType type, SumAccumulator* accumulator) {
  ViewBytes bytes;
  std::size_t count = 0;
  Status status = ReadBytes(env, data, &bytes);
  if (status == Status::kOk) status = CountWholeElements(bytes, type, &count);
  if (status == Status::kOk) {
    status =
        type == ElementType::kF32 ? accumulator->AddF32(bytes.data, count) : accumulator->AddF64(bytes.data, count);
  }
  if (status == Status::kOk) return true;
  if (status == Status::kByteLength) {
    ThrowStatus(env, status, DescribeLength(bytes, type).text);
  } else {
    ThrowStatus(env, status, status == Status::kOutOfRange ? kOutOfRange : "");
  }
  return false;
}

Napi::Value SumExact(const Napi::CallbackInfo& info, ElementType type) {
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
  Add(info.Env(), info[0], ElementType::kF32, &accumulator_);
  return {};
}

Napi::Value SumAccumulatorWrap::AddF64(const Napi::CallbackInfo& info) {
  Add(info.Env(), info[0], ElementType::kF64, &accumulator_);
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
  ViewBytes bytes;
  SumAccumulator other;
  Status status = ReadBytes(env, info[0], &bytes);
  if (status == Status::kOk) status = SumAccumulator::Decode(bytes.data, bytes.length, &other);
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

Napi::Value SumExactF32(const Napi::CallbackInfo& info) { return SumExact(info, ElementType::kF32); }

Napi::Value SumExactF64(const Napi::CallbackInfo& info) { return SumExact(info, ElementType::kF64); }

}  // namespace simd_arena
