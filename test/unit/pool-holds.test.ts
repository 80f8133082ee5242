import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { PassThrough, Writable } from 'node:stream';

import { BufferPool, PoolAllocator, type StaleViews, type Until } from 'simd-arena';

import { runChild } from '../support/child';
import { throwsCode } from '../support/errors';
import { collectTwice, nextTurn, steal } from '../support/runtime';

/** A promise with the functions that settle it. */
function deferred(): { promise: Promise<void>; resolve: () => void; reject: (reason: Error) => void } {
  let settle: { resolve: () => void; reject: (reason: Error) => void } | undefined;
  const promise = new Promise<void>((resolve, reject) => (settle = { resolve, reject }));
  return { promise, ...settle! };
}

const failure = new Error('of the user');
const fail = (): never => {
  throw failure;
};

/** Each way to say what a buffer is held for, and to bring that to its end. */
const waits: Readonly<Record<string, () => { until: Until; end: () => unknown }>> = {
  'a promise is fulfilled': () => {
    const { promise, resolve } = deferred();
    return { until: promise, end: resolve };
  },
  'a promise is rejected': () => {
    const { promise, reject } = deferred();
    return { until: promise, end: () => reject(failure) };
  },
  "a stream emits 'close'": () => {
    const stream = new EventEmitter();
    return { until: stream, end: () => stream.emit('close') };
  },
  'a stream is destroyed': () => {
    const stream = new PassThrough();
    stream.on('error', () => undefined);
    return { until: stream, end: () => stream.destroy(failure) };
  },
};

for (const staleViews of ['revoke', 'poison', 'allow'] satisfies StaleViews[]) {
  for (const [what, make] of Object.entries(waits)) {
    it(`putAfter under '${staleViews}' keeps a buffer as it is until ${what}`, async () => {
      using pool = new BufferPool({ staleViews });
      const { until, end } = make();
      const buffer = pool.getOrAlloc(100).fill(4);
      pool.putAfter(buffer, until);
      await nextTurn();
      assert.equal(pool.get(100), null);
      assert.ok(buffer.length === 100 && buffer.every((byte) => byte === 4));
      assert.equal(pool.stats().inUse, 1);
      end();
      await nextTurn();
      assert.equal(pool.stats().inUse, 0);
      assert.equal(buffer.length, staleViews === 'revoke' ? 0 : 100);
      assert.equal(pool.get(100)?.length, 100);
    });
  }
}

describe('a buffer that is held', () => {
  it('cannot come back again, before and after the end of its hold', async () => {
    using pool = new BufferPool({ label: 'held' });
    const { promise, resolve } = deferred();
    const buffer = pool.getOrAlloc(100).fill(4);
    pool.putAfter(buffer, promise);
    const again = (): void => {
      const before = pool.stats();
      throwsCode('ERR_POOL_DOUBLE_PUT', () => pool.put(buffer), { label: 'held' });
      throwsCode('ERR_POOL_DOUBLE_PUT', () => pool.putAfter(buffer, Promise.resolve()), { label: 'held' });
      assert.deepEqual(pool.stats(), before);
    };
    again();
    assert.ok(buffer.length === 100 && buffer.every((byte) => byte === 4));
    resolve();
    await nextTurn();
    again();
    assert.equal(pool.stats().deallocations, 1);
  });

  it('is left alone by reclaimAll, trim and close, and given back to the system at the end of its hold', async () => {
    const pool = new BufferPool();
    const { promise, resolve } = deferred();
    const [held, out] = [pool.getOrAlloc(100).fill(4), pool.getOrAlloc(100)];
    pool.putAfter(held, promise);
    pool.reclaimAll();
    pool.trim();
    assert.deepEqual([held.length, out.length, pool.stats().inUse], [100, 0, 1]);
    pool.close();
    await nextTurn();
    assert.ok(held.length === 100 && held.every((byte) => byte === 4));
    resolve();
    await nextTurn();
    assert.equal(held.length, 0);
  });

  it('may be taken away', async () => {
    using pool = new BufferPool();
    const { promise, resolve } = deferred();
    const buffer = pool.getOrAlloc(100);
    pool.putAfter(buffer, promise);
    await steal(buffer);
    resolve();
    await nextTurn();
    assert.deepEqual([pool.stats().lost, pool.stats().inUse], [1, 0]);
  });

  it('keeps its pool and its memory, although nobody else does', async () => {
    const { promise, resolve } = deferred();
    const hold = (): [Buffer, WeakRef<BufferPool>] => {
      const pool = new BufferPool();
      const buffer = pool.getOrAlloc(100).fill(4);
      pool.putAfter(buffer, promise);
      return [buffer, new WeakRef(pool)];
    };
    const [buffer] = hold();
    await collectTwice();
    const others = new BufferPool();
    for (let count = 0; count < 2000; count++) others.getOrAlloc(100).fill(0xee);
    assert.ok(buffer.length === 100 && buffer.every((byte) => byte === 4));
    others.close();
    resolve();
    await nextTurn();
    assert.equal(buffer.length, 0);
  });
});

