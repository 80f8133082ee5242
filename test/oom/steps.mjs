// What a program does with the package, in steps that leave nothing behind: each uses all of one part of it, and returns
// the same value every time.
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

/** @typedef {typeof import('simd-arena')} Package */

/** The bytes 1, 2, 3 … of a length that is a multiple of all element sizes. */
const bytes = Uint8Array.from({ length: 4096 }, (_, index) => (index * 7) % 101);

const types = ['f16', 'bf16', 'f32', 'f64', 'i8', 'u8', 'i16', 'u16', 'i32', 'u32', 'i64', 'u64', 'bool'];

const unary = [
  ...['sum', 'mean', 'min', 'max', 'minmax', 'argmin', 'argmax'],
  ...['all', 'any', 'countNonzero', 'norm', 'variance', 'std'],
];

/** Fills and sums what an allocator hands out. */
function use(view) {
  view.fill(1);
  return view.length;
}

/** The code of the mistake for which `call` throws. */
function codeOf(call) {
  try {
    call();
  } catch (error) {
    if (/^ERR_(BYTE_LENGTH|LENGTH_MISMATCH|EMPTY_INPUT|INVALID_ACCUMULATOR)$/.test(error.code)) return error.code;
    throw error;
  }
  return undefined;
}

/**
 * The steps, by name.
 *
 * @type {Record<string, (simdArena: Package) => unknown>}
 */
export const steps = {
  arena({ Arena }) {
    const arena = new Arena({ initialBytes: 65536 });
    try {
      let used = use(arena.alloc(Float32Array, 1000));
      used += use(arena.allocUnsafe(Float64Array, 100, { alignment: 4096 }));
      used += use(arena.alloc(Uint8Array, 300_000));
      used += use(arena.alloc(Uint8Array, 3_000_000));
      arena.reset();
      used += use(arena.copyOut(arena.copyIn(bytes)));
      return used;
    } finally {
      arena.close();
    }
  },

  async scopes({ withArena, Arena }) {
    const outer = await withArena({ label: 'outer', staleViews: 'poison' }, async (arena) => {
      const before = use(arena.alloc(Uint8Array, 100_000));
      const inner = withArena({ label: 'inner', maxBytes: 1 << 20 }, (second) => use(second.alloc(Int32Array, 100)));
      await undefined;
      return before + inner + use(arena.alloc(Uint8Array, 200_000));
    });
    const lease = Arena.lease({ staleViews: 'allow' });
    try {
      lease.waitUntil(Promise.resolve());
      return outer + use(lease.alloc(Int16Array, 10_000));
    } finally {
      lease.close();
    }
  },

  async pool({ BufferPool }) {
    const pool = new BufferPool({ label: 'pool', maxBuffersPerBucket: 2 });
    try {
      const sizes = [64, 100, 5000, 70_000, 2 ** 21, 2 ** 27 + 1];
      const buffers = sizes.map((size) => pool.getOrAlloc(size));
      const used = buffers.reduce((sum, buffer) => sum + buffer.fill(1, 0, 64).length, 0);
      for (const buffer of buffers.slice(1)) pool.put(buffer);
      pool.putAfter(buffers[0], Promise.resolve());
      await new Promise(setImmediate);
      pool.get(100);
      pool.reclaimAll();
      pool.trim(0);
      const { pooledBytes, inUse } = pool.stats();
      return [used, pooledBytes, inUse];
    } finally {
      pool.close();
    }
  },

  poolAllocator({ PoolAllocator }) {
    const allocator = new PoolAllocator({ staleViews: 'poison' });
    try {
      const views = [allocator.alloc(Float64Array, 3000), allocator.allocUnsafe(Uint8Array, 10)];
      const used = views.map(use);
      for (const view of views) allocator.free(view);
      return used;
    } finally {
      allocator.close();
    }
  },

  reductions(simdArena) {
    const results = [];
    for (const type of types) {
      for (const op of unary) results.push(simdArena[op](Buffer.from(bytes.buffer), type));
      results.push(simdArena.dot(Buffer.from(bytes.buffer), Buffer.from(bytes.buffer), type));
    }
    return results;
  },

  strides(simdArena) {
    const options = { offset: 3, stride: 24, count: 100 };
    return unary.flatMap((op) => ['f32', 'i64'].map((type) => simdArena[op](Buffer.from(bytes.buffer), type, options)));
  },

  pieces({ createReduction }) {
    return ['f32', 'u64'].map((type) => {
      const reduction = createReduction(type, unary);
      for (let start = 0; start < bytes.length; start += 1001) reduction.update(bytes.subarray(start, start + 1001));
      return reduction.result();
    });
  },

  exactSums({ SumAccumulator, sumExactF32, sumExactF64 }) {
    const floats = Float64Array.from(bytes, (x) => x / 3);
    const sum = new SumAccumulator().add(floats).add(0.1);
    sum.merge(SumAccumulator.from(sum.toBytes()));
    return [sum.sum(), sumExactF64(floats), sumExactF32(Float32Array.from(floats))];
  },

  /** Errors whose messages native code composes. */
  mistakes({ createReduction, dot, SumAccumulator, sumExactF32, sumF32 }) {
    const odd = bytes.subarray(0, 7);
    return [
      codeOf(() => sumF32(odd)),
      codeOf(() => sumExactF32(odd)),
      codeOf(() => dot(new Float64Array(20), new Float64Array(30))),
      codeOf(() => createReduction('f32', ['max']).result()),
      codeOf(() => createReduction('f32', ['sum']).update(odd).result()),
      codeOf(() => SumAccumulator.from(odd)),
    ];
  },

  statistics({ arenaStats, configure, runtimeInfo }) {
    configure({ budgetBytes: Infinity });
    const { used, openScopes } = arenaStats();
    return [used, openScopes, arenaStats({ scope: 'process' }).held, runtimeInfo().napi];
  },

  /** A thread that loads the package, uses it and ends. */
  async worker() {
    const worker = new Worker(new URL('worker.mjs', import.meta.url));
    const [[used]] = await Promise.all([once(worker, 'message'), once(worker, 'exit')]);
    return used;
  },
};
