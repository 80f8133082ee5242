#include "bindings/reduce_binding.h"

#include <cstdio>

#include "bindings/addon_data.h"
#include "bindings/arguments.h"
#include "bindings/result_value.h"
#include "bindings/strided_elements.h"
#include "bindings/throw_status.h"
#include "bindings/view_bytes.h"

namespace simd_arena {

namespace {

// Calls of the first two functions are too short for wrappers: the C API, and nothing that allocates.

/// The `count` elements of `value`; false, with an exception pending, where it has none of `type`.
bool ReadElements(napi_env env, napi_value value, ElementType type, const std::uint8_t** data, std::size_t* count) {
  ViewBytes bytes;
  if (Status status = ReadBytes(env, value, &bytes); status != Status::kOk) {
    ThrowStatus(env, status);
    return false;
  }
  if (Status status = CountWholeElements(bytes, type, count); status != Status::kOk) {
    ThrowStatus(env, status, DescribeLength(bytes, type).text);
    return false;
  }
  *data = bytes.data;
  return true;
}

/// Numbers go where JavaScript reads them without a call; undefined is returned then.
napi_value Deliver(napi_env env, const ReduceResult& result, double* numbers) {
  switch (result.kind) {
    case ReduceResult::Kind::kNumbers:
      numbers[1] = result.greatest_number;
      [[fallthrough]];
    case ReduceResult::Kind::kNumber:
      numbers[0] = result.number;
      return nullptr;
    default:
      return ToValue(env, result);
  }
}

napi_value Reduce(napi_env env, napi_callback_info info) {
  std::size_t argc = 2;
  napi_value argv[2];
  void* bound;
  napi_get_cb_info(env, info, &argc, argv, nullptr, &bound);
  const auto& [reduction, kernels, type, numbers] = *static_cast<const BoundReduction*>(bound);

  std::uint64_t ddof = 0;
  if (argc > 1 && !ReadInteger(env, argv[1], kMaxSafeInteger, &ddof)) return ThrowStatus(env, Status::kOutOfRange);
  const std::uint8_t* data;
  std::size_t count;
  if (!ReadElements(env, argv[0], type, &data, &count)) return nullptr;
  if (count == 0 && reduction->needs_elements) return ThrowStatus(env, Status::kEmptyInput);
  ReduceResult result;
  reduction->whole(*kernels, data, count, ddof, &result);
  return Deliver(env, result, numbers);
}

napi_value ReducePair(napi_env env, napi_callback_info info) {
  std::size_t argc = 2;
  napi_value argv[2];
  void* bound;
  napi_get_cb_info(env, info, &argc, argv, nullptr, &bound);
  const auto& [reduction, kernels, type, numbers] = *static_cast<const BoundReduction*>(bound);

  const std::uint8_t *a, *b;
  std::size_t a_count, b_count;
  if (!ReadElements(env, argv[0], type, &a, &a_count) || !ReadElements(env, argv[1], type, &b, &b_count)) {
    return nullptr;
  }
  if (a_count != b_count) {
    ErrorDetail detail;
    std::snprintf(detail.text, sizeof detail.text, "%zu and %zu elements", a_count, b_count);
    return ThrowStatus(env, Status::kLengthMismatch, detail.text);
  }
  ReduceResult result;
  Dot(*kernels, type, a, b, a_count, &result);
  return Deliver(env, result, numbers);
}

/// Argument `index` of reduceStrided as a number of elements, or -1, which stands for all that fit.
bool ReadCount(const Napi::CallbackInfo& info, std::size_t index, std::uint64_t* count) {
  if (info[index].IsNumber() && info[index].As<Napi::Number>().DoubleValue() == -1) {
    *count = Stride::kAllThatFit;
    return true;
  }
  return ReadInteger(info, index, kMaxSafeInteger, count);
}

}  // namespace

Napi::Array DefineReductions(Napi::Env env) {
  AddonData& data = AddonData::Of(env);
  Napi::Array operations = Napi::Array::New(env);
  for (std::uint32_t op = 0; op < kReduceOps; ++op) {
    const napi_callback callback = static_cast<ReduceOp>(op) == ReduceOp::kDot ? ReducePair : Reduce;
    Napi::Array functions = Napi::Array::New(env);
    for (std::uint32_t type = 0; type < kElementTypes; ++type) {
      napi_value function;
      if (napi_create_function(env, "reduce", NAPI_AUTO_LENGTH, callback, &data.reductions[op][type], &function) !=
          napi_ok) {
        throw Napi::Error::New(env);
      }
      functions[type] = Napi::Value(env, function);
    }
    operations[op] = functions;
  }
  return operations;
}

Napi::Value ReduceStridedElements(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const AddonData& addon = AddonData::Of(env);
  const KernelTable& kernels = addon.Kernels(env);
  std::uint64_t op, type_index, ddof;
  Stride stride;
  if (!ReadInteger(info, 0, kReduceOps - 1, &op) || !ReadInteger(info, 1, kElementTypes - 1, &type_index) ||
      !ReadInteger(info, 3, kMaxSafeInteger, &stride.offset) ||
      !ReadInteger(info, 4, kMaxSafeInteger, &stride.stride) || !ReadCount(info, 5, &stride.count) ||
      !ReadInteger(info, 6, kMaxSafeInteger, &ddof) || static_cast<ReduceOp>(op) == ReduceOp::kDot) {
    return {env, ThrowStatus(env, Status::kOutOfRange)};
  }
  const auto type = static_cast<ElementType>(type_index);
  ViewBytes bytes;
  StridedElements elements;
  if (Status status = ReadBytes(env, info[2], &bytes); status != Status::kOk) return {env, ThrowStatus(env, status)};
  if (Status status = LocateElements(bytes, type, stride, &elements); status != Status::kOk) {
    return {env, ThrowStatus(env, status, "offset, stride and count: the elements overlap, or reach beyond the data")};
  }
  const Reduction& reduction = *addon.reductions[op][type_index].reduction;
  if (elements.count == 0 && reduction.needs_elements) return {env, ThrowStatus(env, Status::kEmptyInput)};
  ReduceResult result;
  ReduceStrided(kernels, reduction, type, elements.data, elements.stride, elements.count, ddof, &result);
  return {env, ToValue(env, result)};
}

}  // namespace simd_arena
