// Prints one hash for each kernel, over many lengths, offsets and kinds of data, so that machines and instruction sets
// can be compared: `simd_arena_isa_hash [name]`. Without a name, SIMD_ARENA_ISA or the best instruction set. The output
// is the same everywhere; the instruction set that ran goes to stderr.
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "base/cpu_features.h"
#include "kernels/dispatch.h"
#include "support/random.h"
#include "support/result_bits.h"

namespace simd_arena {
namespace {

constexpr std::size_t kElementSize = 8;  // the largest; kernels of smaller elements use the first bytes
constexpr std::size_t kOffsets = 64;
constexpr std::size_t kShortLengths = 300;
constexpr std::size_t kLongLengths[] = {511,   512,   1000,  1023,  4096,  8159,  8160,  8191,  8192,  8193,
                                        8223,  8224,  8225,  10000, 16383, 16384, 16385, 16389, 20011, 24575,
                                        24576, 24577, 32768, 32771, 40000, 49153, 65535, 65536, 65537, 70001};
constexpr std::size_t kMaxLength = 70001;

using Words = std::vector<std::uint64_t>;

/// Finite float64 values of both signs between 2^-127 and 2, as float32 values between 2^-63 and 2.
std::uint64_t FiniteWord(Random* random) { return (random->Next() & 0xBFFFFFFFBFFFFFFFu) | 0x3800000020000000u; }

/// Any bits: subnormals, infinities and NaN too.
std::uint64_t AnyWord(Random* random) { return random->Next(); }

/// Zeros of both signs, and now and then something else.
std::uint64_t SparseWord(Random* random) {
  const std::uint64_t bits = random->Next();
  return bits % 97 == 0 ? bits : bits & 0x8000800080008000u;
}

/// No zero byte, but now and then a zero.
std::uint64_t DenseWord(Random* random) {
  const std::uint64_t bits = random->Next();
  return bits % 97 == 0 ? 0 : bits | 0x0101010101010101u;
}

constexpr std::uint64_t (*kKinds[])(Random*) = {FiniteWord, AnyWord, SparseWord, DenseWord};

/// FNV-1a over the bytes of results.
class Hash {
 public:
  void Add(std::uint64_t bits) {
    for (int byte = 0; byte < 8; ++byte) state_ = (state_ ^ (bits >> (8 * byte) & 0xFF)) * 0x100000001B3u;
  }
  template <std::size_t kSize>
  void Add(const std::array<std::uint64_t, kSize>& results) {
    for (std::uint64_t bits : results) Add(bits);
  }
  std::uint64_t value() const { return state_; }

