// What the addon keeps for one environment (the main thread, or a worker).
//
// Nothing is process-global but the chunk cache, the memory budget and the list of registries, which are never
// destroyed; nothing is thread_local.
//
// The end of an environment. Runtimes run these steps in different orders; none may touch what another has freed:
//   finalizers of ArrayBuffers   only count down in their Chunk, which lives as long as the process
//   cleanup hook                 closes the registry: other threads stop reading this environment's states
//   destructors of wraps         hand their chunks to the registry, which every ArenaWrap and PoolWrap keeps alive
//   destructor of AddonData      lets go of the registry; with the last wrap it abandons its chunks
#ifndef SIMD_ARENA_BINDINGS_ADDON_DATA_H_
#define SIMD_ARENA_BINDINGS_ADDON_DATA_H_

#include <napi.h>

#include <memory>

#include "base/element_type.h"
#include "kernels/kernel_table.h"
#include "memory/arena_registry.h"
#include "memory/bump_arena.h"
#include "memory/foreign_slabs.h"
#include "ops/reduce.h"

namespace simd_arena {

/// A reduction bound to an element type, as the callback data of a native function.
struct BoundReduction {
  const Reduction* reduction;
  const KernelTable* kernels;
  ElementType type;
  double* numbers;  ///< where results that are numbers go: kResultNumbers of them
};

/// The most numbers that a reduction results in: two extremes.
inline constexpr std::size_t kResultNumbers = 2;

struct AddonData {
  /// While initialize() runs, which runs code of the user where a global has a getter.
  bool initializing = false;
  /// Both set by initialize(); nullptr before.
  std::shared_ptr<ArenaRegistry> registry;
  std::shared_ptr<ForeignSlabs> foreign_slabs;
  BumpArena::Source chunk_source = BumpArena::Source::kMapped;
  std::size_t max_chunk_bytes = 0;
  /// The counters that the registry reads.
  Napi::Reference<Napi::Value> counters;
  /// ArrayBuffer.prototype.transfer; empty where the runtime has none.
  Napi::FunctionReference transfer;

  /// The array that results go to.
  Napi::Reference<Napi::Value> numbers;
  /// Set by initialize(); nullptr before.
  const KernelTable* kernels = nullptr;
  /// The callback data of the native functions, by ReduceOp and ElementType.
  BoundReduction reductions[kReduceOps][kElementTypes] = {};

  /// The kernels; an error where initialize() has not been called.
  const KernelTable& Kernels(Napi::Env env) const {
    if (kernels == nullptr) throw Napi::Error::New(env, "initialize() must be called first");
    return *kernels;
  }

  /// The registry; an error where initialize() has not been called.
  const std::shared_ptr<ArenaRegistry>& Registry(Napi::Env env) const {
    if (registry == nullptr) throw Napi::Error::New(env, "initialize() must be called first");
    return registry;
  }

  static AddonData& Of(Napi::Env env) { return *env.GetInstanceData<AddonData>(); }
};

/// initialize(counters: Float64Array, foreign: boolean, maxChunkBytes: number, isa: string | undefined,
///            numbers: Float64Array): object
/// Prepares the environment, once: chooses the instruction set and returns { isa: string, reduce: function[][] }.
Napi::Value Initialize(const Napi::CallbackInfo& info);

}  // namespace simd_arena

#endif  // SIMD_ARENA_BINDINGS_ADDON_DATA_H_
