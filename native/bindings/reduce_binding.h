// The reductions as native functions.
//
//   reduce[op][type](data, ddof = 0)   the result, by ReduceResult: a boolean, or bigints; undefined where it is one
//                                      number or two, which then are in AddonData::numbers
//   reduce[dot][type](a, b)            likewise
//   reduceStrided(op, type, data, offset, stride, count, ddof)
//                                      the result of elements that lie apart (strided_elements.h), numbers too, for
//                                      every operation but dot; `op` and `type` are indices of the tables, `count` may
//                                      be -1: all that fit
//
// `data` is a typed array whose bytes spell elements of `type`. Errors are those of ReadBytes, CountWholeElements and
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
