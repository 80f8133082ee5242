// Arrays to reduce: a random pattern, repeated, so that long ones are made in no time.

/** Longer than what branch prediction or a cache of the first level learns. */
const PATTERN_LENGTH = 65536;

/** @type {Readonly<Record<string, () => number>>} */
const fills = {
  /** Between -1 and 1. */
  floats: () => Math.random() * 2 - 1,
  /** All over the range. */
  integers: () => (Math.random() - 0.5) * 2 ** 32,
  bytes: () => Math.random() * 256,
  /** Half of them 0. */
  flags: () => Math.random() * 2,
  ones: () => 1,
  zeros: () => 0,
};

/**
 * Written to from end to end: pages that nobody has written to are all one page, which the cache holds.
 *
 * @template {Float32Array | Float64Array | Int32Array | Uint8Array} View
 * @param {new (length: number) => View} type
 * @param {number} length
 * @param {string} fill
 * @returns {View}
 */
export function makeArray(type, length, fill) {
  const array = new type(length);
  const patternLength = Math.min(length, PATTERN_LENGTH);
  for (let i = 0; i < patternLength; i++) array[i] = fills[fill]();
  for (let i = patternLength; i < length; i += patternLength) {
    array.copyWithin(i, 0, Math.min(patternLength, length - i));
  }
  return array;
}
