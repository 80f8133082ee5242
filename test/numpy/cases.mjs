// Which operations are compared with numpy on which inputs: every one on every element type.
import * as simdArena from 'simd-arena';

import { reduceOps } from '#internal/tables';

import { formats, makeInputs } from './inputs.mjs';

/**
 * Where the elements are, in bytes, as the options of reductions say it.
 *
 * @typedef {object} Layout
 * @property {number} offset
 * @property {number} stride
 * @property {number} [count]
 *
 * @typedef {object} Case
 * @property {string} op
 * @property {import('./inputs.mjs').Input} input
 * @property {number} [ddof]
 * @property {Layout} [layout]
 */

const spreads = ['variance', 'std'];
/** The operations on one operand. */
export const unaryOps = reduceOps.filter((op) => op !== 'dot');
const unary = unaryOps.filter((op) => !spreads.includes(op));
/** Also as many as there are elements, and more. */
const DDOFS = [0, 1, 2, 3, 5];
const STRIDED_INPUT = 'random 1000';
/** More elements than that input has. */
export const BEYOND_COUNT = 1001;
/** Millions of elements, for what only so many can show. */
const LONG_INPUT = 'beyond 2^53';

/**
 * Fields of records, aligned and not; some elements; more than there are.
 *
 * @param {number} bytes - of an element
 * @returns {Layout[]}
 */
const layoutsOf = (bytes) => [
  { offset: 0, stride: 2 * bytes },
  { offset: bytes, stride: 3 * bytes, count: 100 },
  { offset: 1, stride: bytes },
  { offset: 5, stride: 7 * bytes + 1 },
  { offset: 3 * bytes, stride: bytes, count: 0 },
  { offset: 0, stride: bytes, count: BEYOND_COUNT },
];

/**
 * @param {import('./inputs.mjs').Input} input
 * @returns {Case[]}
 */
function casesOf(input) {
  if (input.name === LONG_INPUT) return [{ op: 'sum', input }];
  const cases = [...unary, 'dot'].map((op) => ({ op, input }));
  const withDdof = spreads.flatMap((op) => DDOFS.map((ddof) => ({ op, input, ddof })));
  if (input.name !== STRIDED_INPUT) return [...cases, ...withDdof];
  const layouts = layoutsOf(formats[input.type].bytes);
  const strided = layouts.flatMap((layout) => [
    ...unary.map((op) => ({ op, input, layout })),
    ...spreads.map((op) => ({ op, input, layout, ddof: 1 })),
  ]);
  return [...cases, ...withDdof, ...strided];
}

/** @returns {Case[]} */
export const makeCases = () => makeInputs().flatMap(casesOf);

/** @param {Case} of */
export function describe({ op, input, ddof, layout }) {
  const options = ddof === undefined && layout === undefined ? '' : ` ${JSON.stringify({ ddof, ...layout })}`;
  return `${op} of ${input.type}, ${input.name}${options}`;
}

/**
 * What this package returns, or undefined for an error.
 *
 * @param {Case} of
 * @returns {(number | bigint)[] | undefined}
 */
export function evaluate({ op, input: { type, data, reversed }, ddof, layout }) {
  const { [op]: reduce } = /** @type {Record<string, any>} */ (simdArena);
  try {
    const result =
      op === 'dot' ? reduce(data, reversed, type) : reduce(data, type, { ...layout, ...(ddof && { ddof }) });
    if (op === 'minmax') return [result.min, result.max];
    return [typeof result === 'boolean' ? Number(result) : result];
  } catch (error) {
    if (error instanceof RangeError && 'code' in error) return undefined;
    throw error;
  }
}
