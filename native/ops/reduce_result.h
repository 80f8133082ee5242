// What a reduction comes to.
#ifndef SIMD_ARENA_OPS_REDUCE_RESULT_H_
#define SIMD_ARENA_OPS_REDUCE_RESULT_H_

#include "ops/wide_integer.h"

namespace simd_arena {

struct ReduceResult {
  enum class Kind {
    kNumber,    ///< number
    kBoolean,   ///< number, 0 or 1
    kInteger,   ///< integer
    kNumbers,   ///< number and greatest_number: the extremes
    kIntegers,  ///< integer and greatest_integer: the extremes
  };

  Kind kind = Kind::kNumber;
  double number = 0;
  double greatest_number = 0;
  WideInteger integer;
  WideInteger greatest_integer;

  void Set(double value) { number = value; }
  void Set(bool value) {
    kind = Kind::kBoolean;
    number = value ? 1 : 0;
  }
  void Set(const WideInteger& value) {
    kind = Kind::kInteger;
    integer = value;
  }
  void Set(double least, double greatest) {
    kind = Kind::kNumbers;
    number = least;
    greatest_number = greatest;
  }
  void Set(const WideInteger& least, const WideInteger& greatest) {
    kind = Kind::kIntegers;
    integer = least;
    greatest_integer = greatest;
  }
};

}  // namespace simd_arena

#endif  // SIMD_ARENA_OPS_REDUCE_RESULT_H_
