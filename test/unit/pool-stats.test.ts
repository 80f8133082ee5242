import assert from 'node:assert/strict';

import { BufferPool, type PoolStats } from 'simd-arena';

import { collectUntil, steal } from '../support/runtime';
import { randomWords } from '../support/numbers';

const LARGEST_CLASS = 2 ** 27;

/** Asserts what lib/pool-stats.ts says about the numbers, whatever the pool has done. */
function assertConsistent(stats: PoolStats): void {
  const sum = (of: (bucket: PoolStats['buckets'][number]) => number): number =>
    stats.buckets.reduce((total, bucket) => total + of(bucket), 0);
  assert.equal(stats.inUse, stats.allocations - stats.deallocations);
  assert.equal(stats.bytesInUse, stats.bytesAllocated - stats.bytesFreed);
  assert.equal(
    stats.pooledBuffers,
    sum(({ idle }) => idle),
  );
  assert.equal(
    stats.pooledBytes,
    sum(({ idle, bytes }) => idle * bytes),
  );
  assert.ok(stats.capacity >= stats.pooledBytes + stats.bytesInUse + stats.wastedBytes);
  assert.equal(stats.hitRate, stats.hits + stats.misses === 0 ? 0 : stats.hits / (stats.hits + stats.misses));
  for (const [name, value] of [...Object.entries(stats), ...Object.entries(stats.discards)]) {
    if (typeof value === 'number') assert.ok(value >= 0 && Number.isFinite(value), `${name}: ${value}`);
  }
}

