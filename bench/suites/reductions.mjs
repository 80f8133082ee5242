// The reductions that programs call most, from 64 to 16 million elements, against everything else that does the same.
import * as simdArena from 'simd-arena';

import { makeArray } from '../lib/data.mjs';
import * as loops from '../lib/loops.mjs';
import { measure } from '../lib/measure.mjs';
import { load, packages } from '../lib/packages.mjs';
import { timeNumpy } from '../lib/time-numpy.mjs';

/** Different inputs in turn, as far as they are small. */
const MAX_INPUTS = 8;
const INPUT_BYTES = 2 ** 20;
/** Calls with short inputs, so that functions are optimized. */
const WARM_UP_LENGTH = 256;
const WARM_UP_CALLS = 10_000;
const WARM_UP_MILLISECONDS = 50;
/** Each size is measured in several processes, which share the rounds. */
const ROUNDS = 3;

/** @typedef {import('../lib/loops.mjs').Numbers} Numbers */
/** @typedef {(...operands: any[]) => number | boolean} Reduce */

/**
 * @typedef {object} Case
 * @property {new (n: number) => Numbers} type
 * @property {string} fill
 * @property {Reduce} loop
 * @property {Readonly<Record<string, (x: Buffer) => boolean>>} [onBuffers] - what Node.js itself has
 * @property {Readonly<Record<string, (module: any) => Reduce>>} [inPackages]
 * @property {string} numpy
 */

const sum = {
  loop: loops.sum,
  inPackages: { 'numpy-ts': (np) => (x) => np.sum(x), 'nodejs-polars': () => (x) => x.sum() },
  numpy: 'np.sum(a)',
};
const dot = {
  loop: loops.dot,
  inPackages: {
    simsimd: ({ dot }) => dot,
    'numpy-ts': (np) => (x, y) => np.dot(x, y),
  },
  numpy: 'np.dot(a, b)',
};
const variance = {
  loop: loops.variance,
  inPackages: { 'numpy-ts': (np) => (x) => np.var(x) },
  numpy: 'np.var(a)',
};

/** @type {Readonly<Record<string, Case>>} */
const cases = {
  sumF32: { type: Float32Array, fill: 'floats', ...sum },
  sumF64: { type: Float64Array, fill: 'floats', ...sum },
  sumI32: { type: Int32Array, fill: 'integers', ...sum },
  sumU8: { type: Uint8Array, fill: 'bytes', ...sum },
  dotF32: { type: Float32Array, fill: 'floats', ...dot },
  dotF64: { type: Float64Array, fill: 'floats', ...dot },
  minF32: {
    type: Float32Array,
    fill: 'floats',
    loop: loops.min,
    inPackages: { 'numpy-ts': (np) => (x) => np.min(x), 'nodejs-polars': () => (x) => x.min() },
    numpy: 'np.min(a)',
  },
  argmaxF32: {
    type: Float32Array,
    fill: 'floats',
    loop: loops.argmax,
    inPackages: { 'numpy-ts': (np) => (x) => np.argmax(x), 'nodejs-polars': () => (x) => x.argMax() },
    numpy: 'np.argmax(a)',
  },
  varianceF32: { type: Float32Array, fill: 'floats', ...variance },
  varianceF64: { type: Float64Array, fill: 'floats', ...variance },
  countNonzeroU8: {
    type: Uint8Array,
    fill: 'flags',
    loop: loops.countNonzero,
    inPackages: { 'numpy-ts': (np) => (x) => np.count_nonzero(x) },
    numpy: 'np.count_nonzero(a)',
  },
  allU8: {
    type: Uint8Array,
    fill: 'ones',
    loop: loops.all,
    onBuffers: { 'buffer.indexOf(0)': (x) => x.indexOf(0) === -1 },
    inPackages: { 'numpy-ts': (np) => (x) => np.all(x) },
    numpy: 'np.all(a)',
  },
  anyU8: {
    type: Uint8Array,
    fill: 'zeros',
    loop: loops.any,
    onBuffers: {
      'buffer.equals(zeros)': (() => {
        let zeros = Buffer.alloc(0);
        return (x) => {
          if (zeros.length !== x.length) zeros = Buffer.alloc(x.length).fill(0);
          return !x.equals(zeros);
        };
      })(),
    },
    inPackages: { 'numpy-ts': (np) => (x) => np.any(x) },
    numpy: 'np.any(a)',
  },
};

const sizes = [64, 1024, 16_384, 1_000_000, 16_000_000];

/** @param {Numbers} array */
const toBuffer = ({ buffer }) => Buffer.from(buffer);

