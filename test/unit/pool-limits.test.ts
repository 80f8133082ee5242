import assert from 'node:assert/strict';

import { PoolCore } from '#internal/pool-core';
import { LeakSampler } from '#internal/leaks';
import { BufferPool, type PoolStats } from 'simd-arena';

import { runChild } from '../support/child';
import { messagesOf } from '../support/channels';
import { throwsCode } from '../support/errors';

const KIB = 2 ** 10;

/** A pool with `counts` idle buffers of these sizes. */
function poolWith(counts: Readonly<Record<number, number>>): BufferPool {
  const pool = new BufferPool({ staleViews: 'allow' });
  const buffers = Object.entries(counts).flatMap(([size, count]) =>
    Array.from({ length: count }, () => pool.getOrAlloc(Number(size))),
  );
  for (const buffer of buffers) pool.put(buffer);
  return pool;
}

function idle({ buckets }: PoolStats): Record<number, number> {
  return Object.fromEntries(buckets.filter((bucket) => bucket.idle > 0).map((bucket) => [bucket.bytes, bucket.idle]));
}

describe('trim', () => {
  it('takes from the size class that has most bytes, down to the target', () => {
    using pool = poolWith({ 64: 8, 1024: 4, 4096: 1 });
    assert.equal(pool.stats().pooledBytes, 512 + 4096 + 4096);
    assert.equal(pool.trim(pool.stats().pooledBytes), 0);
    assert.equal(pool.trim(8 * KIB), 4 * KIB, 'of classes with as many bytes, the largest');
    assert.deepEqual(idle(pool.stats()), { 64: 8, 1024: 4 });
    assert.equal(pool.trim(4 * KIB), KIB);
    assert.deepEqual(idle(pool.stats()), { 64: 8, 1024: 3 });
    assert.equal(pool.trim(3 * KIB), KIB);
    assert.equal(pool.trim(1), 2 * KIB + 512);
    assert.deepEqual(idle(pool.stats()), {});
    assert.equal(pool.trim(), 0);
    assert.equal(pool.stats().discards.trimmed, 13);
  });

  it('takes the coldest buffer first, and revokes its views', () => {
    using pool = new BufferPool({ staleViews: 'allow' });
    const buffers = Array.from({ length: 3 }, () => pool.getOrAlloc(100));
    for (const buffer of buffers) pool.put(buffer);
    pool.trim(2 * 128);
    assert.deepEqual(
      buffers.map(({ length }) => length),
      [0, 100, 100],
    );
    pool.trim(128);
    assert.deepEqual(
      buffers.map(({ length }) => length),
      [0, 0, 100],
    );
    assert.equal(pool.get(100)?.buffer, buffers[2]!.buffer);
  });

  it('leaves alone what is out', () => {
    using pool = poolWith({ 64: 2 });
    const out = pool.getOrAlloc(64);
    assert.equal(pool.trim(), 64);
    assert.deepEqual([out.length, pool.stats().inUse], [64, 1]);
    pool.put(out);
  });
});

describe('age', () => {
  /** A core whose time passes only when a test says so. */
  function coreWith(buffers: number): { core: PoolCore; take: () => void } {
    const core = new PoolCore({
      label: undefined,
      maxPoolBytes: 2 ** 20,
      maxBuffersPerBucket: 8,
      maxIdleMs: undefined,
      staleViews: 'revoke',
      leaks: new LeakSampler('off'),
    });
    const views = Array.from({ length: buffers }, () => core.allocate(Uint8Array, 100, 100, 64, false));
    for (const view of views) core.give(view);
    return {
      core,
      take: () => {
        core.give(core.take(Uint8Array, 100, 100, 64));
      },
    };
  }

  it('ends buffers that were idle for a whole period, and only those', () => {
    const { core, take } = coreWith(4);
    core.discardUnused();
    assert.equal(core.stats().pooledBuffers, 4, 'the period in which they came back does not count');
    take();
    core.discardUnused();
    assert.equal(core.stats().pooledBuffers, 1, 'one was used');
    assert.equal(core.stats().discards.unused, 3);
    take();
    core.discardUnused();
    assert.equal(core.stats().pooledBuffers, 1);
    core.discardUnused();
    assert.deepEqual([core.stats().pooledBuffers, core.stats().discards.unused], [0, 4]);
    core.close();
  });

  it('counts as many as were ever out at once in a period as used', () => {
    const { core } = coreWith(5);
    core.discardUnused();
    const views = Array.from({ length: 3 }, () => core.take(Uint8Array, 100, 100, 64));
    for (const view of views) core.give(view);
    core.discardUnused();
    assert.equal(core.stats().pooledBuffers, 3);
    core.close();
  });

  it('of maxIdleMs passes by a timer, which keeps no process alive', () => {
    const { stdout, stderr, status } = runChild(`
      const { mock } = require('node:test');
      mock.timers.enable({ apis: ['setInterval'] });
      const { BufferPool } = require('simd-arena');
      const pool = new BufferPool({ maxIdleMs: 1000 });
      pool.put(pool.getOrAlloc(100));
      const seen = [];
      for (const milliseconds of [999, 1, 999, 1]) {
        mock.timers.tick(milliseconds);
        seen.push(pool.stats().pooledBuffers);
      }
      pool.put(pool.getOrAlloc(100));
      pool.close();
      mock.timers.tick(10_000);
      console.log(JSON.stringify(seen));`);
    assert.equal(status, 0, stderr);
    assert.deepEqual(JSON.parse(stdout), [1, 1, 1, 0]);
    assert.equal(runChild(`new (require('simd-arena').BufferPool)({ maxIdleMs: 1e9 }).getOrAlloc(1)`).status, 0);
  });

  it('passes in real time', async () => {
    using pool = new BufferPool({ maxIdleMs: 1 });
    pool.put(pool.getOrAlloc(100));
    while (pool.stats().pooledBuffers > 0) await new Promise((resolve) => setTimeout(resolve, 1));
    assert.equal(pool.stats().discards.unused, 1);
  });
});

