// The reductions that programs call most, from 16 to 16 million elements, against everything else that does the same.
import * as loops from '../lib/loops.mjs';
import { columnsOf, race } from '../lib/race.mjs';

const sum = {
  loop: loops.sum,
  inPackages: { 'numpy-ts': (np) => (x) => np.sum(x), 'nodejs-polars': () => (x) => x.sum() },
  numpy: 'np.sum(a)',
};
const dot = {
  operands: 2,
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

/** @type {Readonly<Record<string, import('../lib/race.mjs').Case>>} */
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

const sizes = [16, 64, 256, 1024, 16_384, 100_000, 1_000_000, 16_000_000];

export const suite = {
  title: 'Reductions',
  notes: [
    'Median times of simd-arena on typed arrays. The columns after GB/s are ratios to them: above 1 is slower than simd-arena, below 1 ' +
      'faster. An unaligned Buffer has the same elements at an odd offset. The read limit is anyU8 of as many zero bytes: it ' +
      'looks at all memory and does nothing else. What is not installed is absent.',
  ],
  cells: Object.entries(cases).map(([name, of]) => ({
    name,
    title: name,
    isolated: true,
    peerNames: sizes.map(String),
    shortNames: ['1024'],
    bytesPerElement: (of.operands ?? 1) * of.type.BYTES_PER_ELEMENT,
    rivals: columnsOf(of),
    run: (effort, size) => race(name, of, Number(size), effort),
  })),
};
