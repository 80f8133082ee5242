// A thread that works as workerData says, and ends as it says: by itself, or from outside amid all this.
import { parentPort, workerData } from 'node:worker_threads';

import { Arena, BufferPool, createReduction, minmax, PoolAllocator, std, sumF64, withArena } from 'simd-arena';

/** @type {{ work: keyof typeof works, end: 'terminate' | 'exit' | 'throw' | 'return' }} */
const { work, end } = workerData;

/** A reduction of so much takes milliseconds. */
const MANY = 2 ** 21;

/** Kept until the end, by more than one owner. */
const held = new Arena({ label: 'held' });
held.alloc(Uint8Array, 300_000);
held.hold();
held.close();

const pool = new BufferPool();
/** @type {Buffer[]} */
const out = [];

const works = {
  reductions() {
    sumF64(pooled);
    std(pooled);
    minmax(pooled, { stride: 3 });
    minmax(Buffer.from(pooled.buffer, 0, 80_000), 'i64');
  },
  pieces() {
    const reduction = createReduction('f32', ['sum', 'minmax', 'variance', 'argmax']);
    const bytes = new Uint8Array(pooled.buffer, 0, 2 ** 20);
    for (let start = 0; start < bytes.length; start += 100_001)
      reduction.update(bytes.subarray(start, start + 100_001));
    reduction.result();
  },
  pools() {
    out.push(pool.getOrAlloc(64 << (out.length % 16)));
    if (out.length > 100) for (const buffer of out.splice(0, 50)) pool.put(buffer);
    if (out.length % 25 === 0) pool.trim(0);
    pool.putAfter(pool.getOrAlloc(5000), new Promise(() => undefined));
  },
  scopes() {
    withArena({ label: 'outer' }, (arena) => {
      arena.alloc(Float32Array, 100_000);
      withArena({ label: 'inner', staleViews: 'poison' }, (inner) => inner.alloc(Uint8Array, 1000).length);
    });
    void withArena(async (arena) => {
      arena.alloc(Uint8Array, 5000);
      await new Promise((resolve) => setTimeout(resolve, 5));
    });
  },
};

const pooled = new PoolAllocator().alloc(Float64Array, MANY);
parentPort?.postMessage('works');

let rounds = 0;
for (;;) {
  works[work]();
  rounds += 1;
  if (end === 'exit' && rounds === 3) process.exit(7);
  if (end === 'throw' && rounds === 3) throw new Error('thrown on purpose');
  if (end === 'return' && rounds === 3) break;
  if (rounds % 8 === 0) await new Promise(setImmediate);
}
