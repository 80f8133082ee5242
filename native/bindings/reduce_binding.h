// The reductions as native functions.
//
//   reduce[op][type](data, ddof = 0)        the result, by ReduceResult: a boolean, a bigint, or { min, max };
//   undefined reduce[dot][type](a, b)                 where it is a number, which then is the element of
//   AddonData::number reduceStrided(op, type, data, offset, stride, count, ddof)
//                                           the same of elements that lie apart, for every operation but dot, numbers
//                                           returned: see strided_elements.h; `op` and `type` are indices of the
//                                           tables, `offset` and `stride` count bytes, `count` may be -1: all that fit
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