describe('the budget of the process', () => {
  /** Runs `code` in a process that may have 8 MiB; what it prints, parsed. */
  function withBudget(code: string): unknown {
    const { stdout, stderr } = runChild(
      `
      const { Arena, BufferPool, PoolAllocator, withArena, arenaStats } = require('simd-arena');
      const MIB = 2 ** 20;
      const codeOf = (run) => { try { return run() } catch ({ code }) { return code } };
      ${code}`,
      { SIMD_ARENA_BUDGET: '8m' },
    );
    assert.notEqual(stdout, '', stderr);
    return JSON.parse(stdout);
  }

  it('refuses a pool, and leaves it as it was', () => {
    assert.deepEqual(
      withBudget(`
        const pool = new BufferPool();
        const kept = pool.getOrAlloc(4 * MIB).fill(1);
        const before = pool.stats();
        const refused = codeOf(() => pool.getOrAlloc(8 * MIB));
        const after = pool.stats();
        console.log(JSON.stringify({
          refused,
          misses: after.misses - before.misses,
          same: require('node:util').isDeepStrictEqual({ ...before, misses: 0 }, { ...after, misses: 0 }),
          kept: kept.every((byte) => byte === 1),
          more: pool.getOrAlloc(4 * MIB).length,
        }));`),
      { refused: 'ERR_MEMORY_BUDGET', misses: 1, same: true, kept: true, more: 4 * 2 ** 20 },
    );
  });

  for (const [what, keep] of Object.entries({
    'its own': 'pool.put(pool.getOrAlloc(6 * MIB));',
    "another pool's": 'globalThis.other = new BufferPool(); other.put(other.getOrAlloc(6 * MIB));',
    "an allocator's": 'globalThis.other = new PoolAllocator(); other.free(other.alloc(Float64Array, 6 * MIB / 8));',
    "arenas'": `
      const arenas = Array.from({ length: 6 }, () => new Arena());
      for (const arena of arenas) arena.alloc(Uint8Array, MIB);
      for (const arena of arenas) arena.close();`,
  })) {
    it(`makes a pool take idle memory, ${what}, before it is refused`, () => {
      assert.deepEqual(
        withBudget(`
          const pool = new BufferPool();
          ${keep}
          console.log(JSON.stringify([codeOf(() => pool.getOrAlloc(5 * MIB).length), pool.stats().pooledBuffers]));`),
        [5 * 2 ** 20, 0],
      );
    });
  }

  it('makes an arena take idle memory of pools before it is refused', () => {
    assert.deepEqual(
      withBudget(`
        const pools = [new BufferPool(), new BufferPool({ staleViews: 'allow' })];
        const views = pools.map((pool) => { const view = pool.getOrAlloc(4 * MIB); pool.put(view); return view; });
        const arena = new Arena();
        const length = codeOf(() => arena.alloc(Uint8Array, 8 * MIB).length);
        console.log(JSON.stringify([
          length,
          views.map((view) => view.length),
          pools.map((pool) => pool.stats().discards.trimmed),
          codeOf(() => pools[0].getOrAlloc(1)),
        ]));`),
      [8 * 2 ** 20, [0, 0], [1, 1], 'ERR_MEMORY_BUDGET'],
    );
  });

  it('is not exceeded by buffers of 64 bytes, which share memory', () => {
    const [count, code] = withBudget(`
      const pool = new BufferPool({ leakDetection: 'off' });
      const kept = [];
      let code;
      while (code === undefined) { try { kept.push(pool.getOrAlloc(64)); } catch (error) { code = error.code; } }
      console.log(JSON.stringify([kept.length, code]));`) as [number, string];
    assert.deepEqual([count, code], [(8 * 2 ** 20) / 64, 'ERR_MEMORY_BUDGET']);
  });

  it('and what no system has, are refused with the facts, and told to the channel limit', async () => {
    using pool = new BufferPool({ label: 'refused' });
    const messages = await messagesOf('limit', () => {
      for (const size of [2 ** 53 - 1, 2 ** 52, 2 ** 47]) {
        throwsCode('ERR_POOL_OUT_OF_MEMORY', () => pool.getOrAlloc(size), { label: 'refused', requested: size });
      }
    });
    assert.deepEqual(
      messages,
      [2 ** 53 - 1, 2 ** 52, 2 ** 47].map((requested) => ({
        label: 'refused',
        code: 'ERR_POOL_OUT_OF_MEMORY',
        requested,
      })),
    );
    const { misses, inUse, allocations, hitRate } = pool.stats();
    assert.deepEqual({ misses, inUse, allocations, hitRate }, { misses: 3, inUse: 0, allocations: 0, hitRate: 0 });
  });
});
