#include "ops/sum_accumulator.h"

#include <algorithm>
#include <cstring>
#include <limits>

#include "base/int128.h"

namespace simd_arena {

namespace {

constexpr std::uint8_t kHeader[] = {'X', 'S', 'U', 'M', 1};
constexpr std::size_t kKindByte = 5;
constexpr std::size_t kLimbsByte = 8;

/// An IEEE 754 format: a sign bit, an exponent, a fraction. `kPosition` is the bit of limb 0 that its least number has.
/// Of data no longer than kShortLength, each element is added by itself: to clear and to read the buckets takes longer.
struct Binary32 {
  using Bits = std::uint32_t;
  using Bucket = std::uint64_t;
  static constexpr unsigned kFractionBits = 23;
  static constexpr unsigned kExponents = 1u << 8;
  static constexpr unsigned kPosition = 1074 - 149;
  static constexpr std::size_t kShortLength = 256;
};
struct Binary64 {
  using Bits = std::uint64_t;
  using Bucket = Uint128;
  static constexpr unsigned kFractionBits = 52;
  static constexpr unsigned kExponents = 1u << 11;
  static constexpr unsigned kPosition = 0;
  static constexpr std::size_t kShortLength = 4096;
};

template <typename Format>
typename Format::Bits LoadBits(const std::uint8_t* data, std::size_t i) {
  typename Format::Bits bits;
  std::memcpy(&bits, data + i * sizeof(bits), sizeof(bits));
  return bits;
}

template <typename Format>
typename Format::Bits FractionOf(typename Format::Bits bits) {
  return bits & ((typename Format::Bits{1} << Format::kFractionBits) - 1);
}

/// The terms of each sign and exponent: how many, and the sum of their fractions. So a term costs one addition, and the
/// fixed-point number is touched once for each bucket.
///
///   bucket   [ count: kCountBits ][ sum of fractions: kFractionBits + kCountBits ]
///
/// Two tables take turns: terms in a row often share an exponent, and each addition to a bucket waits for the one
/// before. They lie on the stack: 8 KiB for float32, 128 KiB for float64.
template <typename Format>
struct Buckets {
  using Bucket = typename Format::Bucket;
  static constexpr unsigned kCountBits = 20;
  static constexpr unsigned kCountShift = Format::kFractionBits + kCountBits;
  static constexpr std::size_t kMaxTerms = (std::size_t{1} << kCountBits) - 1;
  static constexpr std::size_t kLength = 2 * Format::kExponents;
  static constexpr std::size_t kTables = 2;

  Bucket tables[kTables][kLength] = {};

  void Fill(const std::uint8_t* data, std::size_t n) {
    std::size_t i = 0;
    for (; i + kTables <= n; i += kTables) {
      for (std::size_t table = 0; table < kTables; ++table) Add(table, LoadBits<Format>(data, i + table));
    }
    for (; i < n; ++i) Add(0, LoadBits<Format>(data, i));
  }

  void Add(std::size_t table, typename Format::Bits bits) {
    tables[table][bits >> Format::kFractionBits] += (Bucket{1} << kCountShift) + FractionOf<Format>(bits);
  }
};

double FromBits(std::uint64_t bits) {
  double value;
  std::memcpy(&value, &bits, sizeof(value));
  return value;
}

/// A fixed-point magnitude, of which bit 0 of limb 0 weighs 2^-1074, as the nearest float64, ties to even.
template <std::size_t kLimbs>
double NearestFloat64(const std::uint64_t (&limbs)[kLimbs]) {
  std::size_t top = kLimbs - 1;
  while (top > 0 && limbs[top] == 0) --top;
  // Below 2^53, a fixed-point number is at once the bits of the float64.
  if (top == 0 && limbs[0] >> 53 == 0) return FromBits(limbs[0]);

  const std::size_t lowest = 64 * top + 63 - static_cast<std::size_t>(__builtin_clzll(limbs[top])) - 52;
  const std::size_t limb = lowest / 64;
  const std::uint64_t above = limb < top ? limbs[limb + 1] : 0;
  const auto significand = static_cast<std::uint64_t>(((Uint128{above} << 64) + limbs[limb]) >> (lowest % 64));
  // The significand's leading one adds 1 to the exponent.
  std::uint64_t bits = (std::uint64_t{lowest} << 52) + (significand & ((std::uint64_t{1} << 53) - 1));

  const std::size_t half = lowest - 1;
  const std::uint64_t below = limbs[half / 64] & ((std::uint64_t{1} << (half % 64)) - 1);
  const auto is_zero = [](std::uint64_t x) { return x == 0; };
  const bool is_tie = below == 0 && std::all_of(limbs, limbs + half / 64, is_zero);
  const bool has_half = (limbs[half / 64] >> (half % 64) & 1) != 0;
  if (has_half && (!is_tie || bits % 2 == 1)) ++bits;  // may carry into the exponent, up to infinity
  constexpr std::uint64_t kInfinity = std::uint64_t{0x7FF} << 52;
  return FromBits(std::min(bits, kInfinity));
}

}  // namespace

struct SumAccumulator::Terms {
  Limb magnitudes[2][kLimbs] = {};
  Kind kind = Kind::kEmpty;

