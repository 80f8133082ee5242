import assert from 'node:assert/strict';

import { arenaStats, BufferPool, configure, PoolAllocator, runtimeInfo, sumU8, type StaleViews } from 'simd-arena';

import { messagesOf, warningsOf } from '../support/channels';
import { throwsCode } from '../support/errors';
import { viewKinds, type AnyView } from '../support/typed-arrays';

/** A view of a buffer of `bytes` bytes, filled with 5, that was put back. */
function staleView(pool: BufferPool, bytes = 256): Buffer {
  const view = pool.getOrAlloc(bytes).fill(5);
  pool.put(view);
  return view;
}

describe("views of a buffer that was put back, under 'revoke'", () => {
  it('have no elements, whatever their type', () => {
    using pool = new PoolAllocator();
    for (const { type } of viewKinds) {
      const view = pool.alloc(type, 10) as AnyView;
      const [part, all] = [new Uint8Array(view.buffer, 0, 4), view.buffer];
      pool.free(view);
      assert.deepEqual([view.length, part.length, all.byteLength], [0, 0, 0]);
    }
  });

  it('cannot write to what the memory is used for next', () => {
    using pool = new BufferPool();
    const view = staleView(pool);
    const next = pool.get(256)!.fill(0);
    view[0] = 99;
    assert.throws(() => Uint8Array.prototype.fill.call(view, 99), TypeError);
    assert.ok(next.every((byte) => byte === 0));
  });

  it('make reductions throw ERR_DETACHED with the label of the pool', () => {
    using labelled = new BufferPool({ label: 'bodies' });
    using unlabelled = new BufferPool();
    const error = throwsCode('ERR_DETACHED', () => sumU8(staleView(labelled)), { label: 'bodies' });
    assert.match(error.message, /"bodies"/);
    throwsCode('ERR_DETACHED', () => sumU8(staleView(unlabelled)), { label: undefined });
  });

  it('do so too where the buffer was not kept, or the pool was closed', () => {
    const pool = new BufferPool({ label: 'full', maxPoolBytes: 0 });
    throwsCode('ERR_DETACHED', () => sumU8(staleView(pool)), { label: 'full' });
    const out = pool.getOrAlloc(10);
    pool.close();
    throwsCode('ERR_DETACHED', () => sumU8(out), { label: 'full' });
  });
});

describe("views of a buffer that was put back, under 'poison'", () => {
  it('read as 0xff: NaN, and -1', () => {
    using pool = new PoolAllocator({ staleViews: 'poison' });
    const bytes = pool.alloc(Uint8Array, 100);
    const floats = pool.alloc(Float64Array, 100);
    const integers = pool.alloc(Int32Array, 100);
    for (const view of [bytes, floats, integers]) pool.free(view);
    assert.ok(bytes.length === 100 && bytes.every((byte) => byte === 0xff));
    assert.ok(floats.length === 100 && floats.every((value) => Number.isNaN(value)));
    assert.ok(integers.length === 100 && integers.every((value) => value === -1));
  });

  for (const index of [0, 100, 255]) {
    it(`are reported when the buffer is used again after byte ${index} was written to`, async () => {
      using pool = new BufferPool({ staleViews: 'poison', label: `stale byte ${index}` });
      const { staleWrites } = arenaStats();
      const warnings = await warningsOf(async () => {
        const view = staleView(pool);
        view[index] = 7;
        const messages = await messagesOf('stale-write', () => {
          assert.equal(pool.get(256)?.length, 256);
        });
        assert.deepEqual(messages, [{ label: `stale byte ${index}` }]);
      });
      assert.equal(arenaStats().staleWrites, staleWrites + 1);
      assert.deepEqual(
        warnings.map(({ code }) => code),
        ['SIMD_ARENA_STALE_WRITE'],
      );
    });
  }

  it('are not reported while nobody writes, or whoever has the buffer does', async () => {
    using pool = new BufferPool({ staleViews: 'poison' });
    const messages = await messagesOf('stale-write', () => {
      for (const bytes of [256, 200, 130, 0, 256]) {
        const buffer = pool.getOrAlloc(bytes);
        buffer.fill(bytes);
        pool.put(buffer);
      }
      pool.trim();
    });
    assert.deepEqual(messages, []);
  });

  it('are revoked where the buffer is not kept', () => {
    using pool = new BufferPool({ staleViews: 'poison', maxPoolBytes: 0 });
    assert.equal(staleView(pool).length, 0);
  });
});

describe("views of a buffer that was put back, under 'allow'", () => {
  it('keep length and contents, and see what the memory is used for next', () => {
    using pool = new BufferPool({ staleViews: 'allow' });
    const view = staleView(pool);
    assert.ok(view.length === 256 && view.every((byte) => byte === 5));
    pool.get(200)!.fill(6);
    assert.deepEqual([view[199], view[200]], [6, 5]);
  });
});

for (const staleViews of ['revoke', 'poison', 'allow'] as const) {
  describe(`views of a buffer that is out, under '${staleViews}',`, () => {
    it('are revoked by reclaimAll, and what is idle stays', () => {
      using pool = new BufferPool({ staleViews, label: 'reclaimed' });
      const views = [10, 100].map((size) => pool.getOrAlloc(size));
      pool.reclaimAll();
      for (const view of views) throwsCode('ERR_DETACHED', () => sumU8(view), { label: 'reclaimed' });
      assert.equal(pool.stats().pooledBuffers, 2);
      assert.equal(pool.get(100)!.fill(1)[99], 1);
    });

    it('are revoked by trim once they are back, and not before', () => {
      using pool = new BufferPool({ staleViews });
      const [view, out] = [staleView(pool), pool.getOrAlloc(300)];
      pool.trim();
      assert.deepEqual([view.length, out.length], [0, 300]);
    });
  });
}

describe('the level of a pool', () => {
  const { staleViews } = runtimeInfo();
  afterEach(() => configure({ staleViews }));

  it('is what its options say, else what configure said when it was made', () => {
    const lengthAfterPut = (pool: BufferPool): number => staleView(pool).length;
    const made = new BufferPool();
    for (const level of ['allow', 'revoke', 'poison'] satisfies StaleViews[]) {
      configure({ staleViews: level });
      assert.equal(lengthAfterPut(new BufferPool()), level === 'revoke' ? 0 : 256);
      assert.equal(lengthAfterPut(new BufferPool({ staleViews: 'revoke' })), 0);
      assert.equal(lengthAfterPut(new BufferPool({ staleViews: 'allow' })), 256);
      assert.equal(lengthAfterPut(made), 0);
    }
  });
});
