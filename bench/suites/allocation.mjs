// What it takes to get one typed array, or one Buffer: memory included, and its collection.
import { MemPool } from '@thi.ng/malloc';
import { Arena } from 'simd-arena';

/** Views are released after so many bytes, or so many views. */
const BATCH_BYTES = 2 ** 23;
const MAX_BATCH = 256;
/** What the arenas of this suite keep: a batch, and what alignment adds. */
const RETAIN_BYTES = 2 * BATCH_BYTES;

/** @param {number} bytes */
const batchOf = (bytes) => Math.min(MAX_BATCH, BATCH_BYTES / bytes);

/** @param {number} n */
function float32Peers(n) {
  const arena = new Arena({ retainBytes: RETAIN_BYTES });
  const reset = () => arena.reset();
  const pool = new MemPool({ size: RETAIN_BYTES });
  const memory = new ArrayBuffer(RETAIN_BYTES);
  const batch = batchOf(4 * n);
  const returns = /** @type {const} */ ('object');
  return [
    { name: 'arena.allocUnsafe', op: () => arena.allocUnsafe(Float32Array, n), after: reset, batch, returns },
    { name: 'arena.alloc (zeroed)', op: () => arena.alloc(Float32Array, n), after: reset, batch, returns },
    { name: 'new Float32Array(n)', op: () => new Float32Array(n), batch, returns },
    {
      name: 'new Float32Array on Buffer.allocUnsafeSlow',
      op: () => new Float32Array(Buffer.allocUnsafeSlow(4 * n).buffer),
      batch,
      returns,
    },
    {
      name: '@thi.ng/malloc mallocAs, freeAll',
      op: () => pool.mallocAs('f32', n),
      after: () => pool.freeAll(),
      batch,
      returns,
    },
    {
      name: 'floor: a view of memory that exists',
      op: (/** @type {number} */ i) => new Float32Array(memory, (i & 7) * 64, n),
      batch,
      returns,
    },
  ];
}

/** @param {number} n */
function bufferPeers(n) {
  const arena = new Arena({ retainBytes: RETAIN_BYTES });
  const memory = new ArrayBuffer(RETAIN_BYTES);
  const batch = batchOf(n);
  const returns = /** @type {const} */ ('object');
  return [
    {
      name: 'arena.allocUnsafe(Buffer)',
      op: () => arena.allocUnsafe(Buffer, n),
      after: () => arena.reset(),
      batch,
      returns,
    },
    { name: 'Buffer.allocUnsafe', op: () => Buffer.allocUnsafe(n), batch, returns },
    { name: 'Buffer.allocUnsafeSlow', op: () => Buffer.allocUnsafeSlow(n), batch, returns },
    { name: 'Buffer.alloc (zeroed)', op: () => Buffer.alloc(n), batch, returns },
    {
      name: 'floor: a view of memory that exists',
      op: (/** @type {number} */ i) => Buffer.from(memory, (i & 7) * 64, n),
      batch,
      returns,
    },
  ];
}

const sizes = [64, 1024, 65536];

export const suite = {
  title: 'Allocation',
  notes: [
    'Arena and pool are reset after every batch of up to 256 allocations or 8 MiB; the time of that is in the figures, as is ' +
      'the time of the garbage collector. Reusing memory that nobody else has, a view costs what the floor says.',
  ],
  cells: [
    ...sizes.map((n) => ({
      name: `Float32Array-${n}`,
      title: `Float32Array of ${n}`,
      peers: () => float32Peers(n),
    })),
    ...sizes.map((n) => ({
      name: `Buffer-${n}`,
      title: `Buffer of ${n} bytes`,
      peers: () => bufferPeers(n),
    })),
  ],
};
