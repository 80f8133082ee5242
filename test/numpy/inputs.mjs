// The data on which reductions are compared with numpy: for every element type, named inputs, as the exact bits of elements.

/** Numbers of elements around the widths of registers, blocks and the path for short inputs. */
const LENGTHS = [2, 3, 7, 15, 16, 17, 33, 64, 100, 1000];
/** More than a few chunks of any kernel. */
const LARGE_LENGTH = 100_003;
/** A prime, so that repetitions of a pattern meet other lanes. */
const PATTERN_LENGTH = 4099;
/** As many of the greatest uint32 have a sum that float64 cannot hold. */
const BEYOND_LENGTH = 2 ** 21 + 3;

/**
 * @typedef {object} FloatFormat
 * @property {number} mantissaBits
 * @property {number} exponentBits
 *
 * @typedef {object} IntegerFormat
 * @property {boolean} isSigned
 *
 * @typedef {{ bytes: number } & (FloatFormat | IntegerFormat)} Format
 */

/** @type {Readonly<Record<string, Format>>} */
export const formats = {
  f16: { bytes: 2, mantissaBits: 10, exponentBits: 5 },
  bf16: { bytes: 2, mantissaBits: 7, exponentBits: 8 },
  f32: { bytes: 4, mantissaBits: 23, exponentBits: 8 },
  f64: { bytes: 8, mantissaBits: 52, exponentBits: 11 },
  i8: { bytes: 1, isSigned: true },
  u8: { bytes: 1, isSigned: false },
  i16: { bytes: 2, isSigned: true },
  u16: { bytes: 2, isSigned: false },
  i32: { bytes: 4, isSigned: true },
  u32: { bytes: 4, isSigned: false },
  i64: { bytes: 8, isSigned: true },
  u64: { bytes: 8, isSigned: false },
  bool: { bytes: 1, isSigned: false },
};

/**
 * Numbers from 0 to 1, the same in every run (mulberry32).
 *
 * @param {number} seed
 * @returns {() => number}
 */
