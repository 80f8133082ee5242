#include "bindings/reduction_wrap.h"

#include <algorithm>

#include "bindings/addon_data.h"
#include "bindings/arguments.h"
#include "bindings/result_value.h"
#include "bindings/throw_status.h"
#include "bindings/typed_array_view.h"

namespace simd_arena {

namespace {

/// Reads argument `index`, indices of operations other than dot.
bool ReadOperations(const Napi::CallbackInfo& info, std::size_t index, ReduceOp* operations, std::size_t* count) {
  TypedArrayView view;
  if (ReadTypedArray(info.Env(), info[index], &view) != Status::kOk) return false;
  if (view.type != napi_uint8_array || view.length > kReduceOps) return false;
  *count = view.length;
  for (std::size_t i = 0; i < view.length; ++i) {
    if (view.data[i] >= kReduceOps) return false;
    operations[i] = static_cast<ReduceOp>(view.data[i]);
    if (operations[i] == ReduceOp::kDot) return false;
  }
  return true;
}

}  // namespace

Napi::Function ReductionWrap::Define(Napi::Env env) {
  return DefineClass(env, "NativeReduction",
                     {
                         InstanceMethod<&ReductionWrap::Update>("update"),
                         InstanceMethod<&ReductionWrap::Result>("result"),
                     });
}

ReductionWrap::ReductionWrap(const Napi::CallbackInfo& info) : Napi::ObjectWrap<ReductionWrap>(info) {
  const KernelTable& kernels = AddonData::Of(info.Env()).Kernels(info.Env());
  std::uint64_t type;
  std::uint64_t ddof;
  ReduceOp operations[kReduceOps];
  if (!ReadInteger(info, 0, kElementTypes - 1, &type) || !ReadOperations(info, 1, operations, &operations_) ||
      !ReadInteger(info, 2, kMaxSafeInteger, &ddof)) {
    ThrowStatus(info.Env(), Status::kOutOfRange);
    return;
  }
  type_ = static_cast<ElementType>(type);
  const std::size_t bytes = Reducer::MemoryBytes(type_, operations_);
  memory_.reset(new std::max_align_t[bytes / sizeof(std::max_align_t)]);
  reducer_.emplace(kernels, type_, operations, operations_, ddof, reinterpret_cast<std::uint8_t*>(memory_.get()));
}

Napi::Value ReductionWrap::Update(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  TypedArrayView view;
  std::size_t bytes;
  if (Status status = ReadTypedArray(env, info[0], &view); status != Status::kOk) {
    return {env, ThrowStatus(env, status)};
  }
  if (Status status = CountBytes(view, type_, &bytes); status != Status::kOk) {
    return {env, ThrowStatus(env, status, DescribeMismatch(view, type_).c_str())};
  }
  reducer_->Update(view.data, bytes);
  return env.Undefined();
}

Napi::Value ReductionWrap::Result(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  Napi::Array results = Napi::Array::New(env, operations_);
  for (std::size_t i = 0; i < operations_; ++i) {
    ReduceResult result;
    if (Status status = reducer_->Result(i, &result); status != Status::kOk) return {env, ThrowStatus(env, status)};
    results[static_cast<std::uint32_t>(i)] = Napi::Value(env, ToValue(env, result));
  }
  return results;
}

}  // namespace simd_arena
