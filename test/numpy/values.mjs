// Values as the oracle writes them, and how far apart two of them are.

/** @typedef {number | bigint} Value */

const EPSILON = 2 ** -52;

/**
 * Integers are bigints, floats are numbers.
 *
 * @param {string} text
 * @returns {Value}
 */
export function decode(text) {
  return text.startsWith('0x') ? Buffer.from(text.slice(2), 'hex').readDoubleBE() : BigInt(text);
}

/**
 * Units in the last place of `scale`; 0 for the same value, infinitely many for another kind of value.
 *
 * @param {Value} a
 * @param {Value} b
 * @param {number} scale - the magnitude that rounding errors relate to; 0: there are none
 */
export function distance(a, b, scale) {
  if (typeof a === 'bigint' || typeof b === 'bigint') return a == b ? 0 : Infinity;
  if (Object.is(a, b)) return 0;
  if (!Number.isFinite(a) || !Number.isFinite(b) || scale === 0) return Infinity;
  // Beyond the smallest normal number, units get no smaller.
  return Math.abs(a - b) / Math.max(EPSILON * Math.min(scale, Number.MAX_VALUE), Number.MIN_VALUE);
}
