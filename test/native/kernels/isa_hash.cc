// Prints one hash for each kernel, over many lengths, offsets and kinds of data, so that machines and instruction sets
// can be compared: `simd_arena_isa_hash [name]`. Without a name, SIMD_ARENA_ISA or the best instruction set. The output
// is the same everywhere; the instruction set that ran goes to stderr.
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

using Words = std::vector<std::uint32_t>;

/// Finite float32 values of both signs between 2^-30 and 2^30.
std::uint32_t FiniteWord(Random* random) {
  const std::uint64_t bits = random->Next();
  const auto exponent = static_cast<std::uint32_t>(97 + (bits >> 32) % 60);
  return (static_cast<std::uint32_t>(bits) & 0x807FFFFFu) | (exponent << 23);
}

/// Any bits: subnormals, infinities and NaN too.
std::uint32_t AnyWord(Random* random) { return static_cast<std::uint32_t>(random->Next()); }

/// Zeros of both signs, and now and then something else.
std::uint32_t SparseWord(Random* random) {
  const std::uint64_t bits = random->Next();
  return bits % 97 == 0 ? static_cast<std::uint32_t>(bits >> 32) : static_cast<std::uint32_t>(bits) & 0x80000000u;
}

/// No zero byte, but now and then a zero.
std::uint32_t DenseWord(Random* random) {
  const std::uint64_t bits = random->Next();
  return bits % 97 == 0 ? 0 : static_cast<std::uint32_t>(bits >> 32) | 0x01010101u;
}

constexpr std::uint32_t (*kKinds[])(Random*) = {FiniteWord, AnyWord, SparseWord, DenseWord};

/// FNV-1a over the bytes of results.
class Hash {
 public:
  void Add(std::uint64_t bits) {
    for (int byte = 0; byte < 8; ++byte) state_ = (state_ ^ (bits >> (8 * byte) & 0xFF)) * 0x100000001B3u;
  }
  void Add(const TwoWords& words) {
    for (std::uint64_t word : words) Add(word);
  }
  std::uint64_t value() const { return state_; }

 private:
  std::uint64_t state_ = 0xCBF29CE484222325u;
};

/// What a kernel is called on; both parts have kMaxLength elements.
struct Input {
  const std::uint8_t* data;
  const std::uint8_t* other;
};

// Adds what a kernel of some type makes of the first `n` elements.

template <typename Result>
void AddResult(Hash* hash, Result (*kernel)(const std::uint8_t*, std::size_t), const Input& input, std::size_t n) {
  hash->Add(ResultBits(kernel(input.data, n)));
}

void AddResult(Hash* hash, ExtremesOfElements* kernel, const Input& input, std::size_t n) {
  if (n > 0) hash->Add(ResultBits(kernel(input.data, n)));
}

template <typename Result>
void AddResult(Hash* hash, Result (*kernel)(const std::uint8_t*, const std::uint8_t*, std::size_t), const Input& input,
               std::size_t n) {
  hash->Add(ResultBits(kernel(input.data, input.other, n)));
}

/// Looks for the element in the middle, whatever its size.
void AddResult(Hash* hash, FindElement* kernel, const Input& input, std::size_t n) {
  for (std::size_t size : {1, 2, 4, 8}) {
    std::uint64_t bits = 0;
    std::memcpy(&bits, input.data + n / 2 * size, size);
    hash->Add(ResultBits(kernel(input.data, n, bits)));
  }
}

void AddResult(Hash* hash, PackElements* kernel, const Input& input, std::size_t n) {
  if (n > kShortLengths) return;
  for (std::size_t size : {1, 2, 4, 8}) {
    for (std::size_t stride : {size, size + 1, 2 * size, 3 * size}) {
      std::vector<std::uint64_t> out(n * size / sizeof(std::uint64_t) + 1);
      kernel(input.data, stride, size, n, reinterpret_cast<std::uint8_t*>(out.data()));
      for (std::uint64_t word : out) hash->Add(word);
    }
  }
}

template <typename Kernel>
std::uint64_t HashKernel(Kernel* kernel) {
  Hash hash;
  std::vector<std::uint8_t> memory(kMaxLength * kElementSize + kOffsets);
  for (auto draw : kKinds) {
    Random random(1);
    Words words(kMaxLength * kElementSize / sizeof(std::uint32_t) + kOffsets);
    for (std::uint32_t& word : words) word = draw(&random);
    for (std::size_t offset = 0; offset < kOffsets; ++offset) {
      std::uint8_t* data = memory.data() + offset;
      std::memcpy(data, words.data() + offset, kMaxLength * kElementSize);  // other elements at each offset
      const Input input{data, reinterpret_cast<const std::uint8_t*>(words.data())};
      for (std::size_t n = 0; n <= kShortLengths; ++n) AddResult(&hash, kernel, input, n);
      if (offset % 21 != 0) continue;
      for (std::size_t n : kLongLengths) AddResult(&hash, kernel, input, n);
    }
  }
  return hash.value();
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
