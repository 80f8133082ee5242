// Reductions of 16 to 16 million elements, on typed arrays and on Buffers, against JavaScript at its best.
import { allU8, anyU8, meanF32, sumF32, sumI32, sumU8 } from 'simd-arena';

/** Different inputs in turn, as far as they are small. */
const MAX_INPUTS = 8;
const INPUT_BYTES = 2 ** 20;
const SHORT_LENGTH = 256;
const SHORT_CALLS = 10_000;

/** From here on the speed of memory matters. */
const READ_LIMIT_BYTES = 65536;

/** @typedef {Float32Array | Int32Array | Uint8Array} Numbers */

/** @param {Numbers} x */
function sumLoop(x) {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i];
  return sum;
}

/** @param {Numbers} x */
function sumFour(x) {
  const n = x.length;
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  let i = 0;
  for (; i + 3 < n; i += 4) {
    a += x[i];
    b += x[i + 1];
    c += x[i + 2];
    d += x[i + 3];
  }
  for (; i < n; i++) a += x[i];
  return a + b + (c + d);
}

/** @param {Numbers} x */
const meanLoop = (x) => sumLoop(x) / x.length;
/** @param {Numbers} x */
const meanFour = (x) => sumFour(x) / x.length;

/** @param {Numbers} x */
function allLoop(x) {
  for (let i = 0; i < x.length; i++) if (x[i] === 0) return false;
  return true;
}

/** @param {Numbers} x */
function anyLoop(x) {
  for (let i = 0; i < x.length; i++) if (x[i] !== 0) return true;
  return false;
}

/** @param {Buffer} bytes */
function sumDataView(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let sum = 0;
  for (let i = 0; i < bytes.length; i += 4) sum += view.getFloat32(i, true);
  return sum;
}

/** @type {Record<string, (i: number) => number>} */
const fills = {
  /** Between -1 and 1, 24 random bits. */
  floats: () => Math.random() * 2 - 1,
  /** All over the range. */
  integers: () => (Math.random() - 0.5) * 2 ** 32,
  bytes: () => Math.random() * 256,
  ones: () => 1,
  zeros: () => 0,
};

/**
 * @typedef {object} Case
 * @property {Float32ArrayConstructor | Int32ArrayConstructor | Uint8ArrayConstructor} type
 * @property {keyof typeof fills} fill
 * @property {(x: any) => number | boolean} reduce
 * @property {Record<string, (x: any) => number | boolean>} rivals - on typed arrays
 * @property {Record<string, (x: Buffer) => number | boolean>} [bufferRivals] - on Buffers
 * @property {Record<string, (x: Buffer) => number | boolean>} [unalignedRivals] - on Buffers at odd offsets
 */

const loops = { 'JavaScript loop': sumLoop, 'JavaScript, 4 accumulators': sumFour };

/** @type {Record<string, Case>} */
const cases = {
  sumF32: {
    type: Float32Array,
    fill: 'floats',
    reduce: sumF32,
    rivals: loops,
    unalignedRivals: { 'JavaScript, DataView, unaligned': sumDataView },
  },
  meanF32: {
    type: Float32Array,
    fill: 'floats',
    reduce: meanF32,
    rivals: { 'JavaScript loop': meanLoop, 'JavaScript, 4 accumulators': meanFour },
  },
  sumI32: { type: Int32Array, fill: 'integers', reduce: sumI32, rivals: loops },
  sumU8: { type: Uint8Array, fill: 'bytes', reduce: sumU8, rivals: loops },
  allU8: {
    type: Uint8Array,
    fill: 'ones',
    reduce: allU8,
    rivals: { 'JavaScript loop': allLoop },
    bufferRivals: {
      'buffer.indexOf(0) === -1': (x) => x.indexOf(0) === -1,
      '!buffer.includes(0)': (x) => !x.includes(0),
    },
  },
  anyU8: {
    type: Uint8Array,
    fill: 'zeros',
    reduce: anyU8,
    rivals: { 'JavaScript loop': anyLoop },
    bufferRivals: {
      '!buffer.equals(zeros)': (() => {
        let zeros = Buffer.alloc(0);
        return (x) => {
          if (zeros.length !== x.length) zeros = Buffer.alloc(x.length).fill(0);
          return !x.equals(zeros);
        };
      })(),
    },
  },
};

const sizes = [16, 64, 256, 1024, 100_000, 1_000_000, 16_000_000];

/**
 * @param {Case} of
 * @param {number} n
 */
function peersOf({ type, fill, reduce, rivals, bufferRivals = {}, unalignedRivals = {} }, n) {
  const byteLength = n * type.BYTES_PER_ELEMENT;
  const count = 2 ** Math.floor(Math.log2(Math.max(1, Math.min(MAX_INPUTS, INPUT_BYTES / byteLength))));

  const arrays = Array.from({ length: count }, () => new type(n).map(fills[fill]));
  const buffers = arrays.map(({ buffer }) => Buffer.from(buffer));
  const unaligned = buffers.map((bytes) => {
    const shifted = Buffer.allocUnsafeSlow(byteLength + 1).subarray(1);
    shifted.set(bytes);
    return shifted;
  });

  /**
   * @param {Record<string, (x: any) => number | boolean>} ops
   * @param {readonly Numbers[]} inputs
   */
  const on = (ops, inputs) =>
    Object.entries(ops).map(([name, op]) => ({
      name,
      op,
      inputs,
      // A function that is called a few times with long inputs would stay unoptimized.
      before: () => {
        const short = inputs[0].subarray(0, SHORT_LENGTH);
        for (let i = 0; i < SHORT_CALLS; i++) op(short);
      },
    }));
  const peers = [
    ...on({ 'simd-arena, typed array': reduce }, arrays),
    ...on({ 'simd-arena, Buffer': reduce }, buffers),
    ...on({ 'simd-arena, unaligned Buffer': reduce }, unaligned),
    ...on(rivals, arrays),
    ...on(bufferRivals, buffers),
    ...on(unalignedRivals, unaligned),
  ];
  if (byteLength >= READ_LIMIT_BYTES && reduce !== anyU8) {
    // Written to: pages that nobody has written to are all one page, which the cache holds.
    const zeros = Array.from({ length: count }, () => new Uint8Array(byteLength).fill(0));
    peers.push(...on({ 'read limit: anyU8 of as many zero bytes': anyU8 }, zeros));
  }
  return peers;
}

export const suite = {
  title: 'Reductions',
  notes: [
    'A JavaScript loop has one addition after the other, four accumulators do not; both sum in float64, as sumF32 does. The ' +
      'fastest way to look at memory is an OR of all of it, which anyU8 is: the read limit of the same run.',
  ],
  cells: Object.entries(cases).flatMap(([name, of]) =>
    sizes.map((n) => ({
      name: `${name}-${n}`,
      title: `${name}, n = ${n.toLocaleString('en-US')}`,
      bytes: n * of.type.BYTES_PER_ELEMENT,
      isLong: n !== 16 && n !== 1024 && n !== 100_000,
      peers: () => peersOf(of, n),
    })),
  ),
};