 private:
  std::uint64_t state_ = 0xCBF29CE484222325u;
};

/// Hashes what `call(data, n)` returns; `most` is the greatest n that it takes.
template <typename Call>
std::uint64_t HashCalls(std::size_t most, Call call) {
  Hash hash;
  std::vector<std::uint8_t> memory(kMaxLength * kElementSize + kOffsets);
  for (auto draw : kKinds) {
    Random random(1);
    Words words(kMaxLength + kOffsets);
    for (std::uint64_t& word : words) word = draw(&random);
    for (std::size_t offset = 0; offset < kOffsets; ++offset) {
      std::uint8_t* data = memory.data() + offset;
      std::memcpy(data, words.data() + offset, kMaxLength * kElementSize);  // other elements at each offset
      for (std::size_t n = 1; n <= kShortLengths; ++n) hash.Add(call(data, n));
      if (offset % 21 != 0) continue;
      for (std::size_t n : kLongLengths) {
        if (n <= most) hash.Add(call(data, n));
      }
    }
  }
  return hash.value();
}

template <typename Result>
std::uint64_t HashKernel(Result (*kernel)(const std::uint8_t*, std::size_t)) {
  constexpr std::size_t kMost = std::is_same<Result, Moments>::value ? kMomentsChunk : kMaxLength;
  return HashCalls(kMost, [&](const std::uint8_t* data, std::size_t n) { return ResultBits(kernel(data, n)); });
}

/// The other operand is the same memory, from a later element on.
template <typename Result>
std::uint64_t HashKernel(Result (*kernel)(const std::uint8_t*, const std::uint8_t*, std::size_t)) {
  return HashCalls(kMaxLength - 1, [&](const std::uint8_t* data, std::size_t n) {
    return ResultBits(kernel(data, data + kElementSize, n));
  });
}
/// All that is specified of a sum under way.
std::array<std::uint64_t, 35> StateBits(const RunningSum& sum) {
  std::array<std::uint64_t, 35> bits = {sum.position, ResultBits(sum.sum), ResultBits(sum.error)};
  for (std::size_t l = 0; l < 32 && sum.position > 0; ++l) bits[3 + l] = ResultBits(sum.lanes[l]);
  return bits;
}

/// The sum goes on with the same elements once more.
template <typename Add>
std::uint64_t HashAdding(Add add) {
  return HashCalls(kMaxLength, [&](const std::uint8_t* data, std::size_t n) {
    RunningSum sum{};
    add(&sum, data, n / kSumBlock * kSumBlock);
    add(&sum, data, n);
    return StateBits(sum);
  });
}

std::uint64_t HashKernel(AddFloats* kernel) { return HashAdding(kernel); }

std::uint64_t HashKernel(AddSquares* kernel) {
  return HashAdding([&](RunningSum* sum, const std::uint8_t* data, std::size_t n) { kernel(sum, data, n, 1.0); });
}

/// Of lanes that are the data.
std::uint64_t HashKernel(TotalOfSum* kernel) {
  return HashCalls(kMaxLength, [&](const std::uint8_t* data, std::size_t n) {
    RunningSum sum{};
    std::memcpy(sum.lanes, data, sizeof(sum.lanes));
    sum.position = n % 3 == 0 ? 0 : kSumBlock;
    sum.sum = static_cast<double>(n);
    return ResultBits(kernel(sum));
  });
}

/// Looks for the element in the middle, whatever its size.
std::uint64_t HashKernel(FindElement* kernel) {
  return HashCalls(kMaxLength, [&](const std::uint8_t* data, std::size_t n) {
    std::array<std::uint64_t, 4> found{};
    for (std::size_t shift = 0; shift < found.size(); ++shift) {
      const std::size_t size = std::size_t{1} << shift;
      std::uint64_t bits = 0;
      std::memcpy(&bits, data + n / 2 * size, size);
      found[shift] = kernel(data, n, bits);
    }
    return found;
  });
}

std::uint64_t HashKernel(PackElements* kernel) {
  return HashCalls(kShortLengths, [&](const std::uint8_t* data, std::size_t n) {
    Hash hash;
    for (std::size_t size : {1, 2, 4, 8}) {
      for (std::size_t stride : {size, size + 1, 2 * size, 3 * size}) {
        std::vector<std::uint64_t> out(n * size / sizeof(std::uint64_t) + 1);
        kernel(data, stride, size, n, reinterpret_cast<std::uint8_t*>(out.data()));
        for (std::uint64_t word : out) hash.Add(word);
      }
    }
    return hash.value();
  });
}

int Main(const char* name) {
  Isa isa;
  if (ParseIsa(name, &isa) != Status::kOk) {
    std::fprintf(stderr, "unknown or unsupported instruction set: %s\n", name);
    return 1;
  }
  std::fprintf(stderr, "%s\n", IsaName(isa));
  const KernelTable& kernels = KernelsFor(isa);
#define KERNEL(member, Function, Type) \
  std::printf("%016llx  " #member "\n", static_cast<unsigned long long>(HashKernel(kernels.member)));
#include "kernels/kernel.def"
#undef KERNEL
  return 0;
}

}  // namespace
}  // namespace simd_arena

int main(int argc, char** argv) { return simd_arena::Main(argc > 1 ? argv[1] : std::getenv("SIMD_ARENA_ISA")); }
