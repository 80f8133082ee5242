import assert from 'node:assert/strict';

import { BufferPool, configure, PoolAllocator, runtimeInfo, type LeakDetection, type LeakMessage } from 'simd-arena';

import { messagesOf } from '../support/channels';
import { runChild } from '../support/child';
import { collectTwice, collectUntil, steal } from '../support/runtime';

const levels: readonly LeakDetection[] = ['off', 'sampled', 'all'];

/** Allocates `count` buffers of `size` bytes and forgets them, in a frame of its own so that nothing keeps them. */
function drop(pool: BufferPool, count: number, size = 100): void {
  for (let index = 0; index < count; index++) pool.getOrAlloc(size).fill(index);
}

/** Drops what a function makes, and sees whether it was collected. */
class Dropped {
  collected = false;
  readonly #registry = new FinalizationRegistry(() => (this.collected = true));

  constructor(make: () => object) {
    this.#registry.register(make(), undefined);
  }
}

/** The leaks that channel `leak` reports with `label` while `run` runs. */
async function leaksOf(label: string, run: () => unknown): Promise<LeakMessage[]> {
  const messages = (await messagesOf('leak', run)) as LeakMessage[];
  return messages.filter((message) => message.label === label);
}

describe('a buffer that is dropped without being put back', () => {
  for (const leakDetection of levels) {
    it(`is counted with leakDetection: '${leakDetection}', and is out no more`, async () => {
      using pool = new BufferPool({ leakDetection, label: `dropped with ${leakDetection}` });
      const kept = pool.getOrAlloc(100);
      drop(pool, 5);
      assert.equal(pool.stats().inUse, 6);
      await collectUntil(() => pool.stats().leaks === 5);
      const { inUse, bytesInUse, wastedBytes, deallocations, allocations, lost } = pool.stats();
      assert.deepEqual(
        { inUse, bytesInUse, wastedBytes, deallocations, allocations, lost },
        { inUse: 1, bytesInUse: 100, wastedBytes: 28, deallocations: 5, allocations: 6, lost: 0 },
      );
      pool.put(kept);
    });
  }

  it("is reported with its stack, once for each place, with 'all'", async () => {
    const label = 'reported leaks';
    using pool = new BufferPool({ leakDetection: 'all', label });
    using allocator = new PoolAllocator({ leakDetection: 'all', label });
    const leakyPlace = (): number => pool.getOrAlloc(100).length;
    const otherPlace = (): number => allocator.allocUnsafe(Float32Array, 100).length;
    const hit = (): number => pool.get(1000)!.length;
    const messages = await leaksOf(label, async () => {
      pool.put(pool.getOrAlloc(1000));
      for (let count = 0; count < 3; count++) leakyPlace();
      otherPlace();
      hit();
      await collectUntil(() => pool.stats().leaks === 4 && allocator.stats().leaks === 1);
    });
    assert.equal(messages.length, 3);
    for (const [place, bytes] of [
      ['leakyPlace', 128],
      ['otherPlace', 512],
      ['hit', 1024],
    ] as const) {
      const [message, ...more] = messages.filter(({ stack }) => stack.includes(place));
      assert.deepEqual([message?.kind, message?.bytes, more.length], ['buffer', bytes, 0]);
    }
  });

  it("is reported once for one place, however many callers lead there, with 'all'", async () => {
    const label = 'many callers';
    using pool = new BufferPool({ leakDetection: 'all', label });
    const leakyPlace = (): number => pool.getOrAlloc(100).length;
    const atDepth = (depth: number): number => (depth === 0 ? leakyPlace() : atDepth(depth - 1));
    const messages = await leaksOf(label, async () => {
      for (let depth = 0; depth < 6; depth++) atDepth(depth);
      await collectUntil(() => pool.stats().leaks === 6);
    });
    assert.equal(messages.length, 1);
  });

  it("is not reported with 'off', nor by chance after a few allocations with 'sampled'", async () => {
    for (const leakDetection of ['off', 'sampled'] as const) {
      const label = `quiet ${leakDetection}`;
      using pool = new BufferPool({ leakDetection, label });
      const messages = await leaksOf(label, async () => {
        drop(pool, 3);
        await collectUntil(() => pool.stats().leaks === 3);
      });
      assert.ok(messages.length <= (leakDetection === 'off' ? 0 : 1));
    }
  });

  it("is reported for a sample of many, at one place, with 'sampled'", async () => {
    using pool = new BufferPool({ leakDetection: 'sampled', label: 'sampled leaks' });
    const messages = await leaksOf('sampled leaks', async () => {
      // At most twice the mean distance of 16,384 lies between two that are traced.
      drop(pool, 2 ** 15);
      await collectUntil(() => pool.stats().leaks === 2 ** 15);
    });
    assert.equal(messages.length, 1);
  }).timeout(30_000);
});

