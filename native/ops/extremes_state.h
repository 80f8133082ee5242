// The least and the greatest element so far, and where they are.
//
// Elements are compared by keys (struct Extremes): NaN wins, -0 < +0, and of equal elements the first counts. Values;
// any thread. Add() takes any number of elements.
#ifndef SIMD_ARENA_OPS_EXTREMES_STATE_H_
#define SIMD_ARENA_OPS_EXTREMES_STATE_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <type_traits>

#include "ops/element_kernels.h"
#include "ops/wide_integer.h"

namespace simd_arena {

/// The keys of one element type, as struct Extremes defines them; those of bool are 0 and 1.
template <typename Element>
struct Keys {
  static constexpr bool kIsBool = std::is_same_v<Element, element::Bool>;
  static constexpr int kBits = 8 * Element::kSize;
  static constexpr std::uint64_t kSign = std::uint64_t{1} << (kBits - 1);

  /// n > 0.
  static Extremes Find(const KernelTable& kernels, const std::uint8_t* data, std::size_t n) {
    if constexpr (kIsBool) {
      return {kernels.all_u8(data, n) ? 1 : 0, kernels.any_u8(data, n) ? 1 : 0};
    } else {
      return (kernels.*Element::kExtremes)(data, n);
    }
  }

  static bool IsNan(std::int64_t key) {
    if constexpr (Element::kIsFloat) {
      return key > Element::kInfinity || key < ~Element::kInfinity;
    } else {
      return false;
    }
  }

  static std::int64_t Of(const std::uint8_t* data) {
    std::uint64_t bits = 0;
    std::memcpy(&bits, data, Element::kSize);
    if constexpr (kIsBool) {
      return bits == 0 ? 0 : 1;
    } else {
      if (!Element::kIsSigned) bits ^= kSign;
      const auto key = static_cast<std::int64_t>(bits << (64 - kBits)) >> (64 - kBits);
      return Element::kIsFloat ? FlipNegative(key) : key;
    }
  }

  /// The bits of the element, above them zeros.
  static std::uint64_t Bits(std::int64_t key) {
    if constexpr (kIsBool) {
      return static_cast<std::uint64_t>(key);
    } else {
      auto bits = static_cast<std::uint64_t>(Element::kIsFloat ? FlipNegative(key) : key);
      if (!Element::kIsSigned) bits ^= kSign;
      return bits & (kSign | (kSign - 1));
    }
  }

  /// The element as a float64; as a WideInteger where that may not hold it.
  static auto Value(const KernelTable& kernels, std::int64_t key) {
    const std::uint64_t bits = Bits(key);
    if constexpr (Element::kIsFloat) {
      std::uint8_t bytes[Element::kSize];
      std::memcpy(bytes, &bits, sizeof(bytes));
      return (kernels.*Element::kSum)(bytes, 1);  // of one element, its value
    } else if constexpr (Element::kSize == 8) {
      return WideInteger(Element::kIsSigned ? Int128{key} : Int128{bits});
    } else {
      return static_cast<double>(Element::kIsSigned ? key : static_cast<std::int64_t>(bits));
    }
  }

 private:
  static constexpr std::int64_t FlipNegative(std::int64_t key) {
    return key < 0 ? key ^ static_cast<std::int64_t>(kSign - 1) : key;
  }
};

/// The least and the greatest of the elements; both NaN if one of them is.
template <typename Element>
class ExtremesState {
 public:
  static constexpr std::size_t kGranularity = 1;

  void Add(const KernelTable& kernels, const std::uint8_t* data, std::size_t n) {
    if (n == 0) return;
    const Extremes some = Keys<Element>::Find(kernels, data, n);
    keys_.least = std::min(keys_.least, some.least);
    keys_.greatest = std::max(keys_.greatest, some.greatest);
  }

  auto Least(const KernelTable& kernels) const { return Value(kernels, keys_.least); }
  auto Greatest(const KernelTable& kernels) const { return Value(kernels, keys_.greatest); }

 private:
  auto Value(const KernelTable& kernels, std::int64_t key) const {
    using K = Keys<Element>;
    return K::Value(kernels, K::IsNan(keys_.least) ? keys_.least : K::IsNan(keys_.greatest) ? keys_.greatest : key);
  }

  Extremes keys_{std::numeric_limits<std::int64_t>::max(), std::numeric_limits<std::int64_t>::min()};
};

/// The index of the first least, or greatest, element; of the first NaN if there is one.
template <typename Element, bool kGreatest>
class IndexState {
 public:
  static constexpr std::size_t kGranularity = 1;

  void Add(const KernelTable& kernels, const std::uint8_t* data, std::size_t n) {
    const std::uint8_t* better = nullptr;  // the block that has an element better than all before it
    std::size_t better_start = 0;
    for (std::size_t start = 0; start < n && !is_nan_; start += kBlock) {
      const std::uint8_t* const block = data + start * Element::kSize;
      if (!Improve(Keys<Element>::Find(kernels, block, std::min(kBlock, n - start)))) continue;
      better = block;
      better_start = start;
    }
    if (better != nullptr) {
      index_ = seen_ + better_start + Locate(kernels, better, std::min(kBlock, n - better_start));
    }
    seen_ += n;
  }

  std::uint64_t index() const { return index_; }

 private:
  /// Elements that are looked at again where one of them is the best so far: few enough to still be in the cache.
  static constexpr std::size_t kBlock = 2048;

  /// Whether a block with these extremes has the best element so far.
  bool Improve(const Extremes& block) {
    using K = Keys<Element>;
    is_nan_ = K::IsNan(block.least) || K::IsNan(block.greatest);
    const std::int64_t key = kGreatest ? block.greatest : block.least;
    if (!is_nan_ && has_best_ && (kGreatest ? key <= best_ : key >= best_)) return false;
    has_best_ = true;
    best_ = key;
    return true;
  }

  /// The first of n > 0 elements that is NaN, or the best; the last one where another thread has overwritten it.
  std::size_t Locate(const KernelTable& kernels, const std::uint8_t* block, std::size_t n) const {
    using K = Keys<Element>;
    if (!is_nan_ && !K::kIsBool) return std::min((kernels.*Element::kFind)(block, n, K::Bits(best_)), n - 1);
    std::size_t i = 0;
    for (; i < n - 1; ++i) {
      const std::int64_t key = K::Of(block + i * Element::kSize);
      if (is_nan_ ? K::IsNan(key) : key == best_) break;
    }
    return i;
  }

  std::uint64_t seen_ = 0;
  std::uint64_t index_ = 0;
  std::int64_t best_ = 0;
  bool has_best_ = false;
  bool is_nan_ = false;
};

}  // namespace simd_arena

#endif  // SIMD_ARENA_OPS_EXTREMES_STATE_H_
