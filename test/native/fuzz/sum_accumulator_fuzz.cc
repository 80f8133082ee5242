// Terms in random order and random parts, against all of them at once; and bytes that are no accumulator.
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#include "fuzz/fuzz_input.h"
#include "ops/sum_accumulator.h"

namespace simd_arena {
namespace {

using Bytes = std::array<std::uint8_t, SumAccumulator::kEncodedBytes>;

Bytes Encode(const SumAccumulator& sum) {
  Bytes bytes;
  sum.Encode(bytes.data());
  return bytes;
}

/// A sum in parts, which are made, merged, and sent as bytes.
class Parts {
 public:
  explicit Parts(FuzzInput* input) : input_(*input) {}

  void Step() {
    SumAccumulator& part = parts_[input_.Byte() % kParts];
    switch (input_.Byte() % 8) {
      case 0: {
        SumAccumulator& other = parts_[input_.Byte() % kParts];
        if (&other == &part) break;
        Expect(part.Merge(other) == Status::kOk);
        other = SumAccumulator();
        break;
      }
      case 1: {
        const Bytes bytes = Encode(part);
        part = SumAccumulator();
        Expect(SumAccumulator::Decode(bytes.data(), bytes.size(), &part) == Status::kOk);
        break;
      }
      case 2: {
        const auto x = Number<float, std::uint32_t>();
        Expect(part.AddF32(&x, 1) == Status::kOk);
        terms_.push_back(static_cast<double>(x));
        break;
      }
      default:
        Add(&part, input_.Size(13));
    }
  }

  void Check() {
    for (std::size_t i = 1; i < kParts; ++i) Expect(parts_[0].Merge(parts_[i]) == Status::kOk);
    SumAccumulator whole;
    Expect(whole.AddF64(terms_.data(), terms_.size()) == Status::kOk);
    Expect(Encode(whole) == Encode(parts_[0]));
  }

 private:
  static constexpr std::size_t kParts = 3;

  template <typename Float, typename Bits>
  Float Number() {
    Bits bits = 0;
    for (std::size_t i = 0; i < sizeof(bits); ++i) bits = static_cast<Bits>(bits << 8 | input_.Byte());
    Float x;
    std::memcpy(&x, &bits, sizeof(x));
    return x;
  }

  /// Adds one number `n` times: bytes are scarce.
  void Add(SumAccumulator* part, std::size_t n) {
    const std::vector<double> x(n, Number<double, std::uint64_t>());
    Expect(part->AddF64(x.data(), n) == Status::kOk);
    terms_.insert(terms_.end(), x.begin(), x.end());
  }

  FuzzInput& input_;
  SumAccumulator parts_[kParts];
  std::vector<double> terms_;
};

void DecodeAnything(const std::uint8_t* data, std::size_t size) {
  SumAccumulator sum;
  if (SumAccumulator::Decode(data, size, &sum) != Status::kOk) return;
  Expect(std::memcmp(Encode(sum).data(), data, size) == 0);
}

}  // namespace
}  // namespace simd_arena

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  simd_arena::DecodeAnything(data, size);
  simd_arena::FuzzInput input(data, size);
  simd_arena::Parts parts(&input);
  while (!input.empty()) parts.Step();
  parts.Check();
  return 0;
}
