// The ArrayBuffers through which JavaScript reaches chunks: the whole of one, or a slot.
#ifndef SIMD_ARENA_BINDINGS_CHUNK_BUFFER_H_
#define SIMD_ARENA_BINDINGS_CHUNK_BUFFER_H_

#include <napi.h>

#include "memory/chunk.h"

namespace simd_arena {

/// A new external ArrayBuffer over `part`, which must be mapped and not exposed. undefined, and no exception, where the
/// runtime refuses.
Napi::Value ExposePart(Napi::Env env, const ChunkPart& part);

/// True if `buffer` is the ArrayBuffer of `part`.
bool IsBufferOf(napi_env env, const ChunkPart& part, napi_value buffer);

/// Detaches `buffer` from the memory of `part`, so that nothing in JavaScript reaches it. False, with nothing changed
/// and no exception pending, if `buffer` is not the ArrayBuffer of `part` or refuses to be detached.
bool CutPart(Napi::Env env, const ChunkPart& part, Napi::Value buffer);

/// True if the runtime lets addons create external ArrayBuffers (Electron does not).
Napi::Value CanExpose(const Napi::CallbackInfo& info);

}  // namespace simd_arena

#endif  // SIMD_ARENA_BINDINGS_CHUNK_BUFFER_H_
