// The reductions as native functions.
//
//   reduce[op][type](data, ddof = 0)        the result, by ReduceResult: number, boolean, bigint, or { min, max }
//   reduce[dot][type](a, b)                 number or bigint
//   reduceStrided(op, type, data, offset, stride, count, ddof)
//                                           the same of elements that lie apart, for every operation but dot: see
//                                           strided_elements.h; `op` and `type` are indices of the tables
//
// `data` is a typed array of the element type, or of bytes; errors are those of ReadTypedArray, InterpretAs and
// LocateElements, and kEmptyInput, kLengthMismatch, kOutOfRange (ddof, op, type).
#ifndef SIMD_ARENA_BINDINGS_REDUCE_BINDING_H_
#define SIMD_ARENA_BINDINGS_REDUCE_BINDING_H_

#include <napi.h>

namespace simd_arena {

/// The table of functions, in the orders of reduce_op.def and element_type.def. Requires that AddonData::reductions are
/// bound.
Napi::Array DefineReductions(Napi::Env env);

/// reduceStrided().
Napi::Value ReduceStridedElements(const Napi::CallbackInfo& info);

}  // namespace simd_arena

#endif  // SIMD_ARENA_BINDINGS_REDUCE_BINDING_H_
