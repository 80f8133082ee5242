#include "ops/reduce.h"

#include <algorithm>
#include <cmath>
#include <new>
#include <type_traits>

#include "ops/dot.h"
#include "ops/element_kernels.h"
#include "ops/extremes_state.h"
#include "ops/squares_state.h"
#include "ops/sum_state.h"
#include "ops/truth_state.h"
#include "ops/variance_state.h"

namespace simd_arena {
namespace {

/// Whether sums and elements need more than a float64.
template <typename Element>
constexpr bool kIsWide = Element::kSize == 8 && !Element::kIsFloat;

double ToDouble(double sum) { return sum; }
double ToDouble(Int128 sum) { return static_cast<double>(sum); }

// finish functions: from a state to a result

template <typename Element>
void FinishSum(const KernelTable& kernels, const SumState<Element>& state, std::uint64_t n, std::uint64_t,
               ReduceResult* result) {
  if constexpr (kIsWide<Element>) {
    result->Set(WideInteger(state.Sum(kernels, n)));
  } else {
    result->Set(ToDouble(state.Sum(kernels, n)));
  }
}

template <typename Element>
void FinishMean(const KernelTable& kernels, const SumState<Element>& state, std::uint64_t n, std::uint64_t,
                ReduceResult* result) {
  result->Set(ToDouble(state.Sum(kernels, n)) / static_cast<double>(n));
}

template <typename Element>
void FinishMin(const KernelTable& kernels, const ExtremesState<Element>& state, std::uint64_t, std::uint64_t,
               ReduceResult* result) {
  result->Set(state.Least(kernels));
}

template <typename Element>
void FinishMax(const KernelTable& kernels, const ExtremesState<Element>& state, std::uint64_t, std::uint64_t,
               ReduceResult* result) {
  result->Set(state.Greatest(kernels));
}

template <typename Element>
void FinishMinmax(const KernelTable& kernels, const ExtremesState<Element>& state, std::uint64_t, std::uint64_t,
                  ReduceResult* result) {
  result->Set(state.Least(kernels), state.Greatest(kernels));
}

template <typename Element, bool kGreatest>
void FinishIndex(const KernelTable&, const IndexState<Element, kGreatest>& state, std::uint64_t, std::uint64_t,
                 ReduceResult* result) {
  result->Set(static_cast<double>(state.index()));
}

template <typename State>
void FinishTruth(const KernelTable&, const State& state, std::uint64_t, std::uint64_t, ReduceResult* result) {
  result->Set(state.value());
}

template <typename Element>
void FinishCount(const KernelTable&, const CountNonzero<Element>& state, std::uint64_t, std::uint64_t,
                 ReduceResult* result) {
  result->Set(static_cast<double>(state.count()));
}

template <typename Element>
void FinishNorm(const KernelTable& kernels, const SquaresState<Element>& state, std::uint64_t n, std::uint64_t,
                ReduceResult* result) {
  result->Set(state.Norm(kernels, n));
}

template <typename Element>
void FinishVariance(const KernelTable& kernels, const VarianceState<Element>& state, std::uint64_t n,
                    std::uint64_t ddof, ReduceResult* result) {
  result->Set(state.Variance(kernels, n, ddof));
}

template <typename Element>
void FinishStd(const KernelTable& kernels, const VarianceState<Element>& state, std::uint64_t n, std::uint64_t ddof,
               ReduceResult* result) {
  result->Set(std::sqrt(state.Variance(kernels, n, ddof)));
}

// from states and finish functions to reductions

template <typename State>
using Finish = void(const KernelTable&, const State&, std::uint64_t, std::uint64_t, ReduceResult*);

template <typename State>
struct AccumulatorOf {
  static_assert(sizeof(State) <= kMaxAccumulatorBytes && alignof(State) <= alignof(std::max_align_t));
  static_assert(std::is_trivially_destructible_v<State> && std::is_trivially_copyable_v<State>);

  static void Begin(void* state) { new (state) State; }

  static void Add(const KernelTable& kernels, void* state, const std::uint8_t* data, std::size_t n) {
    static_cast<State*>(state)->Add(kernels, data, n);
  }

