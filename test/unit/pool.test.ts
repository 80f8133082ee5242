import assert from 'node:assert/strict';

import { BufferPool, type PoolStats } from 'simd-arena';

import { throwsCode } from '../support/errors';
import { isAligned } from '../support/runtime';

const KIB = 2 ** 10;
const MIB = 2 ** 20;
const LARGEST_CLASS = 128 * MIB;
const alignments = Array.from({ length: 13 }, (_, power) => 2 ** power);

/** The size classes that have buffers, by their bytes: [idle, in use]. */
function occupancy({ buckets }: PoolStats): Record<number, [number, number]> {
  const occupied = buckets.filter(({ idle, inUse }) => idle + inUse > 0);
  return Object.fromEntries(occupied.map(({ bytes, idle, inUse }) => [bytes, [idle, inUse]]));
}

describe('a buffer of a pool', () => {
  it('has exactly the bytes that were asked for, made or reused', () => {
    using pool = new BufferPool();
    for (const size of [0, 1, 63, 64, 65, 68, 127, 128, 129, 1000, 4096, 65_535, 65_536, 65_537, MIB + 1]) {
      for (const expected of ['misses', 'hits'] as const) {
        const before = pool.stats()[expected];
        const buffer = pool.getOrAlloc(size);
        assert.equal(pool.stats()[expected], before + 1, `${size}: ${expected}`);
        assert.ok(Buffer.isBuffer(buffer));
        assert.equal(buffer.length, size);
        assert.equal(buffer.fill(7).indexOf(0), -1);
        pool.put(buffer);
      }
      pool.trim();
    }
  });

  it('is reused by requests of another size in its class, with the bytes that they ask for', () => {
    using pool = new BufferPool();
    pool.put(pool.getOrAlloc(100));
    for (const size of [65, 128, 66, 127]) {
      const buffer = pool.get(size);
      assert.equal(buffer?.length, size);
      pool.put(buffer);
    }
    assert.equal(pool.stats().hits, 4);
    assert.equal(pool.stats().misses, 1);
  });

  it('is not there where nothing is pooled', () => {
    using pool = new BufferPool();
    assert.equal(pool.get(100), null);
    assert.equal(pool.get(0), null);
    assert.deepEqual(occupancy(pool.stats()), {});
  });

  it('has memory of its own', () => {
    using pool = new BufferPool();
    const buffers = Array.from({ length: 3000 }, (_, index) => pool.getOrAlloc(40 + (index % 90)).fill(index));
    assert.equal(new Set(buffers.map(({ buffer }) => buffer)).size, buffers.length);
    for (const [index, buffer] of buffers.entries()) assert.ok(buffer.every((byte) => byte === index % 256));
  });

  it('is the one that came back last', () => {
    using pool = new BufferPool({ staleViews: 'allow' });
    const [first, second] = [pool.getOrAlloc(64), pool.getOrAlloc(64)];
    pool.put(first);
    pool.put(second);
    assert.equal(pool.getOrAlloc(64).buffer, second.buffer);
    assert.equal(pool.getOrAlloc(64).buffer, first.buffer);
  });
});

