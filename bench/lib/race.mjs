// Races one reduction against what else does the same: loops, what Node.js has, packages, numpy, and the speed of memory.
import * as simdArena from 'simd-arena';

import { makeArray } from './data.mjs';
import { measure } from './measure.mjs';
import { load, packages } from './packages.mjs';
import { timeNumpy } from './time-numpy.mjs';

/** Different inputs in turn, as far as they are small. */
const MAX_INPUTS = 8;
const INPUT_BYTES = 2 ** 20;
/** Calls with short inputs, so that functions are optimized. */
const WARM_UP_LENGTH = 256;
const WARM_UP_CALLS = 10_000;
const WARM_UP_MILLISECONDS = 50;
/** Each size is measured in several processes, each of which has one round. */
const ROUNDS = 1;

/** @typedef {import('./loops.mjs').Numbers} Numbers */
/** @typedef {(...operands: any[]) => number | boolean} Reduce */

/**
 * @typedef {object} Case
 * @property {(new (n: number) => Numbers) & { BYTES_PER_ELEMENT: number }} type
 * @property {string} fill - see data.mjs
 * @property {number} [operands] - default: 1
 * @property {Reduce} loop
 * @property {Readonly<Record<string, (x: Buffer) => boolean>>} [onBuffers] - what Node.js itself has
 * @property {Readonly<Record<string, (module: any) => Reduce>>} [inPackages]
 * @property {string} numpy - an expression of np, and the arrays a and b
 *
 * @typedef {object} Rival
 * @property {string} name
 * @property {Reduce} reduce
 * @property {(array: Numbers) => unknown} convert - an operand into what it takes
 */

/** @param {Numbers} array */
const toBuffer = ({ buffer }) => Buffer.from(buffer);

/** @param {Numbers} array */
function toUnalignedBuffer({ buffer }) {
  const shifted = Buffer.allocUnsafeSlow(buffer.byteLength + 1).subarray(1);
  shifted.set(new Uint8Array(buffer));
  return shifted;
}

/**
 * @param {string} name - of the reduction
 * @param {Case} of
 * @returns {Promise<Rival[]>}
 */
async function rivalsOf(name, { loop, onBuffers = {}, inPackages = {} }) {
  const { [name]: here } = /** @type {Record<string, any>} */ (simdArena);
  const rivals = [
    { name: 'simd-arena', reduce: here, convert: (array) => array },
    { name: 'unaligned Buffer', reduce: here, convert: toUnalignedBuffer },
    { name: 'JavaScript', reduce: loop, convert: (array) => array },
    ...Object.entries(onBuffers).map(([own, reduce]) => ({ name: own, reduce, convert: toBuffer })),
  ];
  for (const [own, reduceOf] of Object.entries(inPackages)) {
    const module = await load(own);
    if (module === undefined) continue;
    rivals.push({ name: own, reduce: reduceOf(module), convert: (array) => packages[own](module, array) });
  }
  return rivals;
}

/**
 * @param {Rival} rival
 * @param {readonly (readonly Numbers[])[]} inputs - the operands of each call
 * @returns {import('./measure.mjs').Peer}
 */
function makePeer({ name, reduce, convert }, inputs) {
  const converted = inputs.map((operands) => operands.map(convert));
  const isUnary = inputs[0].length === 1;
  return {
    name,
    op: isUnary ? reduce : (operands) => reduce(operands[0], operands[1]),
    inputs: isUnary ? converted.map(([operand]) => operand) : converted,
    // A function that is called a few times with long inputs would stay unoptimized.
    before: () => {
      const short = inputs[0].map((array) => convert(array.slice(0, WARM_UP_LENGTH)));
      const end = performance.now() + WARM_UP_MILLISECONDS;
      for (let i = 0; i < WARM_UP_CALLS && performance.now() < end; i++) reduce(...short);
    },
  };
}

/**
 * The names of all rivals, whether they are installed or not.
 *
 * @param {Case} of
 */
export const columnsOf = ({ onBuffers = {}, inPackages = {} }) => [
  'unaligned Buffer',
  'JavaScript',
  ...Object.keys(onBuffers),
  ...Object.keys(inPackages),
  'numpy',
  'read limit',
];

/**
 * @param {string} name - of the reduction
 * @param {Case} of
 * @param {number} n - elements
 * @param {import('./measure.mjs').Effort} effort
 * @returns {Promise<import('../suites/index.mjs').Result>}
 */
export async function race(name, of, n, effort) {
  const { type, fill, operands = 1, numpy } = of;
  const byteLength = operands * n * type.BYTES_PER_ELEMENT;
  const count = 2 ** Math.floor(Math.log2(Math.max(1, Math.min(MAX_INPUTS, INPUT_BYTES / byteLength))));
  const makeOperands = () => Array.from({ length: operands }, () => makeArray(type, n, fill));
  const inputs = Array.from({ length: count }, makeOperands);
  const zeros = Array.from({ length: count }, () => [makeArray(Uint8Array, byteLength, 'zeros')]);

  const limit = { name: 'read limit', reduce: simdArena.anyU8, convert: (array) => array };
  const rivals = await rivalsOf(name, of);
  const peers = [...rivals.map((rival) => makePeer(rival, inputs)), makePeer(limit, zeros)];
  const shared = { ...effort, rounds: Math.min(effort.rounds, ROUNDS) };
  const nanoseconds = await measure(peers, shared);

  const dtype = type.name.replace('Array', '').toLowerCase();
  const ofNumpy = timeNumpy(numpy, dtype, fill, n, shared);
  return { [n]: { ...nanoseconds, ...(ofNumpy && { numpy: ofNumpy }) } };
}
