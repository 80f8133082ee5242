#include "bindings/reduce_binding.h"

#include "bindings/addon_data.h"
#include "bindings/throw_status.h"
#include "bindings/typed_array_view.h"

namespace simd_arena {

namespace {

/// Calls of this function are too short for wrappers: the C API, and nothing that allocates.
napi_value Reduce(napi_env env, napi_callback_info info) {
  std::size_t argc = 1;
  napi_value data;
  void* bound;
  napi_get_cb_info(env, info, &argc, &data, nullptr, &bound);
  const auto& reduction = *static_cast<const BoundReduction*>(bound);

  TypedArrayView view;
  std::size_t length;
  if (Status status = ReadTypedArray(env, data, &view); status != Status::kOk) return ThrowStatus(env, status);
  if (Status status = InterpretAs(view, reduction.type, &length); status != Status::kOk) {
    return ThrowStatus(env, status, DescribeMismatch(view, reduction.type).c_str());
  }

  const double result = reduction.reduce(*reduction.kernels, view.data, length);
  napi_value value;
  if (reduction.returns_boolean) {
    napi_get_boolean(env, result != 0, &value);
  } else {
    napi_create_double(env, result, &value);
  }
  return value;
}

}  // namespace

Napi::Array DefineReductions(Napi::Env env) {
  AddonData& data = AddonData::Of(env);
  Napi::Array operations = Napi::Array::New(env);
  for (std::uint32_t op = 0; op < AddonData::kReduceOps; ++op) {
    Napi::Array functions = Napi::Array::New(env);
    for (std::uint32_t type = 0; type < AddonData::kElementTypes; ++type) {
      napi_value function;
      napi_create_function(env, "reduce", NAPI_AUTO_LENGTH, Reduce, &data.reductions[op][type], &function);
      functions[type] = Napi::Value(env, function);
    }
    operations[op] = functions;
  }
  return operations;
}

}  // namespace simd_arena
