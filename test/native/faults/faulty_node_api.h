// Node-API calls that fail as fault_plans.node_api says: every one that the addon itself makes, those of node-addon-api
// included. Included before all else in the sources of the addon that the preset "oom" builds; the addon then exports
// `faults`, the words of fault_plans, beside the product's own functions.
//
// These are the calls that may fail whatever their arguments: because they allocate, run JavaScript, or are refused
// where an exception is pending or the environment ends. All others only check their arguments. tools/test-oom knows
// both.
#ifndef SIMD_ARENA_TEST_FAULTS_FAULTY_NODE_API_H_
#define SIMD_ARENA_TEST_FAULTS_FAULTY_NODE_API_H_

#include <node_api.h>

#include "faults/fault_plan.h"

namespace simd_arena {

/// Calls `function`, or fails in its place.
template <typename Function, typename... Arguments>
napi_status CallOrFail(Function* function, napi_env env, Arguments... arguments) {
  FaultPlan& plan = fault_plans.node_api;
  if (!plan.Fail()) return function(env, arguments...);
  if (plan.throws == 0) return napi_generic_failure;
  napi_throw_error(env, "ERR_INJECTED", "injected");
  return napi_pending_exception;
}

/// Adds `faults` to the exports.
inline napi_value ExportFaults(napi_env env, napi_value exports) {
  napi_value words;
  if (napi_create_external_arraybuffer(
          env, &fault_plans, sizeof fault_plans, [](napi_env, void*, void*) {}, nullptr, &words) == napi_ok) {
    napi_set_named_property(env, exports, "faults", words);
  }
  return exports;
}

}  // namespace simd_arena

#define FAULTY(function, ...) simd_arena::CallOrFail(function, __VA_ARGS__)
#define napi_add_env_cleanup_hook(...) FAULTY(napi_add_env_cleanup_hook, __VA_ARGS__)
#define napi_add_finalizer(...) FAULTY(napi_add_finalizer, __VA_ARGS__)
#define napi_call_function(...) FAULTY(napi_call_function, __VA_ARGS__)
#define napi_coerce_to_object(...) FAULTY(napi_coerce_to_object, __VA_ARGS__)
#define napi_create_array(...) FAULTY(napi_create_array, __VA_ARGS__)
#define napi_create_array_with_length(...) FAULTY(napi_create_array_with_length, __VA_ARGS__)
#define napi_create_bigint_words(...) FAULTY(napi_create_bigint_words, __VA_ARGS__)
#define napi_create_error(...) FAULTY(napi_create_error, __VA_ARGS__)
#define napi_create_external_arraybuffer(...) FAULTY(napi_create_external_arraybuffer, __VA_ARGS__)
#define napi_create_function(...) FAULTY(napi_create_function, __VA_ARGS__)
#define napi_create_object(...) FAULTY(napi_create_object, __VA_ARGS__)
#define napi_create_reference(...) FAULTY(napi_create_reference, __VA_ARGS__)
#define napi_create_string_utf8(...) FAULTY(napi_create_string_utf8, __VA_ARGS__)
#define napi_create_type_error(...) FAULTY(napi_create_type_error, __VA_ARGS__)
#define napi_define_class(...) FAULTY(napi_define_class, __VA_ARGS__)
#define napi_define_properties(...) FAULTY(napi_define_properties, __VA_ARGS__)
#define napi_detach_arraybuffer(...) FAULTY(napi_detach_arraybuffer, __VA_ARGS__)
#define napi_get_named_property(...) FAULTY(napi_get_named_property, __VA_ARGS__)
#define napi_get_property(...) FAULTY(napi_get_property, __VA_ARGS__)
#define napi_get_value_string_utf8(...) FAULTY(napi_get_value_string_utf8, __VA_ARGS__)
#define napi_has_property(...) FAULTY(napi_has_property, __VA_ARGS__)
#define napi_set_element(...) FAULTY(napi_set_element, __VA_ARGS__)
#define napi_set_named_property(...) FAULTY(napi_set_named_property, __VA_ARGS__)
#define napi_throw(...) FAULTY(napi_throw, __VA_ARGS__)
#define napi_throw_error(...) FAULTY(napi_throw_error, __VA_ARGS__)
#define napi_throw_range_error(...) FAULTY(napi_throw_range_error, __VA_ARGS__)
#define napi_throw_type_error(...) FAULTY(napi_throw_type_error, __VA_ARGS__)
#define napi_wrap(...) FAULTY(napi_wrap, __VA_ARGS__)

#include <napi.h>

#undef NODE_API_MODULE
#define NODE_API_MODULE(name, register) \
  NAPI_MODULE_INIT() { return simd_arena::ExportFaults(env, Napi::RegisterModule(env, exports, register)); }

#endif  // SIMD_ARENA_TEST_FAULTS_FAULTY_NODE_API_H_
