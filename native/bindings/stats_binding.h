// Statistics, the memory budget and the clock that they share.
#ifndef SIMD_ARENA_BINDINGS_STATS_BINDING_H_
#define SIMD_ARENA_BINDINGS_STATS_BINDING_H_

#include <napi.h>

namespace simd_arena {

/// stats(process: boolean, out: Float64Array): void. One number for each row of memory_stats.def.
Napi::Value ReadStats(const Napi::CallbackInfo& info);

/// setBudget(bytes: number, byDefault: boolean): void. Infinity lifts the limit; a default changes only a limit that
/// was never set.
Napi::Value SetBudget(const Napi::CallbackInfo& info);

/// budget(): number. The limit in bytes, or Infinity.
Napi::Value ReadBudget(const Napi::CallbackInfo& info);

/// now(): number. Milliseconds of the monotonic clock, the same for all threads.
Napi::Value Now(const Napi::CallbackInfo& info);

/// isPoisoned(buffer: ArrayBuffer, offset: number, bytes: number): boolean. Whether `bytes` bytes from `offset` on
/// still hold the poison.
Napi::Value CheckPoison(const Napi::CallbackInfo& info);

}  // namespace simd_arena

#endif  // SIMD_ARENA_BINDINGS_STATS_BINDING_H_