/** @param {Numbers} array */
function toUnalignedBuffer({ buffer }) {
  const shifted = Buffer.allocUnsafeSlow(buffer.byteLength + 1).subarray(1);
  shifted.set(new Uint8Array(buffer));
  return shifted;
}

/**
 * @typedef {object} Rival
 * @property {string} name
 * @property {Reduce} reduce
 * @property {(array: Numbers) => unknown} convert - an operand into what it takes
 *
 * @param {string} name
 * @returns {Promise<Rival[]>}
 */
async function rivalsOf(name) {
  const { loop, onBuffers = {}, inPackages = {} } = cases[name];
  const here = /** @type {Record<string, any>} */ (simdArena)[name];
  const rivals = [
    { name: 'simd-arena', reduce: here, convert: (array) => array },
    { name: 'unaligned Buffer', reduce: here, convert: toUnalignedBuffer },
    { name: 'JavaScript', reduce: loop, convert: (array) => array },
    ...Object.entries(onBuffers).map(([own, reduce]) => ({ name: own, reduce, convert: toBuffer })),
  ];
  for (const [own, reduceOf] of Object.entries(inPackages)) {
    const module = await load(own);
    if (!module) continue;
    rivals.push({ name: own, reduce: reduceOf(module), convert: (array) => packages[own].convert(module, array) });
  }
  return rivals;
}

/** How many operands a reduction takes. @param {string} name */
const arityOf = (name) => (name.startsWith('dot') ? 2 : 1);

/**
 * @param {Rival} rival
 * @param {readonly (readonly Numbers[])[]} inputs - the operands of each call
 * @returns {import('../lib/measure.mjs').Peer}
 */
function makePeer({ name, reduce, convert }, inputs) {
  const operands = inputs.map((arrays) => arrays.map(convert));
  const isUnary = operands[0].length === 1;
  const op = isUnary ? reduce : ([a, b]) => reduce(a, b);
  return {
    name,
    op,
    inputs: isUnary ? operands.flat() : operands,
    // A function that is called a few times with long inputs would stay unoptimized.
    before: () => {
      const short = inputs[0].map((array) => convert(array.slice(0, WARM_UP_LENGTH)));
      const end = performance.now() + WARM_UP_MILLISECONDS;
      for (let i = 0; i < WARM_UP_CALLS && performance.now() < end; i++) reduce(...short);
    },
  };
}

/**
 * @param {string} name
 * @param {import('../lib/measure.mjs').Effort} effort
 * @param {string} size
 * @returns {Promise<import('./index.mjs').Result>}
 */
async function race(name, effort, size) {
  const n = Number(size);
  const { type, fill, numpy } = cases[name];
  const byteLength = arityOf(name) * n * type.BYTES_PER_ELEMENT;
  const count = 2 ** Math.floor(Math.log2(Math.max(1, Math.min(MAX_INPUTS, INPUT_BYTES / byteLength))));
  const inputs = Array.from({ length: count }, () =>
    Array.from({ length: arityOf(name) }, () => makeArray(type, n, fill)),
  );
  const zeros = Array.from({ length: count }, () => [makeArray(Uint8Array, byteLength, 'zeros')]);
  const limit = { name: 'read limit', reduce: simdArena.anyU8, convert: (array) => array };
  const peers = [...(await rivalsOf(name)).map((rival) => makePeer(rival, inputs)), makePeer(limit, zeros)];
  const shared = { ...effort, rounds: Math.min(effort.rounds, ROUNDS) };
  const samples = await measure(peers, shared);
  const dtype = type.name.replace('Array', '').toLowerCase();
  const numpySamples = timeNumpy(numpy, dtype, fill, n, shared);
  return { [size]: { ...samples, ...(numpySamples && { numpy: numpySamples }) } };
}

export const suite = {
  title: 'Reductions',
  notes: [
    'Times of simd-arena on typed arrays. The columns after GB/s are ratios to them: above 1 is slower than simd-arena, below 1 ' +
      'faster. An unaligned Buffer has the same elements at an odd offset. The read limit is anyU8 of as many zero bytes: it ' +
      'looks at all memory and does nothing else. What is not installed is absent.',
  ],
  cells: Object.entries(cases).map(([name, { type, onBuffers = {}, inPackages = {} }]) => ({
    name,
    title: name,
    isolated: true,
    peerNames: sizes.map(String),
    shortNames: ['1024'],
    bytesPerElement: arityOf(name) * type.BYTES_PER_ELEMENT,
    rivals: [
      'unaligned Buffer',
      'JavaScript',
      ...Object.keys(onBuffers),
      ...Object.keys(inPackages),
      'numpy',
      'read limit',
    ],
    run: (effort, size) => race(name, effort, size),
  })),
};
