import assert from 'node:assert/strict';
import { runInNewContext } from 'node:vm';
import { markAsUntransferable } from 'node:worker_threads';

import { Arena, BufferPool, PoolAllocator, type ErrorCode, type StaleViews } from 'simd-arena';

import { messagesOf } from '../support/channels';
import { throwsCode } from '../support/errors';
import { promise } from '../support/promises';
import { detach, hasTransfer, marksForbidPoolRevocation, steal, transferBuffer } from '../support/runtime';

const levels: readonly StaleViews[] = ['revoke', 'poison', 'allow'];

/** Asserts that both ways to give `buffer` back are refused, and change nothing. */
function refuses(code: ErrorCode, pool: BufferPool, buffer: unknown): void {
  const before = pool.stats();
  const { label } = before;
  throwsCode(code, () => pool.put(buffer as Buffer), { label });
  throwsCode(code, () => pool.putAfter(buffer as Buffer, Promise.resolve()), { label });
  assert.deepEqual(pool.stats(), before);
}

/** Makes what must not be put where `out` is a buffer of 100 bytes that is out. */
const foreign: Readonly<Record<string, (out: Buffer) => unknown>> = {
  'of the JavaScript heap': () => Buffer.alloc(100),
  "of Node.js's own pool": () => Buffer.from('pooled by Node.js'),
  'of shared memory': () => Buffer.from(new SharedArrayBuffer(100)),
  'of another pool': () => new BufferPool().getOrAlloc(100),
  'of an allocator': () => new PoolAllocator().alloc(Buffer, 100),
  'of an arena': () => new Arena().alloc(Buffer, 100),
  'that is detached': () => {
    const { buffer } = new Uint8Array(100);
    const view = Buffer.from(buffer);
    detach(buffer);
    return view;
  },
  'that is a copy': (out) => structuredClone(out),
  'that is a part': (out) => out.subarray(0, 50),
  'that is a subarray of all': (out) => out.subarray(),
  'that is another Buffer on the same bytes': (out) => Buffer.from(out.buffer, out.byteOffset, out.length),
  'that is a typed array on its ArrayBuffer': (out) => new Uint8Array(out.buffer),
  'that is a typed array of another realm': (out) =>
    runInNewContext('new Uint8Array(buffer, 0, 100)', { buffer: out.buffer }) as unknown,
  'that is a DataView': (out) => new DataView(out.buffer),
};