  template <typename Format>
  void AddEach(const std::uint8_t* data, std::size_t n) {
    for (std::size_t i = 0; i < n; ++i) {
      const auto bits = LoadBits<Format>(data, i);
      AddBucket<Format>(bits >> Format::kFractionBits, FractionOf<Format>(bits), 1);
    }
  }

  template <typename Format>
  void AddByBuckets(const std::uint8_t* data, std::size_t n) {
    using Table = Buckets<Format>;
    while (n > 0) {
      const std::size_t terms = std::min(n, Table::kMaxTerms);
      Table buckets;
      buckets.Fill(data, terms);
      for (const auto& table : buckets.tables) {
        for (std::size_t i = 0; i < Table::kLength; ++i) {
          const auto count = static_cast<std::uint64_t>(table[i] >> Table::kCountShift);
          const auto fractions = table[i] & ((typename Format::Bucket{1} << Table::kCountShift) - 1);
          if (count != 0) AddBucket<Format>(i, fractions, count);
        }
      }
      data += terms * sizeof(typename Format::Bits);
      n -= terms;
    }
  }

 private:
  /// Adds `count` terms with the sign and the exponent of bucket `index`, whose fractions add up to `fractions`.
  template <typename Format>
  void AddBucket(std::size_t index, Uint128 fractions, std::uint64_t count) {
    const bool negative = index >= Format::kExponents;
    const std::size_t exponent = index % Format::kExponents;
    if (exponent == Format::kExponents - 1) {
      const Kind infinity = negative ? Kind::kMinusInfinity : Kind::kPlusInfinity;
      kind = Combine(kind, fractions == 0 ? infinity : Kind::kNaN);
      return;
    }
    const std::uint64_t leading_ones = exponent == 0 ? 0 : count;
    const Uint128 sum = (Uint128{leading_ones} << Format::kFractionBits) + fractions;
    kind = Combine(kind, sum == 0 && negative ? Kind::kMinusZero : Kind::kFinite);
    Limb* magnitude = magnitudes[negative ? 1 : 0];
    const std::size_t position = Format::kPosition + (exponent == 0 ? 0 : exponent - 1);
    AddAt(magnitude, position, static_cast<Limb>(sum));
    if (count > 1) AddAt(magnitude, position + 64, static_cast<Limb>(sum >> 64));  // one term has 53 bits
  }