describe('the memory of buffers that were dropped', () => {
  it('serves the pool again', () => {
    const result = runChild(
      `
      const { BufferPool } = require('simd-arena');
      const pool = new BufferPool({ leakDetection: 'off' });
      const turn = () => new Promise((resolve) => setImmediate(resolve));
      function drop() { for (let count = 0; count < 8; count++) pool.getOrAlloc(2 ** 20).fill(1); }
      (async () => {
        for (let round = 1; round <= 5; round++) {
          drop();
          for (let tries = 0; tries < 50 && pool.stats().leaks < 8 * round; tries++) { gc(); await turn(); }
          // Finalizers of ArrayBuffers may run later than those of JavaScript.
          for (let turns = 0; turns < 5; turns++) { gc(); await turn(); }
        }
        console.log(pool.stats().leaks, pool.getOrAlloc(2 ** 20).length);
      })();`,
      { SIMD_ARENA_BUDGET: '8m' },
    );
    assert.equal(result.stdout, '40 1048576\n', result.stderr);
  });

  for (const [who, allocate] of Object.entries({
    'another pool': 'new BufferPool().getOrAlloc(8 * 2 ** 20)',
    'an arena': 'new Arena().alloc(Uint8Array, 8 * 2 ** 20)',
  })) {
    it(`serves ${who} where the budget is exhausted`, () => {
      const result = runChild(
        `
        const { Arena, BufferPool } = require('simd-arena');
        const pool = new BufferPool({ leakDetection: 'off' });
        const turn = () => new Promise((resolve) => setImmediate(resolve));
        function drop() { for (let count = 0; count < 8; count++) pool.getOrAlloc(2 ** 20).fill(1); }
        (async () => {
          drop();
          for (let tries = 0; tries < 50 && pool.stats().leaks < 8; tries++) { gc(); await turn(); }
          for (let turns = 0; turns < 5; turns++) { gc(); await turn(); }
          console.log(pool.stats().leaks, ${allocate}.length);
        })();`,
        { SIMD_ARENA_BUDGET: '8m' },
      );
      assert.equal(result.stdout, '8 8388608\n', result.stderr);
    });
  }
});

describe('a buffer is kept out by', () => {
  const keepers: Readonly<Record<string, (buffer: Buffer) => unknown>> = {
    'a subarray': (buffer) => buffer.subarray(10, 20),
    'its ArrayBuffer': (buffer) => buffer.buffer,
    'another view of its ArrayBuffer': (buffer) => new Float32Array(buffer.buffer),
  };
  for (const [what, keep] of Object.entries(keepers)) {
    it(what, async () => {
      using pool = new BufferPool();
      const bytesOf = (value: unknown): Uint8Array =>
        new Uint8Array(ArrayBuffer.isView(value) ? value.buffer : (value as ArrayBuffer));
      const make = (): { byteOffset: number; kept: unknown[] } => {
        const buffer = pool.getOrAlloc(100).fill(6);
        return { byteOffset: buffer.byteOffset, kept: [keep(buffer)] };
      };
      const { byteOffset, kept } = make();
      await collectTwice();
      await collectTwice();
      drop(pool, 10);
      await collectUntil(() => pool.stats().leaks === 10);
      for (let count = 0; count < 600; count++) drop(pool, 1);
      assert.ok(
        bytesOf(kept[0])
          .subarray(byteOffset, byteOffset + 100)
          .every((byte) => byte === 6),
      );
      assert.ok(pool.stats().inUse >= 1);
      kept.pop();
      await collectUntil(() => pool.stats().leaks === 611);
    });
  }
});