promise('One owner', () => {
  for (const staleViews of levels) {
    describe(`a pool under '${staleViews}' refuses, and nothing changes, a buffer`, () => {
      for (const [what, make] of Object.entries(foreign)) {
        it(what, () => {
          using pool = new BufferPool({ staleViews, label: 'strict' });
          pool.put(pool.getOrAlloc(100));
          const [out, other] = [pool.getOrAlloc(100).fill(1), pool.getOrAlloc(100).fill(2)];
          const value = make(out);
          refuses('ERR_POOL_NOT_OWNED', pool, value);
          assert.ok(out.length === 100 && out.every((byte) => byte === 1));
          assert.ok(other.length === 100 && other.every((byte) => byte === 2));
          pool.put(out);
          assert.equal(pool.stats().inUse, 1);
        });
      }

      it('that came back before', () => {
        using pool = new BufferPool({ staleViews, label: 'strict' });
        const [buffer, other] = [pool.getOrAlloc(100), pool.getOrAlloc(100).fill(2)];
        pool.put(buffer);
        refuses('ERR_POOL_DOUBLE_PUT', pool, buffer);
        assert.ok(other.every((byte) => byte === 2));
        assert.equal(pool.stats().pooledBuffers, 1);
      });

      it('that came back before, and whose memory somebody else has now', () => {
        using pool = new BufferPool({ staleViews, label: 'strict' });
        const stale = pool.getOrAlloc(100);
        pool.put(stale);
        const next = pool.get(100)!.fill(5);
        refuses(staleViews === 'revoke' ? 'ERR_POOL_DOUBLE_PUT' : 'ERR_POOL_NOT_OWNED', pool, stale);
        assert.ok(next.length === 100 && next.every((byte) => byte === 5));
        pool.put(next);
      });

      it('that came back before, and was discarded', () => {
        using pool = new BufferPool({ staleViews, label: 'strict', maxPoolBytes: 0 });
        const buffer = pool.getOrAlloc(100);
        pool.put(buffer);
        refuses('ERR_POOL_DOUBLE_PUT', pool, buffer);
      });

      it('that was reclaimed', () => {
        using pool = new BufferPool({ staleViews, label: 'strict' });
        const buffer = pool.getOrAlloc(100);
        pool.reclaimAll();
        refuses('ERR_POOL_DOUBLE_PUT', pool, buffer);
      });
    });
  }

  describe('a pool refuses, and nothing changes,', () => {
    it('a buffer of a pool that was closed', () => {
      const closed = new BufferPool();
      const buffer = closed.getOrAlloc(10);
      closed.close();
      using pool = new BufferPool();
      refuses('ERR_POOL_DOUBLE_PUT', pool, buffer);
    });
  });

  describe('a buffer with a disguise', () => {
    it('is recognized whatever its properties and prototype say', () => {
      using pool = new BufferPool();
      const disguised = pool.getOrAlloc(10);
      Object.defineProperties(disguised, { buffer: { value: new ArrayBuffer(8) }, length: { value: 99 } });
      Object.setPrototypeOf(disguised, null);
      pool.put(disguised);
      assert.equal(pool.stats().inUse, 0);

      const heap = Buffer.alloc(10);
      const out = pool.getOrAlloc(10);
      Object.defineProperty(heap, 'buffer', { value: out.buffer });
      throwsCode('ERR_POOL_NOT_OWNED', () => pool.put(heap));
      assert.equal(out.length, 10);
    });

    it('may have a frozen ArrayBuffer', () => {
      using pool = new BufferPool({ label: 'frozen' });
      for (let count = 0; count < 3; count++) {
        const buffer = pool.getOrAlloc(10);
        Object.freeze(buffer.buffer);
        pool.put(buffer);
        assert.equal(buffer.length, 0);
        throwsCode('ERR_POOL_DOUBLE_PUT', () => pool.put(buffer));
      }
      assert.equal(pool.stats().lost, 0);
    });
  });

  /** What can be taken, and how. */
  const thieves: Readonly<Record<string, (buffer: Buffer) => Uint8Array | Promise<Uint8Array>>> = {
    'a BYOB read': steal,
    ...(hasTransfer && {
      'transfer()': (buffer) => {
        const { byteOffset, length } = buffer;
        return new Uint8Array(transferBuffer(buffer), byteOffset, length);
      },
      'structuredClone with transfer': ({ buffer, byteOffset, length }) =>
        structuredClone(new Uint8Array(buffer, byteOffset, length), { transfer: [buffer as ArrayBuffer] }),
    }),
  };

  for (const staleViews of levels) {
    for (const [how, take] of Object.entries(thieves)) {
      describe(`a buffer that ${how} takes away under '${staleViews}'`, () => {
        it('is counted as lost when it comes back, is reported, and never used again', async () => {
          using pool = new BufferPool({ staleViews, label: 'robbed' });
          const buffer = pool.getOrAlloc(100).fill(3);
          const stolen = await take(buffer);
          const messages = await messagesOf('chunk:lost', () => {
            pool.put(buffer);
          });
          assert.deepEqual(messages, [{ label: 'robbed', bytes: 128 }]);
          const { lost, inUse, pooledBuffers, deallocations, bytesInUse, wastedBytes } = pool.stats();
          assert.deepEqual(
            { lost, inUse, pooledBuffers, deallocations, bytesInUse, wastedBytes },
            { lost: 1, inUse: 0, pooledBuffers: 0, deallocations: 1, bytesInUse: 0, wastedBytes: 0 },
          );
          refuses('ERR_POOL_DOUBLE_PUT', pool, buffer);
          for (let count = 0; count < 600; count++) pool.getOrAlloc(100).fill(0xee);
          assert.deepEqual([...stolen.subarray(1)], Array<number>(stolen.length - 1).fill(3));
        });

        it('is lost to reclaimAll, trim and close too', async () => {
          const pool = new BufferPool({ staleViews });
          const [first, second] = [pool.getOrAlloc(100), pool.getOrAlloc(200)];
          await take(first);
          pool.reclaimAll();
          assert.deepEqual([pool.stats().lost, pool.stats().inUse], [1, 0]);
          assert.equal(second.length, 0);
          const third = pool.getOrAlloc(100);
          await take(third);
          pool.close();
          assert.equal(third.length, 0);
        });
      });
    }
  }

  for (const staleViews of ['poison', 'allow'] as const) {
    it(`an idle buffer that is taken away under '${staleViews}' serves nobody`, async () => {
      using pool = new BufferPool({ staleViews });
      const buffer = pool.getOrAlloc(100);
      pool.put(buffer);
      await steal(buffer);
      const before = pool.stats();
      const next = pool.getOrAlloc(100);
      assert.equal(next.length, 100);
      const { hits, misses, lost, pooledBuffers, pooledBytes, inUse } = pool.stats();
      assert.deepEqual(
        { hits, misses, lost, pooledBuffers, pooledBytes, inUse },
        { hits: 0, misses: before.misses + 1, lost: 1, pooledBuffers: 0, pooledBytes: 0, inUse: 1 },
      );
    });
  }

  it(`a buffer that is marked as untransferable ${marksForbidPoolRevocation ? 'is lost' : 'is revoked'} when it comes back`, () => {
    using pool = new BufferPool({ label: 'marked' });
    const buffer = pool.getOrAlloc(100).fill(3);
    markAsUntransferable(buffer.buffer);
    pool.put(buffer);
    const { lost, inUse } = pool.stats();
    assert.deepEqual({ lost, inUse }, { lost: marksForbidPoolRevocation ? 1 : 0, inUse: 0 });
    const next = pool.getOrAlloc(100).fill(9);
    assert.deepEqual([buffer.length, buffer[99]], marksForbidPoolRevocation ? [100, 3] : [0, undefined]);
    buffer[0] = 1;
    assert.equal(next[0], 9);
    refuses('ERR_POOL_DOUBLE_PUT', pool, buffer);
  });
});
