#include "bindings/addon_data.h"

#include <memory>
#include <string>
#include <utility>

#include "base/cpu_features.h"
#include "bindings/arguments.h"
#include "bindings/reduce_binding.h"
#include "bindings/shared_words.h"
#include "bindings/throw_status.h"
#include "kernels/dispatch.h"

namespace simd_arena {

namespace {

void CloseRegistry(void* registry) { static_cast<ArenaRegistry*>(registry)->Close(); }

std::string DescribeIsas(const std::string& wanted) {
  std::string text = "\"" + wanted + "\"; this machine has";
  for (const Isa isa : kAllIsas) {
    if (IsaSupported(isa)) text.append(" ").append(IsaName(isa));
  }
  return text;
}

void BindReductions(const KernelTable& kernels, double* numbers, AddonData* data) {
  data->kernels = &kernels;
  for (std::size_t op = 0; op < kReduceOps; ++op) {
    for (std::size_t type = 0; type < kElementTypes; ++type) {
      const auto element_type = static_cast<ElementType>(type);
      data->reductions[op][type] = {&FindReduction(static_cast<ReduceOp>(op), element_type), &kernels, element_type,
                                    numbers};
    }
  }
}

}  // namespace

Napi::Value Initialize(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  AddonData& data = AddonData::Of(env);
  if (data.registry != nullptr) throw Napi::Error::New(env, "initialize() was called before");

  bool foreign;
  std::uint64_t max_chunk_bytes;
  if (!ReadBoolean(info, 1, &foreign) || !ReadInteger(info, 2, kMaxSafeInteger, &max_chunk_bytes)) {
    return {env, ThrowStatus(env, Status::kInvalidArgType)};
  }
  const bool isa_is_forced = info[3].IsString();
  const std::string forced_isa = isa_is_forced ? info[3].As<Napi::String>().Utf8Value() : "";
  Isa isa;
  if (Status status = ParseIsa(isa_is_forced ? forced_isa.c_str() : nullptr, &isa); status != Status::kOk) {
    return {env, ThrowStatus(env, status, DescribeIsas(forced_isa).c_str())};
  }
  void* counters = PinSharedWords(env, info[0], napi_float64_array, kMemoryStats, &data.counters);
  void* numbers = PinSharedWords(env, info[4], napi_float64_array, kResultNumbers, &data.numbers);
  if (counters == nullptr || numbers == nullptr) return {env, ThrowStatus(env, Status::kInvalidArgType)};

  data.chunk_source = foreign ? BumpArena::Source::kForeign : BumpArena::Source::kMapped;
  data.max_chunk_bytes = static_cast<std::size_t>(max_chunk_bytes);
  BindReductions(KernelsFor(isa), static_cast<double*>(numbers), &data);
  const Napi::Value prototype = env.Global().Get("ArrayBuffer").ToObject().Get("prototype");
  const Napi::Value transfer = prototype.ToObject().Get("transfer");
  if (transfer.IsFunction()) data.transfer = Napi::Persistent(transfer.As<Napi::Function>());

  Napi::Object result = Napi::Object::New(env);
  result["isa"] = IsaName(isa);
  result["reduce"] = DefineReductions(env);

  // Last, because initialize() may be called again where it failed.
  auto registry = std::make_shared<ArenaRegistry>(static_cast<const double*>(counters));
  if (napi_add_env_cleanup_hook(env, CloseRegistry, registry.get()) != napi_ok) throw Napi::Error::New(env);
  data.foreign_slabs = std::make_shared<ForeignSlabs>();
  data.registry = std::move(registry);
  return result;
}

}  // namespace simd_arena
