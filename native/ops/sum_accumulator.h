// An exact sum of floating-point numbers, of which every order and every partition of the terms gives the same bits.
//
// A superaccumulator: one fixed-point number wide enough for every float64, as Kulisch proposed ("Computer Arithmetic
// and Validity", 2nd ed. 2013), filled by way of one bucket for each sign and exponent, after Neal's large
// superaccumulator ("Fast exact summation using small and large superaccumulators", 2015, arXiv:1505.05571).
//
//   limbs_[0]                                                        limbs_[34]
//   ┌──────────────┬──────────────┬─ … ──┬──────────────┬──────────────┐
//   │ 2^-1074 …    │ 2^-1010 …    │      │ 2^1038 …     │ 2^1102 …     │   2240 bits, two's complement
//   └──────────────┴──────────────┴─ … ──┴──────────────┴──────────────┘
//    the least float64                 the largest is below 2^1024; 141 bits are left for carries
//
// Everything is done with integers, so neither the rounding mode nor the instruction set matters. Owns no memory and
// allocates none. Not synchronized.
#ifndef SIMD_ARENA_OPS_SUM_ACCUMULATOR_H_
#define SIMD_ARENA_OPS_SUM_ACCUMULATOR_H_

#include <cstddef>
#include <cstdint>

#include "base/status.h"

namespace simd_arena {

class SumAccumulator {
 public:
  static constexpr std::size_t kEncodedBytes = 288;

  /// Adds `n` elements, at most 2^53, that start at `data`, at any byte alignment; `data` may be null if `n` is 0.
  /// Exact. kOutOfRange, and nothing is added: the sum would leave [-2^1165, 2^1165), which only merging can bring
  /// near. O(n).
  Status AddF32(const void* data, std::size_t n);
  Status AddF64(const void* data, std::size_t n);

  /// Adds what `other`, which may be this, has summed. kOutOfRange as above.
  Status Merge(const SumAccumulator& other);

  /// The float64 nearest to the exact sum, ties to even; an infinity beyond the largest. NaN, or +inf and -inf: NaN.
  /// Nothing: +0; only -0: -0; terms that cancel: +0.
  double Round() const;

  /// Writes kEncodedBytes bytes. Accumulators of the same terms have the same bytes, on every machine:
  ///
  ///     0  4  "XSUM"
  ///     4  1  version: 1
  ///     5  1  Kind
  ///     6  2  zero
  ///     8  280  the limbs, little-endian, least significant first; all zero unless the kind is kFinite
  void Encode(std::uint8_t* bytes) const;

  /// Reads what Encode has written. kInvalidAccumulator, and `*sum` is unchanged: `n` bytes that it cannot have
  /// written.
  static Status Decode(const std::uint8_t* bytes, std::size_t n, SumAccumulator* sum);

 private:
  static constexpr std::size_t kLimbs = 35;
  using Limb = std::uint64_t;

  /// What the terms so far were. Of two parts of a sum the greater kind wins, but for the two infinities.
  enum class Kind : std::uint8_t { kEmpty, kMinusZero, kFinite, kMinusInfinity, kPlusInfinity, kNaN };

  /// New terms by sign, as magnitudes: so that sums around zero do not borrow through all limbs again and again.
  struct Terms;

  template <typename Format>
  Status Add(const void* data, std::size_t n);
  Status Add(const Limb* limbs, Kind kind);
  static Kind Combine(Kind a, Kind b);

  Limb limbs_[kLimbs] = {};  ///< all zero unless kind_ is kFinite
  Kind kind_ = Kind::kEmpty;
};

}  // namespace simd_arena

#endif  // SIMD_ARENA_OPS_SUM_ACCUMULATOR_H_
