// Every reduction of every element type, in the first and second cache and in memory: where it is slow, if anywhere.
import * as simdArena from 'simd-arena';

import { elementTypes, reduceOps } from '#internal/tables';

import { measure } from '../lib/measure.mjs';

const KiB = 2 ** 10;
/** What random bytes are made of; a multiple of it is repeated. */
const PATTERN_BYTES = 64 * KiB;
/** Each type is measured in several processes, each of which has one round. */
const ROUNDS = 1;

const types = elementTypes.map(({ label }) => label);

/**
 * A random element of each type, without NaN, infinities and, in floats, 0.
 *
 * @type {Readonly<Record<string, () => number>>}
 */
const elements = {
  f16: () => 0x3800 | (Math.random() * 0x400) | (Math.random() < 0.5 ? 0 : 0x8000),
  bf16: () => 0x3f00 | (Math.random() * 0x80) | (Math.random() < 0.5 ? 0 : 0x8000),
  f32: () => Math.random() * 2 - 1,
  f64: () => Math.random() * 2 - 1,
  bool: () => Math.random() * 2,
};
/** @type {Readonly<Record<string, new (n: number) => Uint8Array | Uint16Array | Float32Array | Float64Array>>} */
const arrays = { f16: Uint16Array, bf16: Uint16Array, f32: Float32Array, f64: Float64Array };
const anyByte = () => Math.random() * 256;

/**
 * @param {string} type
 * @param {number} bytes
 */
function makeRandom(type, bytes) {
  const { [type]: View = Uint8Array } = arrays;
  const pattern = new View(Math.min(bytes, PATTERN_BYTES) / View.BYTES_PER_ELEMENT);
  const element = elements[type] ?? anyByte;
  for (let i = 0; i < pattern.length; i++) pattern[i] = element();
  return Buffer.allocUnsafeSlow(bytes).fill(new Uint8Array(pattern.buffer));
}

/**
 * Gigabytes per second of all operations on one type.
 *
 * @param {number} bytes
 * @param {import('../lib/measure.mjs').Effort} effort
 * @param {string} type
 * @returns {Promise<import('./index.mjs').Result>}
 */
async function measureType(bytes, effort, type) {
  const data = makeRandom(type, bytes);
  const other = makeRandom(type, bytes);
  const ones = Buffer.allocUnsafeSlow(bytes).fill(1);
  const zeros = Buffer.allocUnsafeSlow(bytes).fill(0);
  // What has to be looked at to the end.
  const special = {
    all: ones,
    any: zeros,
    ...(type === 'bool' && { min: ones, argmin: ones, minmax: ones, max: zeros, argmax: zeros }),
  };
  const { anyU8, ...functions } = /** @type {Record<string, any>} */ (simdArena);
  const peers = reduceOps.map((name) => {
    const reduce = functions[name];
    const input = special[name] ?? data;
    const op = name === 'dot' ? () => reduce(data, other, type) : () => reduce(input, type);
    return { name, op, returns: 'object' };
  });
  peers.push({ name: 'read limit', op: () => anyU8(zeros) });
  const samples = await measure(peers, { ...effort, rounds: Math.min(effort.rounds, ROUNDS) });
  const rates = Object.entries(samples).map(([name, nanoseconds]) => {
    const read = name === 'dot' ? 2 * bytes : bytes;
    return [name, nanoseconds.map((time) => read / time)];
  });
  return { [type]: Object.fromEntries(rates) };
}

/** @type {Readonly<Record<string, number>>} */
const sizes = { '4 KiB': 4 * KiB, '256 KiB': 256 * KiB, '64 MiB': 2 ** 26 };

export const suite = {
  title: 'Every reduction of every element type',
  notes: [
    'GB/s of Buffers with the given number of bytes; dot reads two of them. The read limit is anyU8 of as many zero bytes. ' +
      'Each type has a process of its own.',
  ],
  cells: Object.entries(sizes).map(([size, bytes]) => ({
    name: `grid-${size.replace(' ', '')}`,
    title: size,
    isolated: true,
    isLong: size !== '4 KiB',
    peerNames: types,
    run: (effort, type) => measureType(bytes, effort, type),
    columns: [...reduceOps, 'read limit'].map((op) => ({ metric: op, title: op, unit: '', digits: 1 })),
  })),
};