describe('the statistics of a pool', () => {
  it('are zero at first', () => {
    using pool = new BufferPool({ label: 'new' });
    const { label, buckets, discards, ...numbers } = pool.stats();
    assert.equal(label, 'new');
    assert.ok(Object.values(numbers).every((value) => value === 0));
    assert.ok(Object.values(discards).every((value) => value === 0));
    assert.ok(buckets.every(({ idle, inUse }) => idle === 0 && inUse === 0));
    assert.equal(new BufferPool().stats().label, undefined);
  });

  it('count every request as a hit or a miss', () => {
    using pool = new BufferPool();
    pool.get(10);
    pool.put(pool.getOrAlloc(10));
    pool.put(pool.get(10)!);
    pool.put(pool.getOrAlloc(10));
    pool.get(10, { alignment: 4096 });
    pool.put(pool.getOrAlloc(LARGEST_CLASS + 1));
    assert.throws(() => pool.getOrAlloc(2 ** 50));
    const { hits, misses, hitRate } = pool.stats();
    assert.deepEqual({ hits, misses, hitRate }, { hits: 2, misses: 5, hitRate: 2 / 7 });
    for (const size of [-1, NaN]) assert.throws(() => pool.get(size));
    assert.deepEqual([pool.stats().hits, pool.stats().misses], [2, 5]);
  });

  it('know what rounding to size classes wastes', () => {
    using pool = new BufferPool();
    pool.getOrAlloc(0);
    assert.equal(pool.stats().wastedBytes, 64);
    const buffer = pool.getOrAlloc(100);
    assert.equal(pool.stats().wastedBytes, 64 + 28);
    pool.getOrAlloc(10, { alignment: 1024 });
    pool.getOrAlloc(LARGEST_CLASS + 1);
    assert.equal(pool.stats().wastedBytes, 64 + 28 + 1014);
    pool.put(buffer);
    assert.equal(pool.stats().wastedBytes, 64 + 1014);
    pool.reclaimAll();
    assert.equal(pool.stats().wastedBytes, 0);
  });

  it('know what the pool takes of the budget, which small buffers share', () => {
    using pool = new BufferPool({ maxBuffersPerBucket: 64 });
    const last = pool.getOrAlloc(1000);
    assert.equal(pool.stats().capacity, 65_536);
    const others = Array.from({ length: 63 }, () => pool.getOrAlloc(1000));
    assert.equal(pool.stats().capacity, 65_536);
    for (const buffer of others) pool.put(buffer);
    assert.deepEqual([pool.trim(), pool.stats().capacity], [63 * 1024, 65_536], 'one of 64 is out');
    pool.put(last);
    assert.equal(pool.stats().capacity, 65_536, 'it is idle');
    assert.deepEqual([pool.trim(), pool.stats().capacity], [1024, 0]);
  });

  it('know what the pool takes of the budget for large buffers', () => {
    using pool = new BufferPool();
    const buffer = pool.getOrAlloc(100_000);
    assert.equal(pool.stats().capacity, 131_072);
    pool.getOrAlloc(LARGEST_CLASS + 1);
    assert.equal(pool.stats().capacity, 131_072 + LARGEST_CLASS + LARGEST_CLASS / 8);
    pool.put(buffer);
    pool.reclaimAll();
    assert.equal(pool.stats().capacity, 131_072);
    pool.trim();
    assert.equal(pool.stats().capacity, 0);
  });

  it('are a copy', () => {
    using pool = new BufferPool();
    const before = pool.stats();
    pool.getOrAlloc(10);
    assert.equal(before.allocations, 0);
    assert.equal(before.buckets[0]!.inUse, 0);
  });

  for (const staleViews of ['revoke', 'poison', 'allow'] as const) {
    it(`add up after any operations, under '${staleViews}'`, async () => {
      using pool = new BufferPool({ staleViews, maxBuffersPerBucket: 4, maxPoolBytes: 20_000, leakDetection: 'off' });
      const next = randomWords(staleViews.length);
      const below = (limit: number): number => next() % limit;
      let out: Buffer[] = [];
      const expected = { requests: 0, allocations: 0, bytes: 0, lost: 0, puts: 0 };
      const take = (buffer: Buffer | null): void => {
        expected.requests += 1;
        if (buffer === null) return;
        expected.allocations += 1;
        expected.bytes += buffer.length;
        out.push(buffer);
      };
      const pick = (): Buffer | undefined => out.splice(out.length === 0 ? 0 : below(out.length), 1)[0];
      const put = (buffer: Buffer | undefined): void => {
        if (buffer === undefined) return;
        pool.put(buffer);
        expected.puts += 1;
      };
      const acts: (() => unknown)[] = [
        () => take(pool.get(below(5000))),
        () => take(pool.getOrAlloc(below(200))),
        () => take(pool.getOrAlloc(below(5000), { alignment: 2 ** below(13) })),
        () => put(pick()),
        () => put(pick()),
        () => {
          const buffer = pick();
          if (buffer === undefined) return;
          pool.putAfter(buffer, { closed: true, once: () => undefined });
          expected.puts += 1;
        },
        async () => {
          if (below(10) > 0) return;
          const buffer = pick();
          if (buffer === undefined || buffer.length === 0) return;
          await steal(buffer);
          put(buffer);
          expected.lost += 1;
        },
        () => (below(20) === 0 ? pool.trim(below(20_000)) : 0),
        () => {
          if (below(40) > 0) return;
          pool.reclaimAll();
          expected.puts += out.length;
          out = [];
        },
      ];
      for (let step = 0; step < 2000; step++) {
        await acts[below(acts.length)]!();
        const stats = pool.stats();
        assertConsistent(stats);
        assert.equal(stats.hits + stats.misses, expected.requests);
        assert.deepEqual([stats.allocations, stats.bytesAllocated], [expected.allocations, expected.bytes]);
        assert.deepEqual([stats.deallocations, stats.inUse], [expected.puts, out.length]);
        assert.equal(
          stats.bytesInUse,
          out.reduce((total, buffer) => total + buffer.length, 0),
        );
        assert.ok(stats.pooledBytes <= 20_000 && stats.buckets.every(({ idle }) => idle <= 4));
        assert.equal(stats.lost, expected.lost);
      }
      const left = out.length;
      out = [];
      await collectUntil(() => pool.stats().leaks === left);
      assertConsistent(pool.stats());
      assert.deepEqual([pool.stats().inUse, pool.stats().wastedBytes], [0, 0]);
    });
  }
});
