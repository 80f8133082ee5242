// Registers the native surface that lib/internal/native.ts types, and nothing else.
#include <napi.h>

#include "base/cpu_features.h"
#include "bindings/addon_data.h"
#include "bindings/arena_wrap.h"
#include "bindings/chunk_buffer.h"
#include "bindings/heap_buffer.h"
#include "bindings/pool_wrap.h"
#include "bindings/reduce_binding.h"
#include "bindings/reduction_wrap.h"
#include "bindings/stats_binding.h"
#include "bindings/sum_accumulator_wrap.h"

namespace {

Napi::Array SupportedIsas(Napi::Env env) {
  Napi::Array names = Napi::Array::New(env);
  for (const simd_arena::Isa isa : simd_arena::kAllIsas) {
    if (simd_arena::IsaSupported(isa)) names[names.Length()] = simd_arena::IsaName(isa);
  }
  return names;
}

Napi::Object Register(Napi::Env env, Napi::Object exports) {
  env.SetInstanceData(new simd_arena::AddonData);
  exports["napi"] = NAPI_VERSION;
  exports["isas"] = SupportedIsas(env);
  exports["canExpose"] = Napi::Function::New<simd_arena::CanExpose>(env);
  exports["alignedOffset"] = Napi::Function::New<simd_arena::AlignedOffset>(env);
  exports["clearMemory"] = Napi::Function::New<simd_arena::ClearMemory>(env);
  exports["initialize"] = Napi::Function::New<simd_arena::Initialize>(env);
  exports["NativeArena"] = simd_arena::ArenaWrap::Define(env);
  exports["NativePool"] = simd_arena::PoolWrap::Define(env);
  exports["NativeReduction"] = simd_arena::ReductionWrap::Define(env);
  exports["reduceStrided"] = Napi::Function::New<simd_arena::ReduceStridedElements>(env);
  exports["NativeSumAccumulator"] = simd_arena::SumAccumulatorWrap::Define(env);
  exports["sumExactF32"] = Napi::Function::New<simd_arena::SumExactF32>(env);
  exports["sumExactF64"] = Napi::Function::New<simd_arena::SumExactF64>(env);
  exports["stats"] = Napi::Function::New<simd_arena::ReadStats>(env);
  exports["setBudget"] = Napi::Function::New<simd_arena::SetBudget>(env);
  exports["budget"] = Napi::Function::New<simd_arena::ReadBudget>(env);
  exports["now"] = Napi::Function::New<simd_arena::Now>(env);
  exports["isPoisoned"] = Napi::Function::New<simd_arena::CheckPoison>(env);
  return exports;
}

}  // namespace

NODE_API_MODULE(simd_arena, Register)