describe('the size class of a buffer', () => {
  it('is the smallest that holds the request', () => {
    using pool = new BufferPool();
    for (const [size, bytes] of [
      [0, 64],
      [1, 64],
      [64, 64],
      [65, 128],
      [128, 128],
      [129, 256],
      [MIB, MIB],
      [MIB + 1, 2 * MIB],
    ] as const) {
      const buffer = pool.getOrAlloc(size);
      assert.deepEqual(occupancy(pool.stats()), { [bytes]: [0, 1] }, `${size} bytes`);
      pool.put(buffer);
      pool.trim();
    }
  });

  it('is recorded when it is made: a buffer of 68 bytes never serves 129, nor one of 64 bytes 65', () => {
    using pool = new BufferPool();
    pool.put(pool.getOrAlloc(68));
    assert.equal(pool.get(129), null);
    assert.equal(pool.get(64), null);
    pool.put(pool.getOrAlloc(64));
    assert.equal(pool.get(129), null);
    assert.equal(pool.get(65)?.length, 65);
    assert.equal(pool.get(65), null);
  });

  it('stays what it was while requests of other sizes use it', () => {
    using pool = new BufferPool();
    let buffer = pool.getOrAlloc(128);
    for (const size of [65, 128, 100, 70]) {
      pool.put(buffer);
      buffer = pool.get(size)!;
      assert.deepEqual(occupancy(pool.stats()), { 128: [0, 1] });
    }
    pool.put(buffer);
    assert.equal(pool.get(128)?.fill(1).length, 128);
  });

  it('is one of 22, from 64 bytes to 128 MiB', () => {
    using pool = new BufferPool();
    const { buckets } = pool.stats();
    assert.deepEqual(
      buckets.map(({ bytes }) => bytes),
      Array.from({ length: 22 }, (_, index) => 64 * 2 ** index),
    );
    assert.equal(buckets.at(-1)!.bytes, LARGEST_CLASS);
  });

  it('is the last one up to 128 MiB, whose buffers hold all of that', () => {
    using pool = new BufferPool({ maxPoolBytes: LARGEST_CLASS });
    pool.put(pool.getOrAlloc(LARGEST_CLASS / 2 + 1));
    const buffer = pool.get(LARGEST_CLASS)!;
    buffer[LARGEST_CLASS - 1] = 9;
    assert.equal(buffer[LARGEST_CLASS - 1], 9);
    pool.put(buffer);
    assert.equal(pool.get(LARGEST_CLASS + 1), null);
    assert.equal(pool.stats().pooledBytes, LARGEST_CLASS);
  });

  it('does not exist for larger buffers: they are served, counted, and not kept', () => {
    using pool = new BufferPool({ maxPoolBytes: Number.MAX_SAFE_INTEGER });
    for (let count = 1; count <= 2; count++) {
      const buffer = pool.getOrAlloc(LARGEST_CLASS + 1);
      assert.equal(buffer.length, LARGEST_CLASS + 1);
      const { bytesInUse, wastedBytes, inUse } = pool.stats();
      assert.deepEqual({ bytesInUse, wastedBytes, inUse }, { bytesInUse: buffer.length, wastedBytes: 0, inUse: 1 });
      pool.put(buffer);
      assert.equal(buffer.length, 0);
      const { misses, hits, pooledBytes, discards } = pool.stats();
      assert.deepEqual([misses, hits, pooledBytes, discards.tooLarge], [count, 0, 0, count]);
    }
  });
});

describe('the alignment of a buffer', () => {
  it('is that of its size class, which is raised to what is asked for', () => {
    using pool = new BufferPool();
    for (const alignment of alignments) {
      for (const size of [0, 1, 100, 5000]) {
        const buffer = pool.getOrAlloc(size, { alignment });
        assert.equal(buffer.length, size);
        assert.ok(isAligned(buffer, Math.max(64, alignment)));
        const [bytes] = Object.keys(occupancy(pool.stats())).map(Number);
        assert.ok(bytes! >= Math.max(size, alignment), `${size} bytes at ${alignment}: ${bytes}`);
        pool.put(buffer);
        pool.trim();
      }
    }
  });

  it('is not ignored by a hit', () => {
    using pool = new BufferPool();
    for (const alignment of alignments.filter((power) => power > 64)) {
      pool.put(pool.getOrAlloc(alignment / 2));
      assert.equal(pool.get(alignment / 2, { alignment }), null, `at ${alignment}`);
      assert.equal(pool.get(0, { alignment }), null, `at ${alignment}`);
      pool.put(pool.getOrAlloc(10, { alignment }));
      assert.equal(pool.get(10, { alignment })?.length, 10);
      pool.trim();
    }
  });

  it('of 64 and less is that of every buffer', () => {
    using pool = new BufferPool();
    pool.put(pool.getOrAlloc(10));
    for (const alignment of [1, 2, 4, 8, 16, 32, 64]) {
      const buffer = pool.get(10, { alignment })!;
      assert.equal(buffer.length, 10);
      pool.put(buffer);
    }
  });
});