  /// limbs += value * 2^position, which they can hold.
  static void AddAt(Limb* limbs, std::size_t position, Limb value) {
    Limb* limb = limbs + position / 64;
    const Uint128 shifted = Uint128{value} << (position % 64);
    const Uint128 low = Uint128{limb[0]} + static_cast<Limb>(shifted);
    const Uint128 high = Uint128{limb[1]} + static_cast<Limb>(shifted >> 64) + static_cast<Limb>(low >> 64);
    limb[0] = static_cast<Limb>(low);
    limb[1] = static_cast<Limb>(high);
    auto carry = static_cast<Limb>(high >> 64);
    for (limb += 2; carry != 0; ++limb) carry = ++*limb == 0 ? 1 : 0;
  }
};

Status SumAccumulator::AddF32(const void* data, std::size_t n) { return Add<Binary32>(data, n); }

Status SumAccumulator::AddF64(const void* data, std::size_t n) { return Add<Binary64>(data, n); }

template <typename Format>
Status SumAccumulator::Add(const void* data, std::size_t n) {
  Terms terms;
  const auto* bytes = static_cast<const std::uint8_t*>(data);
  if (n <= Format::kShortLength) {
    terms.AddEach<Format>(bytes, n);
  } else {
    terms.AddByBuckets<Format>(bytes, n);
  }
  Limb difference[kLimbs];
  Limb borrow = 0;
  for (std::size_t i = 0; i < kLimbs; ++i) {
    const Uint128 limb = Uint128{terms.magnitudes[0][i]} - terms.magnitudes[1][i] - borrow;
    difference[i] = static_cast<Limb>(limb);
    borrow = static_cast<Limb>(limb >> 64) & 1;
  }
  return Add(difference, terms.kind);
}

Status SumAccumulator::Merge(const SumAccumulator& other) { return Add(other.limbs_, other.kind_); }

/// Adds a number in two's complement.
Status SumAccumulator::Add(const Limb* limbs, Kind kind) {
  const Kind combined = Combine(kind_, kind);
  Limb sums[kLimbs] = {};
  if (combined == Kind::kFinite) {
    Limb carry = 0;
    for (std::size_t i = 0; i < kLimbs; ++i) {
      const Uint128 sum = Uint128{limbs_[i]} + limbs[i] + carry;
      sums[i] = static_cast<Limb>(sum);
      carry = static_cast<Limb>(sum >> 64);
    }
    // Both terms have the sign that the sum has not.
    constexpr std::size_t kTop = kLimbs - 1;
    if (((limbs_[kTop] ^ sums[kTop]) & (limbs[kTop] ^ sums[kTop])) >> 63 != 0) return Status::kOutOfRange;
  }
  std::copy(sums, sums + kLimbs, limbs_);
  kind_ = combined;
  return Status::kOk;
}

SumAccumulator::Kind SumAccumulator::Combine(Kind a, Kind b) {
  const Kind greater = std::max(a, b);
  return greater == Kind::kPlusInfinity && std::min(a, b) == Kind::kMinusInfinity ? Kind::kNaN : greater;
}

double SumAccumulator::Round() const {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  switch (kind_) {
    case Kind::kEmpty:
      return 0.0;
    case Kind::kMinusZero:
      return -0.0;
    case Kind::kFinite:
      break;
    case Kind::kMinusInfinity:
      return -kInfinity;
    case Kind::kPlusInfinity:
      return kInfinity;
    case Kind::kNaN:
      return std::numeric_limits<double>::quiet_NaN();
  }
  if (limbs_[kLimbs - 1] >> 63 == 0) return NearestFloat64(limbs_);
  Limb magnitude[kLimbs];
  Limb carry = 1;
  for (std::size_t i = 0; i < kLimbs; ++i) {
    magnitude[i] = ~limbs_[i] + carry;
    if (magnitude[i] != 0) carry = 0;
  }
  return -NearestFloat64(magnitude);
}

void SumAccumulator::Encode(std::uint8_t* bytes) const {
  std::memset(bytes, 0, kEncodedBytes);
  std::memcpy(bytes, kHeader, sizeof(kHeader));
  bytes[kKindByte] = static_cast<std::uint8_t>(kind_);
  for (std::size_t i = 0; i < 8 * kLimbs; ++i) {
    bytes[kLimbsByte + i] = static_cast<std::uint8_t>(limbs_[i / 8] >> (8 * (i % 8)));
  }
}

Status SumAccumulator::Decode(const std::uint8_t* bytes, std::size_t n, SumAccumulator* sum) {
  if (n != kEncodedBytes) return Status::kInvalidAccumulator;
  std::uint8_t encoded[kEncodedBytes];  // another thread may write to the bytes
  std::memcpy(encoded, bytes, kEncodedBytes);
  if (encoded[kKindByte] > static_cast<std::uint8_t>(Kind::kNaN)) return Status::kInvalidAccumulator;
  SumAccumulator decoded;
  decoded.kind_ = static_cast<Kind>(encoded[kKindByte]);
  if (decoded.kind_ == Kind::kFinite) {
    for (std::size_t i = 0; i < 8 * kLimbs; ++i) {
      decoded.limbs_[i / 8] |= Limb{encoded[kLimbsByte + i]} << (8 * (i % 8));
    }
  }
  std::uint8_t canonical[kEncodedBytes];
  decoded.Encode(canonical);
  if (std::memcmp(encoded, canonical, kEncodedBytes) != 0) return Status::kInvalidAccumulator;
  *sum = decoded;
  return Status::kOk;
}

}  // namespace simd_arena