describe('what is no leak:', () => {
  it('a buffer that is put back, or idle when its pool is dropped', async () => {
    const messages = await leaksOf('dropped pool', async () => {
      const pools = new Dropped(() => {
        const pool = new BufferPool({ leakDetection: 'all', label: 'dropped pool' });
        for (const buffer of [pool.getOrAlloc(100), pool.getOrAlloc(5000)]) pool.put(buffer);
        return pool;
      });
      await collectUntil(() => pools.collected);
      await collectTwice();
    });
    assert.deepEqual(messages, []);
  });

  it('a buffer that was reclaimed, or closed with its pool', async () => {
    const messages = await leaksOf('ended', async () => {
      const end = (): void => {
        const pool = new BufferPool({ leakDetection: 'all', label: 'ended' });
        drop(pool, 1);
        pool.reclaimAll();
        drop(pool, 2);
        pool.close();
      };
      end();
      await collectTwice();
      await collectTwice();
    });
    assert.deepEqual(messages, []);
  });

  it('a buffer that was taken away, once it is back', async () => {
    using pool = new BufferPool({ leakDetection: 'all', label: 'stolen' });
    const messages = await leaksOf('stolen', async () => {
      const rob = async (): Promise<void> => {
        const buffer = pool.getOrAlloc(100);
        await steal(buffer);
        pool.put(buffer);
      };
      await rob();
      await collectTwice();
      await collectTwice();
    });
    assert.deepEqual(messages, []);
    assert.deepEqual([pool.stats().leaks, pool.stats().lost, pool.stats().deallocations], [0, 1, 1]);
  });
});

describe('a pool that is dropped', () => {
  it('with buffers that are out lives as long as they, and they are leaks with it', async () => {
    const label = 'dropped with its buffers';
    const messages = await leaksOf(label, async () => {
      const pools = new Dropped(() => {
        const pool = new BufferPool({ leakDetection: 'all', label });
        drop(pool, 2);
        return pool;
      });
      await collectUntil(() => pools.collected);
      await collectTwice();
    });
    assert.equal(messages.length, 1, 'both were made at one place');
  });

  it('leaves buffers that are kept as they are', async () => {
    const make = (): Buffer => new BufferPool().getOrAlloc(100).fill(6);
    const kept = make();
    await collectTwice();
    await collectTwice();
    using others = new BufferPool();
    drop(others, 1000);
    assert.ok(kept.length === 100 && kept.every((byte) => byte === 6));
  });

  it('gives its idle memory back', () => {
    const { stdout, stderr } = runChild(
      `
      const { BufferPool } = require('simd-arena');
      const turn = () => new Promise((resolve) => setImmediate(resolve));
      (async () => {
        for (let round = 0; round < 5; round++) {
          (() => {
            const pool = new BufferPool();
            pool.put(pool.getOrAlloc(2 ** 20));
            pool.getOrAlloc(2 ** 20);
          })();
          for (let tries = 0; tries < 5; tries++) { gc(); await turn(); }
        }
        console.log(new BufferPool().getOrAlloc(2 * 2 ** 20).length);
      })();`,
      { SIMD_ARENA_BUDGET: '2m' },
    );
    assert.equal(stdout, '2097152\n', stderr);
  });
});

describe('the level of a pool', () => {
  const { leakDetection } = runtimeInfo();
  afterEach(() => configure({ leakDetection }));

  it('is what its options say, else what configure says when a buffer is handed out', async () => {
    const leak = async (label: string, level?: LeakDetection): Promise<number> => {
      using pool = new BufferPool({ label, leakDetection: level });
      const messages = await leaksOf(label, async () => {
        drop(pool, 1);
        await collectUntil(() => pool.stats().leaks === 1);
      });
      return messages.length;
    };
    configure({ leakDetection: 'all' });
    assert.equal(await leak('configured'), 1);
    assert.equal(await leak('exempt', 'off'), 0);
    configure({ leakDetection: 'off' });
    assert.equal(await leak('own', 'all'), 1);
    assert.equal(await leak('off for all'), 0);
  });
});