function makeRandom(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let bits = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * @template Element
 * @param {number} length
 * @param {(index: number) => Element} element
 */
const make = (length, element) => Array.from({ length }, (_, index) => element(index));

/**
 * @param {number} length
 * @param {(index: number) => bigint} element
 */
function makeLarge(length, element) {
  const pattern = make(PATTERN_LENGTH, element);
  return make(length, (index) => pattern[index % PATTERN_LENGTH]);
}

/**
 * @param {readonly bigint[]} elements
 * @param {Readonly<Record<number, bigint>>} others - by index
 */
const replace = (elements, others) => elements.map((element, index) => others[index] ?? element);

/**
 * What the floats of a format are made of.
 *
 * @param {FloatFormat} format
 * @param {() => number} random
 */
function floatsOf({ mantissaBits, exponentBits }, random) {
  const bias = 2 ** (exponentBits - 1) - 1;
  const sign = 1n << BigInt(mantissaBits + exponentBits);
  /** @param {number} share - of the mantissa, from 0 to 1 */
  const mantissa = (share) => BigInt(Math.floor(share * 2 ** mantissaBits));
  /**
   * @param {number} exponent
   * @param {number} [share]
   */
  const power = (exponent, share = 0) => (BigInt(exponent + bias) << BigInt(mantissaBits)) | mantissa(share);
  const infinity = power(bias + 1);
  return {
    bias,
    power,
    infinity,
    zero: 0n,
    one: power(0),
    nan: power(bias + 1, 0.5),
    largest: infinity - 1n,
    least: 1n,
    leastNormal: power(1 - bias),
    subnormal: () => mantissa(random()),
    /** @param {bigint} element */
    negative: (element) => element ^ sign,
    /** @param {bigint} element */
    anySign: (element) => (random() < 0.5 ? element : element ^ sign),
    /** Of any sign, over eight powers of two. */
    any: () => power(Math.floor(random() * 8) - 4, random()) | (random() < 0.5 ? 0n : sign),
  };
}

/**
 * @param {FloatFormat} format
 * @param {() => number} random
 * @returns {Record<string, bigint[]>}
 */
function floatInputs(format, random) {
  const floats = floatsOf(format, random);
  const { bias, power, infinity, zero, one, nan, largest, least, leastNormal, negative, any } = floats;
  const minusZero = negative(zero);
  const some = make(40, any);
  const half = make(500, any);
  const farExponent = Math.floor(bias * 0.6);
  return {
    nothing: [],
    one: [one],
    ...Object.fromEntries(LENGTHS.map((n) => [`random ${n}`, make(n, any)])),
    'positive 1000': make(1000, () => power(Math.floor(random() * 8) - 4, random())),
    'cancelling 1000': [...half, ...half.map(negative)],
    'far from 0': make(1000, () => power(6, 0.5 + random() / 16)),
    'all equal': make(1000, () => power(-4, 0.6)),
    'NaN first': replace(some, { 0: nan }),
    'NaN in the middle': replace(some, { 21: nan }),
    'NaN last': replace(some, { 39: nan }),
    'NaN with a minus sign': replace(some, { 8: negative(nan) }),
    'NaN twice': replace(some, { 11: nan, 30: negative(nan) }),
    'NaN after infinity': replace(some, { 3: infinity, 4: negative(infinity), 19: nan }),
    'only NaN': [nan],
    infinity: replace(some, { 17: infinity }),
    'minus infinity': replace(some, { 17: negative(infinity) }),
    'both infinities': replace(some, { 17: infinity, 23: negative(infinity) }),
    zeros: make(100, () => zero),
    'zeros but one': replace(
      make(100, () => zero),
      { 77: one },
    ),
    'only -0': make(3, () => minusZero),
    '+0, -0': [zero, minusZero],
    '-0, +0': [minusZero, zero],
    'both zeros, 100': make(100, (index) => (index % 3 === 0 ? zero : minusZero)),
    'least subnormal': [least],
    'subnormals 100': make(100, () => floats.anySign(floats.subnormal())),
    'around the least normal': make(100, (index) => leastNormal - 50n + BigInt(index)),
    largest: [largest, largest],
    'largest, its negative, 1': [largest, negative(largest), one],
    'huge 100': make(100, () => power(farExponent, random())),
    'tiny 100': make(100, () => power(-farExponent, random())),
    large: makeLarge(LARGE_LENGTH, any),
  };
}

/**
 * @param {IntegerFormat & { bytes: number }} format
 * @param {() => number} random
 * @returns {Record<string, bigint[]>}
 */
function integerInputs({ bytes, isSigned }, random) {
  const bits = 8 * bytes;
  const word = () => BigInt(Math.floor(random() * 2 ** 32));
  const any = () => BigInt.asUintN(bits, (word() << 32n) | word());
  const least = isSigned ? 1n << BigInt(bits - 1) : 0n;
  const largest = BigInt.asUintN(bits, least - 1n);
  return {
    nothing: [],
    one: [1n],
    ...Object.fromEntries(LENGTHS.map((n) => [`random ${n}`, make(n, any)])),
    zeros: make(100, () => 0n),
    'zeros but one': replace(
      make(100, () => 0n),
      { 77: 1n },
    ),
    ties: make(100, (index) => BigInt((index * 7) % 3)),
    'least and largest': [least, largest],
    'largest 100': make(100, () => largest),
    'least 100': make(100, () => least),
    'largest but one': replace(
      make(100, () => largest),
      { 99: largest - 1n },
    ),
    large: makeLarge(LARGE_LENGTH, any),
  };
}

/**
 * @param {readonly bigint[]} elements
 * @param {number} bytes - of one element
 */
function encode(elements, bytes) {
  const wide = BigUint64Array.from(elements);
  const encoded = Buffer.alloc(elements.length * bytes);
  const source = Buffer.from(wide.buffer);
  for (let i = 0; i < elements.length; i++) source.copy(encoded, i * bytes, i * 8, i * 8 + bytes);
  return encoded;
}

/**
 * @typedef {object} Input
 * @property {string} type
 * @property {string} name
 * @property {Buffer} data
 * @property {Buffer} reversed - the other operand of a dot product
 */

/** @returns {Input[]} the inputs of all types */
export function makeInputs() {
  return Object.entries(formats).flatMap(([type, format], seed) => {
    const random = makeRandom(seed);
    const inputs = 'isSigned' in format ? integerInputs(format, random) : floatInputs(format, random);
    if (type === 'u32') inputs['beyond 2^53'] = make(BEYOND_LENGTH, () => 2n ** 32n - 1n);
    return Object.entries(inputs).map(([name, elements]) => ({
      type,
      name,
      data: encode(elements, format.bytes),
      reversed: encode(elements.toReversed(), format.bytes),
    }));
  });
}
