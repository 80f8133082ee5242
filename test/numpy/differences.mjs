// Where numpy and this package differ on purpose: the one table, which docs/numerics.md repeats.
import { BEYOND_COUNT, unaryOps } from './cases.mjs';
import { formats } from './inputs.mjs';

/** @typedef {import('./cases.mjs').Case} Case */

/**
 * @typedef {object} Difference
 * @property {string} what
 * @property {string} numpy
 * @property {string} here
 * @property {readonly string[]} ops - all of them differ
 * @property {readonly string[]} types - for all of these
 * @property {(of: Case) => boolean} where - somewhere in this, and nowhere else
 */

const floats = ['f16', 'bf16', 'f32', 'f64'];
const wideIntegers = ['i64', 'u64'];
const integers = ['i8', 'u8', 'i16', 'u16', 'i32', 'u32', ...wideIntegers];
const all = Object.keys(formats);

/** @param {Case} of */
const lengthOf = ({ input: { type, data }, layout }) => layout?.count ?? data.length / formats[type].bytes;

/**
 * @param {...string} names
 * @returns {(of: Case) => boolean}
 */
const inputs =
  (...names) =>
  ({ input }) =>
    names.includes(input.name);

const isOfZeros = inputs('+0, -0', '-0, +0', 'both zeros, 100', 'only -0');
/** @param {Case} of */
const isBeyondEnd = ({ layout }) => layout?.count === BEYOND_COUNT;
const hasExtremeSquares = inputs(
  'least subnormal',
  'subnormals 100',
  'around the least normal',
  'largest',
  'largest, its negative, 1',
  'huge 100',
  'tiny 100',
);

/** @type {readonly Difference[]} */
export const differences = [
  {
    what: '`sum`, `mean`, `dot`, `norm`, `variance`, `std` of `f16` and `f32`',
    numpy: 'rounded to the element type, with its range: `inf` beyond it',
    here: 'float64',
    ops: ['sum', 'mean', 'dot', 'norm', 'variance', 'std'],
    types: ['f16', 'f32'],
    where: (of) => (of.ddof ?? 0) < lengthOf(of) && !isOfZeros(of) && !isBeyondEnd(of),
  },
  {
    what: '`sum` of `i64` and `u64` beyond their range',
    numpy: 'wraps around',
    here: 'exact, a bigint',
    ops: ['sum'],
    types: wideIntegers,
    where: (of) => lengthOf(of) > 1,
  },
  {
    what: '`dot` of integers beyond their range, 127 for `i8`',
    numpy: 'wraps around in the element type',
    here: 'exact, then as `sum`',
    ops: ['dot'],
    types: integers,
    where: (of) => lengthOf(of) > 1,
  },
  {
    what: '`dot` of `bool`',
    numpy: 'whether any pair is true',
    here: 'how many pairs are true',
    ops: ['dot'],
    types: ['bool'],
    where: (of) => lengthOf(of) > 1,
  },
  {
    what: '`sum` of integers up to 32 bits, beyond 2^53',
    numpy: 'exact up to 2^63 or 2^64',
    here: 'the nearest float64',
    ops: ['sum'],
    types: ['u32'],
    where: inputs('beyond 2^53'),
  },
  {
    what: '`norm` of `f64` whose squares over- or underflow',
    numpy: '`inf`, `0`, or a few digits',
    here: 'the norm',
    ops: ['norm'],
    types: ['f64'],
    // Fields of records that are read at odd offsets are of any magnitude.
    where: (of) => hasExtremeSquares(of) || (of.layout !== undefined && !isBeyondEnd(of)),
  },
  {
    what: '`argmin`, `argmax` among `-0` and `+0`',
    numpy: 'equal: the first',
    here: '`-0` is less than `+0`',
    ops: ['argmin', 'argmax'],
    types: floats,
    where: isOfZeros,
  },
  {
    what: '`min`, `max` of `-0` and `+0`',
    numpy: 'either, as they come',
    here: '`-0` is less than `+0`',
    ops: ['min', 'max', 'minmax'],
    types: floats,
    where: isOfZeros,
  },
  {
    what: '`sum`, `mean`, `dot` where every term is `-0`',
    numpy: '`0`',
    here: '`-0`',
    ops: ['sum', 'mean', 'dot'],
    types: floats,
    where: isOfZeros,
  },
  {
    what: '`mean`, `variance`, `std` of nothing',
    numpy: '`nan` and a warning',
    here: '`NaN`',
    ops: ['mean', 'variance', 'std'],
    types: all,
    where: (of) => lengthOf(of) === 0,
  },
  {
    what: '`variance`, `std` with `ddof` ≥ n',
    numpy: '`inf` or `nan`, and a warning',
    here: '`NaN`',
    ops: ['variance', 'std'],
    types: all,
    where: (of) => lengthOf(of) > 0 && (of.ddof ?? 0) >= lengthOf(of),
  },
  {
    what: 'elements beyond the end of the data',
    numpy: 'a slice has as many as there are',
    here: '`RangeError`, `ERR_OUT_OF_RANGE`',
    ops: unaryOps,
    types: all,
    where: isBeyondEnd,
  },
];