describe('putAfter', () => {
  it('puts at once where the stream is closed already', async () => {
    using pool = new BufferPool();
    const stream = new PassThrough();
    stream.destroy();
    await once(stream, 'close');
    const buffer = pool.getOrAlloc(100);
    pool.putAfter(buffer, stream);
    assert.deepEqual([buffer.length, pool.stats().pooledBuffers], [0, 1]);
  });

  it("waits for 'close', whatever else a stream emits", () => {
    using pool = new BufferPool();
    const stream = new EventEmitter();
    const buffer = pool.getOrAlloc(100);
    pool.putAfter(buffer, stream);
    for (const event of ['finish', 'end']) stream.emit(event);
    assert.equal(buffer.length, 100);
    stream.emit('close');
    stream.emit('close');
    assert.deepEqual([buffer.length, pool.stats().deallocations], [0, 1]);
  });

  it('changes nothing where the stream or the promise throws', async () => {
    using pool = new BufferPool();
    const buffer = pool.getOrAlloc(100).fill(4);
    const before = pool.stats();
    const hostile: unknown[] = [
      { once: fail },
      Object.defineProperty({}, 'once', { get: fail }),
      Object.defineProperty({ once: () => undefined }, 'closed', { get: fail }),
      Object.defineProperty({}, 'then', { get: fail }),
    ];
    for (const until of hostile) assert.throws(() => pool.putAfter(buffer, until as Until), failure);
    await nextTurn();
    assert.deepEqual(pool.stats(), before);
    assert.ok(buffer.length === 100 && buffer.every((byte) => byte === 4));
    pool.put(buffer);
  });

  it('takes the buffer back where a stream that closes the pool throws', () => {
    const pool = new BufferPool();
    const buffer = pool.getOrAlloc(100);
    const closes = {
      once: (): never => {
        pool.close();
        throw failure;
      },
    };
    assert.throws(() => pool.putAfter(buffer, closes), failure);
    assert.equal(buffer.length, 0);
  });

  it('lets a slow stream write pooled buffers', async () => {
    using pool = new BufferPool();
    const written: string[] = [];
    const stream = new Writable({
      write(chunk: Buffer, _encoding, done): void {
        setImmediate(() => {
          written.push(chunk.toString());
          done();
        });
      },
    });
    for (const word of ['pooled', 'buffers', 'hold']) {
      const buffer = pool.getOrAlloc(word.length);
      buffer.write(word);
      stream.write(buffer);
      pool.putAfter(buffer, stream);
    }
    stream.end();
    for (let count = 0; count < 10; count++) pool.put(pool.getOrAlloc(8).fill('!'));
    await once(stream, 'close');
    assert.deepEqual(written, ['pooled', 'buffers', 'hold']);
    assert.equal(pool.stats().inUse, 0);
  });
});

describe('PoolAllocator.freeAfter', () => {
  it('is putAfter for typed arrays', async () => {
    using allocator = new PoolAllocator();
    const { promise, resolve } = deferred();
    const view = allocator.alloc(Float64Array, 10).fill(1.5);
    allocator.freeAfter(view, promise);
    throwsCode('ERR_POOL_DOUBLE_PUT', () => allocator.free(view));
    allocator.reclaimAll();
    assert.ok(view.length === 10 && view.every((value) => value === 1.5));
    resolve();
    await nextTurn();
    assert.deepEqual([view.length, allocator.stats().pooledBuffers], [0, 1]);
  });
});

it('a hold that never ends is reported once, with the label of the pool', () => {
  const { stdout, stderr } = runChild(`
    const { mock } = require('node:test');
    mock.timers.enable({ apis: ['setInterval'] });
    const { subscribe } = require('node:diagnostics_channel');
    const { arenaStats, BufferPool } = require('simd-arena');
    const labels = [];
    subscribe('simd-arena:hold:overdue', ({ label }) => labels.push(label));
    process.on('warning', () => undefined);
    const pool = new BufferPool({ label: 'slow clients' });
    const [late, soon] = [pool.getOrAlloc(10), pool.getOrAlloc(10)];
    pool.putAfter(late, new Promise(() => undefined));
    pool.putAfter(soon, Promise.resolve());
    const reports = [];
    (async () => {
      for (const milliseconds of [19_000, 11_000, 100_000]) {
        await new Promise((resolve) => setImmediate(resolve));
        mock.timers.tick(milliseconds);
        await new Promise((resolve) => setImmediate(resolve));
        reports.push(labels.splice(0));
      }
      const { overdueHolds } = arenaStats();
      console.log(JSON.stringify({ reports, overdueHolds, length: late.length, inUse: pool.stats().inUse }));
    })();`);
  assert.notEqual(stdout, '', stderr);
  assert.deepEqual(JSON.parse(stdout), {
    reports: [[], ['slow clients'], []],
    overdueHolds: 1,
    length: 10,
    inUse: 1,
  });
});
