// NativeSumAccumulator: an exact sum, and the exact sums of one array as functions.
//
//   new NativeSumAccumulator()
//   addF32(data), addF64(data): void   data: a typed array whose bytes spell elements of that type
//   addNumber(x): void
//   merge(bytes): void                 adds what another accumulator has encoded
//   sum(): number                      correctly rounded
//   encode(out): void                  out: a Uint8Array of SumAccumulator::kEncodedBytes bytes
//
//   sumExactF32(data), sumExactF64(data): number
//
// Accumulators meet as bytes only, so no argument is ever unwrapped. Every argument is checked; a call that throws has
// changed nothing.
//
// Ownership: the wrap is the accumulator's memory.
#ifndef SIMD_ARENA_BINDINGS_SUM_ACCUMULATOR_WRAP_H_
#define SIMD_ARENA_BINDINGS_SUM_ACCUMULATOR_WRAP_H_

#include <napi.h>

#include "ops/sum_accumulator.h"

namespace simd_arena {

class SumAccumulatorWrap : public Napi::ObjectWrap<SumAccumulatorWrap> {
 public:
  static Napi::Function Define(Napi::Env env);

  explicit SumAccumulatorWrap(const Napi::CallbackInfo& info);

 private:
  Napi::Value AddF32(const Napi::CallbackInfo& info);
  Napi::Value AddF64(const Napi::CallbackInfo& info);
  Napi::Value AddNumber(const Napi::CallbackInfo& info);
  Napi::Value Merge(const Napi::CallbackInfo& info);
  Napi::Value Sum(const Napi::CallbackInfo& info);
  Napi::Value Encode(const Napi::CallbackInfo& info);

  SumAccumulator accumulator_;
};

/// sumExactF32(data) and sumExactF64(data), as above.
Napi::Value SumExactF32(const Napi::CallbackInfo& info);
Napi::Value SumExactF64(const Napi::CallbackInfo& info);

}  // namespace simd_arena

#endif  // SIMD_ARENA_BINDINGS_SUM_ACCUMULATOR_WRAP_H_
