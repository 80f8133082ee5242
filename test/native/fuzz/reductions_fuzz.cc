// Every reduction of any bytes, on every instruction set that this CPU has: whole, apart and in chunks, all must have
// the bits of the scalar kernels on the whole.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <vector>

#include "base/cpu_features.h"
#include "fuzz/fuzz_input.h"
#include "kernels/dispatch.h"
#include "ops/reduce.h"
#include "ops/reducer.h"
#include "support/same_result.h"

namespace simd_arena {
namespace {

/// Bytes that end where their memory does, so that AddressSanitizer sees what is read beyond them.
class ExactBytes {
 public:
  ExactBytes(std::size_t offset, const std::vector<std::uint8_t>& bytes)
      : memory_(new std::uint8_t[offset + bytes.size()]), data_(memory_.get() + offset) {
    if (!bytes.empty()) std::memcpy(data_, bytes.data(), bytes.size());
  }
  const std::uint8_t* data() const { return data_; }

 private:
  std::unique_ptr<std::uint8_t[]> memory_;
  std::uint8_t* data_;
};

/// What one input asks for.
struct Case {
  ReduceOp op;
  ElementType type;
  std::uint64_t ddof;
  std::size_t offset;             // of the data, from an aligned address
  std::size_t stride;             // bytes from an element to the next
  std::vector<std::size_t> cuts;  // lengths of chunks, in turn
  std::vector<std::uint8_t> elements;

  std::size_t count() const { return elements.size() / ElementSize(type); }
};

Case ReadCase(FuzzInput* input) {
  Case c{};
  c.op = static_cast<ReduceOp>(input->Below(kReduceOps));
  c.type = static_cast<ElementType>(input->Below(kElementTypes));
  c.ddof = input->Below(4);
  c.offset = input->Below(64);
  const std::size_t size = ElementSize(c.type);
  c.stride = size + input->Below(4 * size + 1);
  for (std::uint64_t i = 1 + input->Below(3); i > 0; --i) c.cuts.push_back(1 + input->Size(15));
  const std::uint64_t copies = 1 + input->Below(48);  // to reach beyond one chunk of the algorithms
  std::vector<std::uint8_t> piece;
  while (!input->empty()) piece.push_back(input->Byte());
  for (std::uint64_t i = 0; i < copies; ++i) c.elements.insert(c.elements.end(), piece.begin(), piece.end());
  c.elements.resize(c.count() * size);
  return c;
}

ReduceResult Whole(const KernelTable& kernels, const Case& c) {
  const ExactBytes bytes(c.offset, c.elements);
  ReduceResult result;
  if (c.op == ReduceOp::kDot) {
    // With itself turned round by half.
    std::vector<std::uint8_t> other = c.elements;
    const auto middle = static_cast<std::ptrdiff_t>(c.count() / 2 * ElementSize(c.type));
    std::rotate(other.begin(), other.begin() + middle, other.end());
    Dot(kernels, c.type, bytes.data(), ExactBytes(0, other).data(), c.count(), &result);
  } else {
    FindReduction(c.op, c.type).whole(kernels, bytes.data(), c.count(), c.ddof, &result);
  }
  return result;
}

ReduceResult Apart(const KernelTable& kernels, const Case& c) {
  const std::size_t size = ElementSize(c.type);
  std::vector<std::uint8_t> apart((c.count() - 1) * c.stride + size, 0xA5);
  for (std::size_t i = 0; i < c.count(); ++i) {
    std::memcpy(apart.data() + i * c.stride, c.elements.data() + i * size, size);
  }
  const ExactBytes bytes(c.offset, apart);
  ReduceResult result;
  ReduceStrided(kernels, FindReduction(c.op, c.type), c.type, bytes.data(), c.stride, c.count(), c.ddof, &result);
  return result;
}

ReduceResult InChunks(const KernelTable& kernels, const Case& c) {
  std::vector<std::max_align_t> memory(Reducer::MemoryBytes(c.type, &c.op, 1) / sizeof(std::max_align_t) + 1);
  Reducer reducer(kernels, c.type, &c.op, 1, c.ddof, reinterpret_cast<std::uint8_t*>(memory.data()));
  std::size_t turn = 0;
  for (std::size_t start = 0; start < c.elements.size();) {
    const std::size_t bytes = std::min(c.cuts[turn++ % c.cuts.size()], c.elements.size() - start);
    const auto begin = c.elements.begin() + static_cast<std::ptrdiff_t>(start);
    const ExactBytes chunk(0, {begin, begin + static_cast<std::ptrdiff_t>(bytes)});
    reducer.Update(chunk.data(), bytes);
    start += bytes;
  }
  ReduceResult result;
  Expect(reducer.Result(0, &result) == Status::kOk);
  return result;
}

void Check(const Case& c) {
  const bool needs_elements = c.op != ReduceOp::kDot && FindReduction(c.op, c.type).needs_elements;
  if (c.count() == 0 && needs_elements) return;
  const ReduceResult expected = Whole(KernelsFor(Isa::kScalar), c);
  for (const Isa isa : kAllIsas) {
    if (!IsaSupported(isa)) continue;
    const KernelTable& kernels = KernelsFor(isa);
    Expect(SameResult(Whole(kernels, c), expected));
    if (c.op == ReduceOp::kDot || c.count() == 0) continue;
    Expect(SameResult(Apart(kernels, c), expected));
    Expect(SameResult(InChunks(kernels, c), expected));
  }
}

}  // namespace
}  // namespace simd_arena

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  simd_arena::FuzzInput input(data, size);
  simd_arena::Check(simd_arena::ReadCase(&input));
  return 0;
}