  static constexpr Accumulator kAccumulator = {sizeof(State), Begin, Add, State::kGranularity};
};

template <typename State, Finish<State> kFinish>
void FinishState(const KernelTable& kernels, const void* state, std::uint64_t n, std::uint64_t ddof,
                 ReduceResult* result) {
  kFinish(kernels, *static_cast<const State*>(state), n, ddof, result);
}

// whole functions: from elements to a result in one go

template <typename State, Finish<State> kFinish>
void Whole(const KernelTable& kernels, const std::uint8_t* data, std::size_t n, std::uint64_t ddof,
           ReduceResult* result) {
  State state;
  state.Add(kernels, data, n);
  kFinish(kernels, state, n, ddof, result);
}

/// Floats have a kernel that keeps no state.
template <typename Element>
void WholeSum(const KernelTable& kernels, const std::uint8_t* data, std::size_t n, std::uint64_t ddof,
              ReduceResult* result) {
  if constexpr (Element::kIsFloat) {
    result->Set((kernels.*Element::kSum)(data, n));
  } else {
    Whole<SumState<Element>, FinishSum<Element>>(kernels, data, n, ddof, result);
  }
}

template <typename Element>
void WholeMean(const KernelTable& kernels, const std::uint8_t* data, std::size_t n, std::uint64_t ddof,
               ReduceResult* result) {
  if constexpr (Element::kIsFloat) {
    result->Set((kernels.*Element::kSum)(data, n) / static_cast<double>(n));
  } else {
    Whole<SumState<Element>, FinishMean<Element>>(kernels, data, n, ddof, result);
  }
}

template <typename Element>
void WholeNorm(const KernelTable& kernels, const std::uint8_t* data, std::size_t n, std::uint64_t ddof,
               ReduceResult* result) {
  if constexpr (std::is_same_v<Element, element::F64>) {
    Float64Squares plain;
    plain.AddPlain(kernels, data, n);
    if (n == 0 || plain.IsPrecise(kernels)) return result->Set(plain.Norm(kernels, n));
  }
  Whole<SquaresState<Element>, FinishNorm<Element>>(kernels, data, n, ddof, result);
}

// the table

template <typename State, Finish<State> kFinish>
constexpr Reduction Make(decltype(Reduction::whole) whole = Whole<State, kFinish>) {
  return {&AccumulatorOf<State>::kAccumulator, false, FinishState<State, kFinish>, whole};
}

template <typename State, Finish<State> kFinish>
constexpr Reduction MakeNonempty() {
  return {&AccumulatorOf<State>::kAccumulator, true, FinishState<State, kFinish>, Whole<State, kFinish>};
}

template <typename Element>
constexpr Reduction ReductionOf(ReduceOp op) {
  using Sum = SumState<Element>;
  using Extreme = ExtremesState<Element>;
  using Variance = VarianceState<Element>;
  switch (op) {
    case ReduceOp::kSum:
      return Make<Sum, FinishSum<Element>>(WholeSum<Element>);
    case ReduceOp::kMean:
      return Make<Sum, FinishMean<Element>>(WholeMean<Element>);
    case ReduceOp::kMin:
      return MakeNonempty<Extreme, FinishMin<Element>>();
    case ReduceOp::kMax:
      return MakeNonempty<Extreme, FinishMax<Element>>();
    case ReduceOp::kMinmax:
      return MakeNonempty<Extreme, FinishMinmax<Element>>();
    case ReduceOp::kArgmin:
      return MakeNonempty<IndexState<Element, false>, FinishIndex<Element, false>>();
    case ReduceOp::kArgmax:
      return MakeNonempty<IndexState<Element, true>, FinishIndex<Element, true>>();
    case ReduceOp::kAll:
      return Make<AllTrue<Element>, FinishTruth<AllTrue<Element>>>();
    case ReduceOp::kAny:
      return Make<AnyTrue<Element>, FinishTruth<AnyTrue<Element>>>();
    case ReduceOp::kCountNonzero:
      return Make<CountNonzero<Element>, FinishCount<Element>>();
    case ReduceOp::kDot:
      return {};
    case ReduceOp::kNorm:
      return Make<SquaresState<Element>, FinishNorm<Element>>(WholeNorm<Element>);
    case ReduceOp::kVariance:
      return Make<Variance, FinishVariance<Element>>();
    case ReduceOp::kStd:
      return Make<Variance, FinishStd<Element>>();
  }
  return {};
}

template <typename Element>
struct Row {
  static constexpr Reduction kReductions[] = {
#define REDUCE_OP(name, label) ReductionOf<Element>(ReduceOp::k##name),
#include "ops/reduce_op.def"
#undef REDUCE_OP
  };
};

constexpr const Reduction* kRows[] = {
#define ELEMENT_TYPE(name, label, size) Row<element::name>::kReductions,
#include "base/element_type.def"
#undef ELEMENT_TYPE
};

template <typename Element>
void DotOf(const KernelTable& kernels, const std::uint8_t* a, const std::uint8_t* b, std::size_t n,
           ReduceResult* result) {
  if constexpr (Element::kIsFloat) {
    result->Set((kernels.*Element::kDot)(a, b, n));
  } else if constexpr (kIsWide<Element>) {
    result->Set(ExactDot<Element>(kernels, a, b, n));
  } else {
    result->Set(ExactDot<Element>(kernels, a, b, n).ToDouble());
  }
}

using DotFunction = void(const KernelTable&, const std::uint8_t*, const std::uint8_t*, std::size_t, ReduceResult*);

constexpr DotFunction* kDots[] = {
#define ELEMENT_TYPE(name, label, size) DotOf<element::name>,
#include "base/element_type.def"
#undef ELEMENT_TYPE
};

}  // namespace

const Reduction& FindReduction(ReduceOp op, ElementType type) {
  return kRows[static_cast<std::size_t>(type)][static_cast<std::size_t>(op)];
}

void ReduceStrided(const KernelTable& kernels, const Reduction& reduction, ElementType type, const std::uint8_t* data,
                   std::size_t stride, std::size_t n, std::uint64_t ddof, ReduceResult* result) {
  const std::size_t size = ElementSize(type);
  if (stride == size || n <= 1) return reduction.whole(kernels, data, n, ddof, result);

  alignas(64) std::uint8_t tile[kMaxGranularity * sizeof(double)];
  alignas(std::max_align_t) std::uint8_t state[kMaxAccumulatorBytes];
  reduction.accumulator->begin(state);
  for (std::size_t start = 0; start < n; start += kMaxGranularity) {
    const std::size_t m = std::min(kMaxGranularity, n - start);
    kernels.pack(data + start * stride, stride, size, m, tile);
    reduction.accumulator->add(kernels, state, tile, m);
  }
  reduction.finish(kernels, state, n, ddof, result);
}

void Dot(const KernelTable& kernels, ElementType type, const std::uint8_t* a, const std::uint8_t* b, std::size_t n,
         ReduceResult* result) {
  kDots[static_cast<std::size_t>(type)](kernels, a, b, n, result);
}

}  // namespace simd_arena
