#include "bindings/reduction_wrap.h"

#include "bindings/addon_data.h"
#include "bindings/arguments.h"
#include "bindings/result_value.h"
#include "bindings/throw_status.h"
#include "bindings/view_bytes.h"

namespace simd_arena {

namespace {

/// Reads argument `index`, indices of operations other than dot.
bool ReadOperations(const Napi::CallbackInfo& info, std::size_t index, ReduceOp* operations, std::size_t* count) {
  ViewBytes indices;
  if (ReadBytes(info.Env(), info[index], &indices) != Status::kOk || indices.length > kReduceOps) return false;
  *count = indices.length;
  for (std::size_t i = 0; i < indices.length; ++i) {
    const std::uint8_t op = indices.data[i];  // read once: another thread may write to shared memory
    operations[i] = static_cast<ReduceOp>(op);
    if (op >= kReduceOps || operations[i] == ReduceOp::kDot) return false;
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
  std::uint64_t type_index, ddof;
  ReduceOp operations[kReduceOps];
  if (!ReadInteger(info, 0, kElementTypes - 1, &type_index) || !ReadOperations(info, 1, operations, &operations_) ||
      !ReadInteger(info, 2, kMaxSafeInteger, &ddof)) {
    ThrowStatus(info.Env(), Status::kOutOfRange);
    return;
  }
  const auto type = static_cast<ElementType>(type_index);
  const std::size_t bytes = Reducer::MemoryBytes(type, operations, operations_);
  memory_.reset(new std::max_align_t[bytes / sizeof(std::max_align_t) + 1]);
  reducer_ = std::make_unique<Reducer>(kernels, type, operations, operations_, ddof,
                                       reinterpret_cast<std::uint8_t*>(memory_.get()));
}

Napi::Value ReductionWrap::Update(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  ViewBytes bytes;
  if (Status status = ReadBytes(env, info[0], &bytes); status != Status::kOk) return {env, ThrowStatus(env, status)};
  reducer_->Update(bytes.data, bytes.length);
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
