// Which calls of one kind fail, and how many there were.
//
// A test writes the plan, the injected fault reads it: both may be any thread. All fields are 32-bit words, so that a
// test in JavaScript can have the plan as a Uint32Array.
#ifndef SIMD_ARENA_TEST_FAULTS_FAULT_PLAN_H_
#define SIMD_ARENA_TEST_FAULTS_FAULT_PLAN_H_

#include <atomic>
#include <cstdint>

namespace simd_arena {

struct FaultPlan {
  std::atomic<std::uint32_t> calls;   ///< so far; counted only while `end` is not 0
  std::atomic<std::uint32_t> failed;  ///< of these
  std::atomic<std::uint32_t> first;   ///< calls first … end - 1 fail
  std::atomic<std::uint32_t> end;     ///< 0: nothing fails, nothing is counted
  std::atomic<std::uint32_t> one_in;  ///< if above 1: of these calls, one in so many, at random
  std::atomic<std::uint32_t> seed;    ///< of that
  std::atomic<std::uint32_t> throws;  ///< whether a Node-API call that fails leaves an exception pending

  /// Counts a call; true if it is to fail.
  bool Fail() {
    if (end == 0) return false;
    const std::uint32_t call = calls++;
    if (call < first || call >= end || (one_in > 1 && Scramble(call ^ seed) % one_in != 0)) return false;
    ++failed;
    return true;
  }

 private:
  /// Two rounds of multiplying and shifting spread every bit.
  static std::uint32_t Scramble(std::uint32_t x) {
    x = (x ^ (x >> 16)) * 0x7feb352dU;
    x = (x ^ (x >> 15)) * 0x846ca68bU;
    return x ^ (x >> 16);
  }
};

static_assert(sizeof(FaultPlan) == 7 * sizeof(std::uint32_t), "JavaScript sees seven words");

/// What there is to fail.
struct FaultPlans {
  FaultPlan memory;    ///< allocations and mappings
  FaultPlan node_api;  ///< Node-API calls
};

extern FaultPlans fault_plans;

}  // namespace simd_arena

#endif  // SIMD_ARENA_TEST_FAULTS_FAULT_PLAN_H_
