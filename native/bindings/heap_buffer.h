// ArrayBuffers that JavaScript made for the slots of pools, where the runtime exposes no memory of ours.
#ifndef SIMD_ARENA_BINDINGS_HEAP_BUFFER_H_
#define SIMD_ARENA_BINDINGS_HEAP_BUFFER_H_

#include <napi.h>

namespace simd_arena {

/// alignedOffset(buffer: ArrayBuffer, alignment: number): number. The first byte that lies at a multiple of
/// `alignment`, which may be one past the end or further.
Napi::Value AlignedOffset(const Napi::CallbackInfo& info);

/// clearMemory(buffer: ArrayBuffer): void. It reads as zero from then on, and its whole pages go back to the system.
Napi::Value ClearMemory(const Napi::CallbackInfo& info);

}  // namespace simd_arena

#endif  // SIMD_ARENA_BINDINGS_HEAP_BUFFER_H_
