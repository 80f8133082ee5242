// The reductions as native functions: reduce[op][type](data: TypedArray) -> number or boolean.
#ifndef SIMD_ARENA_BINDINGS_REDUCE_BINDING_H_
#define SIMD_ARENA_BINDINGS_REDUCE_BINDING_H_

#include <napi.h>

namespace simd_arena {

/// The table of functions, in the orders of reduce_op.def and element_type.def. Each takes a typed array of its element
/// type, or of bytes; it throws as ReadTypedArray and InterpretAs say. Requires that
/// AddonData::reductions are bound.
Napi::Array DefineReductions(Napi::Env env);

}  // namespace simd_arena

#endif  // SIMD_ARENA_BINDINGS_REDUCE_BINDING_H_