describe('what a pool keeps', () => {
  it('is at most maxBuffersPerBucket of each class', () => {
    using pool = new BufferPool({ maxBuffersPerBucket: 3 });
    const buffers = [10, 100].flatMap((size) => Array.from({ length: 10 }, () => pool.getOrAlloc(size)));
    for (const buffer of buffers) pool.put(buffer);
    assert.deepEqual(occupancy(pool.stats()), { 64: [3, 0], 128: [3, 0] });
    assert.equal(pool.stats().discards.bucketFull, 14);
    assert.ok(buffers.every(({ length }) => length === 0));
  });

  it('is at most maxPoolBytes', () => {
    using pool = new BufferPool({ maxPoolBytes: 10 * KIB });
    const buffers = [4, 4, 4, 1, 1, 1].map((kib) => pool.getOrAlloc(kib * KIB));
    for (const buffer of buffers) pool.put(buffer);
    assert.deepEqual(occupancy(pool.stats()), { [4 * KIB]: [2, 0], [KIB]: [2, 0] });
    assert.equal(pool.stats().pooledBytes, 10 * KIB);
    assert.equal(pool.stats().discards.poolFull, 2);
    assert.ok(buffers.every(({ length }) => length === 0));
  });

  for (const options of [{ maxPoolBytes: 0 }, { maxBuffersPerBucket: 0 }]) {
    it(`is nothing with ${JSON.stringify(options)}`, () => {
      using pool = new BufferPool(options);
      for (let count = 0; count < 3; count++) {
        const buffer = pool.getOrAlloc(100);
        pool.put(buffer);
        assert.equal(buffer.length, 0);
      }
      const { pooledBuffers, hits, misses } = pool.stats();
      assert.deepEqual({ pooledBuffers, hits, misses }, { pooledBuffers: 0, hits: 0, misses: 3 });
    });
  }

  it('is 8 of each class and 64 MiB where nobody says otherwise', () => {
    using pool = new BufferPool();
    for (const buffer of Array.from({ length: 9 }, () => pool.getOrAlloc(10))) pool.put(buffer);
    assert.equal(pool.stats().pooledBuffers, 8);
    for (const buffer of [32, 32].map((mib) => pool.getOrAlloc(mib * MIB))) pool.put(buffer);
    assert.equal(pool.stats().discards.poolFull, 1);
    assert.equal(pool.stats().pooledBytes, 32 * MIB + 8 * 64);
  });
});

describe('reclaimAll', () => {
  it('takes every buffer back, revokes it and keeps the memory', () => {
    using pool = new BufferPool();
    const idle = pool.getOrAlloc(1000);
    pool.put(idle);
    const buffers = [10, 100, 2000].map((size) => pool.getOrAlloc(size));
    pool.reclaimAll();
    assert.deepEqual(occupancy(pool.stats()), { 64: [1, 0], 128: [1, 0], 1024: [1, 0], 2048: [1, 0] });
    assert.ok(buffers.every(({ length }) => length === 0));
    for (const buffer of buffers) throwsCode('ERR_POOL_DOUBLE_PUT', () => pool.put(buffer));
    for (const size of [10, 100, 2000]) assert.equal(pool.get(size)?.length, size);
    pool.reclaimAll();
    pool.reclaimAll();
    assert.equal(pool.stats().inUse, 0);
  });

  it('keeps to the limits of the pool', () => {
    using pool = new BufferPool({ maxBuffersPerBucket: 2 });
    const buffers = [...Array.from({ length: 5 }, () => pool.getOrAlloc(10)), pool.getOrAlloc(LARGEST_CLASS + 1)];
    pool.reclaimAll();
    assert.ok(buffers.every(({ length }) => length === 0));
    const { inUse, bytesInUse, pooledBuffers, discards } = pool.stats();
    assert.deepEqual([inUse, bytesInUse, pooledBuffers], [0, 0, 2]);
    assert.deepEqual([discards.bucketFull, discards.tooLarge], [3, 1]);
  });
});

describe('a closed pool', () => {
  it('leaves nothing of what its buffers held to another pool', () => {
    const sizes = [10, 1000, 40_000, 100_000, MIB];
    const pool = new BufferPool();
    for (const size of sizes) {
      const buffer = pool.getOrAlloc(size);
      new Uint8Array(buffer.buffer).fill(7);
      pool.put(buffer);
    }
    pool.close();
    using other = new BufferPool();
    for (const size of sizes) {
      const { buffer } = other.getOrAlloc(size);
      assert.ok(new Uint8Array(buffer).every((byte) => byte === 0));
    }
  });

  it('has revoked what was out, and refuses everything', () => {
    for (const staleViews of ['revoke', 'poison', 'allow'] as const) {
      const pool = new BufferPool({ label: 'closed', staleViews });
      const out = pool.getOrAlloc(100);
      const back = pool.getOrAlloc(200);
      pool.put(back);
      pool.close();
      pool.close();
      pool[Symbol.dispose]();
      assert.deepEqual([out.length, back.length], [0, 0]);
      for (const use of [
        () => pool.get(1),
        () => pool.getOrAlloc(1),
        () => pool.put(out),
        () => pool.put(Buffer.alloc(1)),
        () => pool.putAfter(out, Promise.resolve()),
        () => pool.reclaimAll(),
        () => pool.trim(),
        () => pool.stats(),
      ]) {
        const { message } = throwsCode('ERR_POOL_CLOSED', use, { label: 'closed' });
        assert.match(message, /"closed"/);
      }
    }
  });

  it('is what `using` leaves', () => {
    let kept: BufferPool;
    let buffer: Buffer;
    {
      using pool = new BufferPool();
      kept = pool;
      buffer = pool.getOrAlloc(10);
    }
    assert.equal(buffer.length, 0);
    throwsCode('ERR_POOL_CLOSED', () => kept.stats(), { label: undefined });
  });
});
