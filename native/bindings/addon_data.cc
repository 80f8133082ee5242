#include "bindings/addon_data.h"

#include <algorithm>
#include <cstddef>
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

/// At most 50 bytes of `wanted`, which may be any text, in quotes, and what could be wanted instead.
std::string DescribeIsas(const std::string& wanted) {
  constexpr std::size_t kMaxQuoted = 50;
  std::size_t quoted = std::min(wanted.size(), kMaxQuoted);
  // No part of a character of UTF-8.
  while (quoted < wanted.size() && (wanted[quoted] & 0xc0) == 0x80) --quoted;
  std::string text = "\"" + wanted.substr(0, quoted) + (quoted < wanted.size() ? "…" : "") + "\"; this machine has";
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

/// Reads argument `index`: the name of an instruction set, or the best one where it is no string. False, with an
/// exception pending, for one that is not there.
bool ReadIsa(const Napi::CallbackInfo& info, std::size_t index, Isa* isa) {
  if (!info[index].IsString()) return ParseIsa(nullptr, isa) == Status::kOk;
  const std::string name = info[index].As<Napi::String>().Utf8Value();
  const Status status = ParseIsa(name.c_str(), isa);
  if (status != Status::kOk) ThrowStatus(info.Env(), status, DescribeIsas(name).c_str());
  return status == Status::kOk;
}

/// Sets `flag` for as long as it lives.
class Setting {
 public:
  explicit Setting(bool* flag) : flag_(flag) { *flag_ = true; }
  Setting(const Setting&) = delete;
  Setting& operator=(const Setting&) = delete;
  ~Setting() { *flag_ = false; }

 private:
  bool* flag_;
};

/// ArrayBuffer.prototype.transfer, by getters that may be code of the user; empty where the runtime has none.
Napi::FunctionReference FindTransfer(Napi::Env env) {
  const Napi::Value prototype = env.Global().Get("ArrayBuffer").ToObject().Get("prototype");
  const Napi::Value transfer = prototype.ToObject().Get("transfer");
  return transfer.IsFunction() ? Napi::Persistent(transfer.As<Napi::Function>()) : Napi::FunctionReference();
}

}  // namespace

Napi::Value Initialize(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  AddonData& data = AddonData::Of(env);
  if (data.registry != nullptr || data.initializing) throw Napi::Error::New(env, "initialize() was called before");
  const Setting setting(&data.initializing);

  bool foreign;
  std::uint64_t max_chunk_bytes;
  if (!ReadBoolean(info, 1, &foreign) || !ReadInteger(info, 2, kMaxSafeInteger, &max_chunk_bytes)) {
    return {env, ThrowStatus(env, Status::kInvalidArgType)};
  }
  Isa isa;
  if (!ReadIsa(info, 3, &isa)) return {};
  Napi::Reference<Napi::Value> counters_pin, numbers_pin;
  void* counters = PinSharedWords(env, info[0], napi_float64_array, kMemoryStats, &counters_pin);
  void* numbers = PinSharedWords(env, info[4], napi_float64_array, kResultNumbers, &numbers_pin);
  if (counters == nullptr || numbers == nullptr) return {env, ThrowStatus(env, Status::kInvalidArgType)};

  // Before the reductions are defined: a setter that sees them there may call them.
  data.numbers = std::move(numbers_pin);
  BindReductions(KernelsFor(isa), static_cast<double*>(numbers), &data);
  Napi::FunctionReference transfer = FindTransfer(env);
  Napi::Object result = Napi::Object::New(env);
  result["isa"] = IsaName(isa);
  result["reduce"] = DefineReductions(env);

  // Last, because initialize() may be called again where it failed; what may fail comes before the hook.
  auto registry = std::make_shared<ArenaRegistry>(static_cast<const double*>(counters));
  auto foreign_slabs = std::make_shared<ForeignSlabs>();
  if (napi_add_env_cleanup_hook(env, CloseRegistry, registry.get()) != napi_ok) throw Napi::Error::New(env);
  data.chunk_source = foreign ? BumpArena::Source::kForeign : BumpArena::Source::kMapped;
  data.max_chunk_bytes = static_cast<std::size_t>(max_chunk_bytes);
  data.counters = std::move(counters_pin);
  data.transfer = std::move(transfer);
  data.foreign_slabs = std::move(foreign_slabs);
  data.registry = std::move(registry);
  return result;
}

}  // namespace simd_arena
