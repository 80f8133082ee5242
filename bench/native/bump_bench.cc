// What bump allocation costs, in nanoseconds: against malloc and free, and around a kernel.
//
// Medians of interleaved samples, so that slow phases of the machine hit both sides. No allocation is written to, and
// every address and result goes where the optimizer cannot see that nobody reads it.
#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "base/cpu_features.h"
#include "kernels/dispatch.h"
#include "memory/bump_arena.h"

namespace simd_arena {
namespace {

constexpr int kSamples = 201;
constexpr double kSampleNanoseconds = 200000;

double Now() {
  return std::chrono::duration<double, std::nano>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

/// A use of `value` that the compiler cannot remove.
template <typename T>
void Observe(const T& value) {
  asm volatile("" : : "g"(value));
}

/// A size that the compiler does not know.
std::size_t Hide(std::size_t value) {
  asm volatile("" : "+r"(value));
  return value;
}

struct Medians {
  double a;
  double b;
};

double Median(std::vector<double>* samples) {
  std::sort(samples->begin(), samples->end());
  return (*samples)[samples->size() / 2];
}

/// Nanoseconds of one call of `run(count)` divided by `count`.
template <typename Run>
double Sample(const Run& run, std::size_t count) {
  const double start = Now();
  run(count);
  return (Now() - start) / static_cast<double>(count);
}

/// How often `run` does its work in a sample that is long enough for the clock.
template <typename Run>
std::size_t CountFor(const Run& run) {
  run(64);
  return static_cast<std::size_t>(std::clamp(kSampleNanoseconds / Sample(run, 64), 64.0, 1000000.0));
}

/// Medians of `a` and `b`, each of which does its work as often as it is told, in turns.
template <typename A, typename B>
Medians Compare(const A& a, const B& b) {
  const std::size_t a_count = CountFor(a);
  const std::size_t b_count = CountFor(b);
  std::vector<double> a_samples;
  std::vector<double> b_samples;
  for (int i = 0; i < kSamples; ++i) {
    a_samples.push_back(Sample(a, a_count));
    b_samples.push_back(Sample(b, b_count));
  }
  return {Median(&a_samples), Median(&b_samples)};
}

/// An arena of C++, with its state.
struct Scratch {
  Scratch() { state.maximum = UINT32_MAX; }
  ArenaState state;
  BumpArena arena{&state, BumpArena::Source::kMapped};
};

void RequireOk(Status status) {
  if (status != Status::kOk) std::abort();
}

void CompareWithMalloc() {
  std::printf("allocation of n bytes, nothing touched: 64 at a time, and malloc/free also one at a time\n\n");
  std::printf("%10s %12s %14s %8s %14s %8s\n", "n", "bump", "malloc/free", "ratio", "one at a time", "ratio");
  for (std::size_t size = 16; size <= (64 << 10); size *= 2) {
    Scratch scratch;
    constexpr std::size_t kBatch = 64;
    {
      // The chunk then holds a whole batch.
      const ArenaScope scope(&scratch.arena);
      void* warm = nullptr;
      RequireOk(scratch.arena.Allocate((kBatch + 1) * std::max<std::size_t>(size, kGranuleBytes), &warm));
    }
    const auto bump = [&](std::size_t count) {
      const std::size_t bytes = Hide(size);
      for (std::size_t done = 0; done < count; done += kBatch) {
        const ArenaScope scope(&scratch.arena);
        for (std::size_t i = 0; i < kBatch; ++i) {
          void* memory = nullptr;
          RequireOk(scratch.arena.Allocate(bytes, &memory));
          Observe(memory);
        }
      }
    };
    const auto heap = [&](std::size_t count) {
      const std::size_t bytes = Hide(size);
      for (std::size_t done = 0; done < count; done += kBatch) {
        void* blocks[kBatch];
        for (void*& block : blocks) {
          block = std::malloc(bytes);
          Observe(block);
        }
        for (void* block : blocks) std::free(block);
      }
    };
    const auto heap_in_turns = [&](std::size_t count) {
      const std::size_t bytes = Hide(size);
      for (std::size_t done = 0; done < count; ++done) {
        void* block = std::malloc(bytes);
        Observe(block);
        std::free(block);
      }
    };
    const Medians batch = Compare(bump, heap);
    const Medians in_turns = Compare(bump, heap_in_turns);
    std::printf("%10zu %9.2f ns %11.2f ns %7.1fx %11.2f ns %7.1fx\n", size, batch.a, batch.b, batch.b / batch.a,
                in_turns.b, in_turns.b / in_turns.a);
  }
}

void CompareScopes() {
  Isa isa;
  RequireOk(ParseIsa(std::getenv("SIMD_ARENA_ISA"), &isa));
  const KernelTable& kernels = KernelsFor(isa);
  const auto sum = [&](const std::vector<float>& data, std::size_t n) {
    return kernels.sum_f32(reinterpret_cast<const std::uint8_t*>(data.data()), n);
  };
  std::printf("\nsum of n float32 (%s), inside an arena's scope and outside\n\n", IsaName(isa));
  std::printf("%10s %12s %14s %10s %9s\n", "n", "in a scope", "without", "scope", "overhead");

  Scratch scratch;
  void* warm = nullptr;
  RequireOk(scratch.arena.Allocate(64, &warm));
  for (const std::size_t n : {100, 1000, 10000, 100000}) {
    std::vector<float> data(n);
    for (std::size_t i = 0; i < n; ++i) data[i] = static_cast<float>(i % 1000) * 0.5F;
    const auto in_scope = [&](std::size_t count) {
      for (std::size_t i = 0; i < count; ++i) {
        const ArenaScope scope(&scratch.arena);
        Observe(sum(data, Hide(n)));
      }
    };
    const auto without = [&](std::size_t count) {
      for (std::size_t i = 0; i < count; ++i) Observe(sum(data, Hide(n)));
    };
    const Medians medians = Compare(in_scope, without);
    const double overhead = medians.a - medians.b;
    std::printf("%10zu %9.2f ns %11.2f ns %7.2f ns %8.3f%%\n", n, medians.a, medians.b, overhead,
                100 * overhead / medians.b);
  }

  // The scope alone: what a kernel's time would hide.
  const auto scope_alone = [&](std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      const ArenaScope scope(&scratch.arena);
      Observe(&scope);
    }
  };
  const auto scope_and_allocation = [&](std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      const ArenaScope scope(&scratch.arena);
      void* memory = nullptr;
      RequireOk(scratch.arena.Allocate(Hide(4096), &memory));
      Observe(memory);
    }
  };
  const Medians medians = Compare(scope_alone, scope_and_allocation);
  std::printf("\nan empty scope %.2f ns, one with an allocation %.2f ns\n", medians.a, medians.b);
}

}  // namespace
}  // namespace simd_arena

int main() {
  simd_arena::CompareWithMalloc();
  simd_arena::CompareScopes();
  return 0;
}
