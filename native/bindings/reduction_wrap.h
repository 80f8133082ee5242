// NativeReduction: several reductions of data that comes in chunks.
//
//   new NativeReduction(type, operations: Uint8Array, ddof)   indices of element_type.def and, all but dot and at most
//                                                             as many as there are, of reduce_op.def
//   update(data): void         the next bytes: of a typed array, which may end amid an element
//   result(): unknown[]        what the operations come to so far, in their order, by ReduceResult; kByteLength amid an
//                              element, kEmptyInput where there are no elements and an operation needs some
//
// Ownership: the wrap owns the memory of its Reducer.
#ifndef SIMD_ARENA_BINDINGS_REDUCTION_WRAP_H_
#define SIMD_ARENA_BINDINGS_REDUCTION_WRAP_H_

#include <napi.h>

#include <cstddef>
#include <cstdint>
#include <memory>

#include "ops/reducer.h"

namespace simd_arena {

class ReductionWrap : public Napi::ObjectWrap<ReductionWrap> {
 public:
  static Napi::Function Define(Napi::Env env);

  explicit ReductionWrap(const Napi::CallbackInfo& info);

 private:
  Napi::Value Update(const Napi::CallbackInfo& info);
  Napi::Value Result(const Napi::CallbackInfo& info);

  std::size_t operations_ = 0;
  std::unique_ptr<std::max_align_t[]> memory_;
  std::unique_ptr<Reducer> reducer_;
};

}  // namespace simd_arena

#endif  // SIMD_ARENA_BINDINGS_REDUCTION_WRAP_H_
