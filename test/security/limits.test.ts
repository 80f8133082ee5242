import assert from 'node:assert/strict';
import { once } from 'node:events';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';

import { maxChunkBytes } from '#internal/native';
import { Arena, BufferPool, configure, PoolAllocator, runtimeInfo, type ErrorCode } from 'simd-arena';

import { budgetInUse } from '../support/budget';
import { root } from '../support/child';
import { throwsCode } from '../support/errors';
import { randomWords } from '../support/numbers';
import { promise } from '../support/promises';
import { forgetIdleArenas } from '../support/runtime';
import { viewKinds } from '../support/typed-arrays';

const KIB = 1024;
const CHUNK = 64 * KIB;
const inGranules = (bytes: number): number => Math.max(1, Math.ceil(bytes / 64)) * 64;

/** The code of what `run` throws; undefined if it returns. */
function codeOf(run: () => unknown): ErrorCode | undefined {
  try {
    run();
    return undefined;
  } catch (error) {
    return (error as { code: ErrorCode }).code;
  }
}

/** Takes all the memory that it gets, as others do, says how many chunks that were, and keeps them. */
const greedy = `
  const { parentPort } = require('node:worker_threads');
  const { BufferPool } = require(${JSON.stringify(join(root, 'dist/index.js'))});
  const pool = new BufferPool();
  const made = [];
  try {
    for (;;) made.push(pool.getOrAlloc(${CHUNK}));
  } catch ({ code }) {
    parentPort.postMessage(code === 'ERR_MEMORY_BUDGET' ? made.length : NaN);
  }
  parentPort.on('message', () => made.length);`;

promise('Limits', () => {
  it('of maxBytes let every request through that fits, and no other', () => {
    const next = randomWords(1);
    for (let round = 0; round < 50; round++) {
      const maxBytes = next() % (4 * CHUNK);
      using arena = new Arena({ maxBytes });
      for (let count = 0; count < 60; count++) {
        if (next() % 16 === 0) arena.reset();
        const { used } = arena.stats();
        const bytes = next() % 4 === 0 ? next() % maxBytes : next() % 4096;
        const fits = used + inGranules(bytes) <= maxBytes;
        assert.equal(
          codeOf(() => arena.allocUnsafe(Uint8Array, bytes)),
          fits ? undefined : 'ERR_ARENA_LIMIT',
        );
        assert.equal(arena.stats().used, fits ? used + inGranules(bytes) : used);
      }
    }
  });

  it('of maxBytes count what a reset has left to holds no more', () => {
    using arena = new Arena({ maxBytes: CHUNK });
    const held = arena.alloc(Uint8Array, CHUNK).fill(3);
    const hold = arena.hold();
    arena.reset();
    assert.equal(arena.alloc(Uint8Array, CHUNK).fill(4).length, CHUNK);
    assert.equal(
      codeOf(() => arena.alloc(Uint8Array, 1)),
      'ERR_ARENA_LIMIT',
    );
    assert.ok(held.every((byte) => byte === 3));
    hold[Symbol.dispose]();
  });

  it('of the budget let every chunk through that fits, and no other, of arenas and pools', () => {
    forgetIdleArenas();
    const { budgetBytes } = runtimeInfo();
    const inUse = budgetInUse();
    try {
      for (const more of [0, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK - 1, 2 * CHUNK]) {
        configure({ budgetBytes: inUse + more });
        using arena = new Arena({ initialBytes: CHUNK, retainBytes: 0 });
        using pool = new BufferPool();
        const makes = [
          () => arena.alloc(Uint8Array, CHUNK),
          () => pool.getOrAlloc(CHUNK),
          () => pool.getOrAlloc(CHUNK),
        ];
        const made = makes.filter((make) => codeOf(make) === undefined);
        assert.equal(made.length, Math.floor(more / CHUNK), `${more} bytes more`);
        pool.reclaimAll();
        if (more >= 2 * CHUNK) assert.equal(pool.get(CHUNK)?.length, CHUNK, 'usable');
      }
    } finally {
      configure({ budgetBytes });
    }
  });

  it('of the budget are exact across threads that all allocate at once', async () => {
    forgetIdleArenas();
    const { budgetBytes } = runtimeInfo();
    const chunks = 20;
    configure({ budgetBytes: budgetInUse() + chunks * CHUNK });
    const workers = Array.from({ length: 4 }, () => new Worker(greedy, { eval: true }));
    try {
      const messages = (await Promise.all(workers.map((worker) => once(worker, 'message')))) as [number][];
      const made = messages.reduce((total, [count]) => total + count, 0);
      assert.equal(made, chunks);
    } finally {
      await Promise.all(workers.map((worker) => worker.terminate()));
      configure({ budgetBytes });
    }
  });

  it('of a pool keep every idle buffer that fits maxPoolBytes and maxBuffersPerBucket, and no other', () => {
    const next = randomWords(2);
    for (let round = 0; round < 100; round++) {
      const maxPoolBytes = 64 * (next() % 20) - (next() % 2);
      const maxBuffersPerBucket = next() % 8;
      using pool = new BufferPool({ maxPoolBytes: Math.max(0, maxPoolBytes), maxBuffersPerBucket });
      const out: Buffer[] = [];
      for (let count = 0; count < 60; count++) {
        if (out.length < 8) out.push(pool.getOrAlloc(next() % 300));
        const before = pool.stats();
        const buffer = out.splice(next() % out.length, 1)[0]!;
        const bucket = before.buckets.findIndex(({ bytes }) => bytes >= buffer.length);
        const { bytes, idle } = before.buckets[bucket]!;
        const fits = idle < maxBuffersPerBucket && before.pooledBytes + bytes <= maxPoolBytes;
        pool.put(buffer);
        assert.equal(pool.stats().pooledBytes - before.pooledBytes, fits ? bytes : 0);
        assert.equal(pool.stats().buckets[bucket]!.idle - idle, fits ? 1 : 0);
      }
    }
  });

  it('of sizes are checked before anything is multiplied or rounded', () => {
    using arena = new Arena({ label: 'sizes' });
    using allocator = new PoolAllocator();
    const before = [arena.stats(), allocator.stats().capacity];
    for (const { type, elementBytes } of viewKinds) {
      for (const bytes of [2 ** 53 - 1, 2 ** 53 - 63, 2 ** 52, 2 ** 48 - 1, maxChunkBytes + 1]) {
        const length = Math.ceil(bytes / elementBytes);
        const codes = [
          codeOf(() => arena.alloc(type, length)),
          codeOf(() => arena.alloc(type, length, { alignment: 4096 })),
          codeOf(() => allocator.alloc(type, length, { alignment: 4096 })),
        ];
        const isBytes = length * elementBytes <= Number.MAX_SAFE_INTEGER;
        const refusal = isBytes ? 'OUT_OF_MEMORY' : 'OUT_OF_RANGE';
        assert.ok(
          codes.every((code) => code?.endsWith(refusal)),
          `${type.name} of ${bytes}: ${codes.join()}`,
        );
      }
      throwsCode('ERR_OUT_OF_RANGE', () => arena.alloc(type, 2 ** 53 + 64 / elementBytes));
    }
    assert.deepEqual([arena.stats(), allocator.stats().capacity], before);
  });
});
