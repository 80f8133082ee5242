// The ArrayBuffer through which JavaScript reaches a chunk.
#ifndef SIMD_ARENA_BINDINGS_CHUNK_BUFFER_H_
#define SIMD_ARENA_BINDINGS_CHUNK_BUFFER_H_

#include <napi.h>

#include "memory/chunk.h"

namespace simd_arena {

/// A new external ArrayBuffer over the whole of `chunk`, which must be mapped and not exposed. undefined, and no
/// exception, where the runtime refuses.
Napi::Value ExposeChunk(Napi::Env env, Chunk* chunk);

/// Detaches `buffer` from the memory of `chunk`, so that nothing in JavaScript reaches it. False, with nothing changed
/// and no exception pending, if `buffer` is not the ArrayBuffer of `chunk` or refuses to be detached.
bool CutChunk(Napi::Env env, Chunk* chunk, Napi::Value buffer);

/// True if the runtime lets addons create external ArrayBuffers (Electron does not).
Napi::Value CanExpose(const Napi::CallbackInfo& info);

}  // namespace simd_arena

#endif  // SIMD_ARENA_BINDINGS_CHUNK_BUFFER_H_
