import assert from 'node:assert/strict';

import { Arena, arenaStats, type ArenaStats } from 'simd-arena';

import { budgetInUse, withBudget } from '../support/budget';
import { throwsCode } from '../support/errors';
import { forgetIdleArenas } from '../support/runtime';

const CHUNK = 2 ** 16;
const MIB = 2 ** 20;

/** Asserts that `refused` changes nothing in the arena, and that the arena is usable. */
function assertUnchanged(arena: Arena, refused: () => void): void {
  const before: ArenaStats = arena.stats();
  const { used, capacity } = arenaStats();
  refused();
  assert.deepEqual(arena.stats(), before);
  assert.equal(arenaStats().used, used);
  assert.equal(arenaStats().capacity, capacity);
}

describe('the growth of an Arena', () => {
  beforeEach(forgetIdleArenas);

  it('makes the first chunk at the first allocation, of initialBytes', () => {
    const arena = new Arena({ initialBytes: 4 * CHUNK });
    assert.equal(arena.stats().capacity, 0);
    arena.alloc(Uint8Array, 1);
    assert.equal(arena.stats().capacity, 4 * CHUNK);
    assert.equal(arena.stats().grows, 1);
    arena.close();
  });

  it('doubles the capacity when the chunk is full', () => {
    const arena = new Arena({ initialBytes: CHUNK });
    for (let count = 0; count < 4 * 64; count++) arena.allocUnsafe(Uint8Array, 1024).fill(count);
    const { capacity, used, chunks, grows, wasted } = arena.stats();
    assert.deepEqual(
      { capacity, used, chunks, grows, wasted },
      { capacity: 4 * CHUNK, used: 4 * CHUNK, chunks: 3, grows: 3, wasted: 0 },
    );
    arena.close();
  });

  it('keeps every view valid while it grows', () => {
    const arena = new Arena({ initialBytes: CHUNK });
    const views = Array.from({ length: 300 }, (_, index) => arena.allocUnsafe(Uint8Array, 2000).fill(index));
    views.forEach((view, index) => {
      assert.equal(view.length, 2000);
      assert.ok(view.every((byte) => byte === index % 256));
    });
    arena.close();
  });

  it('gives a large request a chunk of its own, and goes on in the current one', () => {
    const arena = new Arena({ initialBytes: CHUNK });
    const before = arena.allocUnsafe(Uint8Array, 100);
    const large = arena.alloc(Uint8Array, MIB);
    const after = arena.allocUnsafe(Uint8Array, 100);
    assert.notEqual(large.buffer, before.buffer);
    assert.equal(after.buffer, before.buffer);
    assert.equal(after.byteOffset, before.byteOffset + 128);
    assert.ok(large.every((byte) => byte === 0));
    assert.equal(arena.stats().used, MIB + 256);
    arena.close();
  });

  it('puts several chunks together at a reset: the next scope needs one', () => {
    const arena = new Arena({ initialBytes: CHUNK });
    for (let count = 0; count < 4 * 64; count++) arena.allocUnsafe(Uint8Array, 1024);
    assert.equal(arena.stats().chunks, 3);
    arena.reset();
    for (let count = 0; count < 4 * 64; count++) arena.allocUnsafe(Uint8Array, 1024);
    assert.equal(arena.stats().chunks, 1);
    const { grows } = arena.stats();
    arena.reset();
    for (let count = 0; count < 4 * 64; count++) arena.allocUnsafe(Uint8Array, 1024);
    assert.equal(arena.stats().grows, grows);
    arena.close();
  });

  it('obeys initialBytes, whatever an arena before it has needed', () => {
    const large = new Arena();
    large.alloc(Uint8Array, CHUNK);
    large.alloc(Uint8Array, 4 * CHUNK);
    large.close();
    const arena = new Arena({ initialBytes: CHUNK });
    arena.alloc(Uint8Array, 1);
    assert.equal(arena.stats().capacity, CHUNK);
    arena.close();
  });
});

describe('the retention of an Arena', () => {
  beforeEach(forgetIdleArenas);

  it('keeps up to retainBytes over a reset', () => {
    const arena = new Arena({ retainBytes: 4 * CHUNK });
    arena.alloc(Uint8Array, 4 * CHUNK);
    arena.reset();
    assert.equal(arena.stats().capacity, 4 * CHUNK);
    arena.alloc(Uint8Array, 4 * CHUNK);
    arena.alloc(Uint8Array, 4 * CHUNK);
    arena.reset();
    assert.ok(arena.stats().capacity <= 4 * CHUNK);
    arena.alloc(Uint8Array, 1);
    assert.ok(arena.stats().capacity <= 4 * CHUNK);
    arena.close();
  });

  it('keeps nothing where retainBytes is 0', () => {
    const { capacity } = arenaStats();
    const arena = new Arena({ retainBytes: 0 });
    arena.alloc(Uint8Array, 1);
    arena.reset();
    assert.equal(arena.stats().capacity, 0);
    arena.alloc(Uint8Array, 1);
    arena.close();
    assert.equal(arenaStats().capacity, capacity);
  });

  it('keeps 1 MiB of an arena by default', () => {
    const arena = new Arena();
    arena.alloc(Uint8Array, MIB);
    arena.reset();
    assert.equal(arena.stats().capacity, MIB);
    arena.close();
    const larger = new Arena({ initialBytes: MIB + 1 });
    larger.alloc(Uint8Array, 1);
    assert.equal(larger.stats().chunks, 1);
    larger.reset();
    assert.ok(larger.stats().capacity <= MIB);
    larger.close();
  });

  it('keeps 64 MiB of idle arenas in a thread', () => {
    const { capacity } = arenaStats();
    const arenas = Array.from({ length: 6 }, () => new Arena({ retainBytes: 16 * MIB }));
    for (const arena of arenas) arena.allocUnsafe(Uint8Array, 16 * MIB);
    assert.equal(arenaStats().capacity - capacity, 6 * 16 * MIB);
    for (const arena of arenas) arena.close();
    assert.equal(arenaStats().capacity - capacity, 64 * MIB);
    forgetIdleArenas();
    assert.equal(arenaStats().capacity, capacity);
  });

  it('gives the memory of the coldest idle arenas back first', () => {
    const sizes = [1, 20, 30, 2, 16];
    const arenas = sizes.map(() => new Arena({ retainBytes: 32 * MIB }));
    sizes.forEach((size, index) => arenas[index]!.allocUnsafe(Uint8Array, size * MIB));
    for (const arena of arenas) arena.close();
    const warm = Array.from({ length: 4 }, () => new Arena({ retainBytes: 32 * MIB }));
    assert.deepEqual(
      warm.map((arena) => arena.stats().capacity / MIB),
      [16, 2, 30, 0],
    );
    for (const arena of warm) arena.close();
  });

  it('gives an arena back that holds more than 64 MiB by itself, and no other', () => {
    const arenas = [16, 80].map((size) => {
      const arena = new Arena({ retainBytes: 128 * MIB });
      arena.allocUnsafe(Uint8Array, size * MIB);
      return arena;
    });
    for (const arena of arenas) arena.close();
    const warm = Array.from({ length: 2 }, () => new Arena({ retainBytes: 128 * MIB }));
    assert.deepEqual(
      warm.map((arena) => arena.stats().capacity / MIB),
      [0, 16],
    );
    for (const arena of warm) arena.close();
  });

  it('finds an idle arena whose chunk maxBytes was rounded up to', () => {
    const options = { maxBytes: CHUNK + 64 };
    const arenas = Array.from({ length: 2 }, () => {
      const arena = new Arena(options);
      arena.allocUnsafe(Uint8Array, CHUNK + 64);
      const { grows, capacity } = arena.stats();
      arena.close();
      return { grows, capacity };
    });
    assert.deepEqual(arenas, [
      { grows: 1, capacity: 2 * CHUNK },
      { grows: 0, capacity: 2 * CHUNK },
    ]);
  });
});

describe('the limits of an Arena', () => {
  beforeEach(forgetIdleArenas);

  it('allow maxBytes, and not a byte more', () => {
    for (const maxBytes of [64, 640, CHUNK, CHUNK + 64, 5 * CHUNK + 128]) {
      const arena = new Arena({ maxBytes, label: 'limited' });
      for (let used = 0; used + 64 <= maxBytes; used += 64) arena.allocUnsafe(Uint8Array, 64);
      assert.equal(arena.stats().used, maxBytes);
      assertUnchanged(arena, () => {
        throwsCode('ERR_ARENA_LIMIT', () => arena.allocUnsafe(Uint8Array, 1), {
          requested: 1,
          limit: maxBytes,
          used: maxBytes,
          label: 'limited',
        });
      });
      arena.reset();
      assert.equal(arena.alloc(Uint8Array, maxBytes).length, maxBytes);
      arena.close();
    }
  });

  it('hold for one large request too', () => {
    const arena = new Arena({ maxBytes: MIB });
    assertUnchanged(arena, () => throwsCode('ERR_ARENA_LIMIT', () => arena.alloc(Uint8Array, MIB + 1)));
    arena.alloc(Uint8Array, 64);
    assertUnchanged(arena, () => throwsCode('ERR_ARENA_LIMIT', () => arena.alloc(Uint8Array, MIB - 63)));
    assert.equal(arena.alloc(Uint8Array, MIB - 64).length, MIB - 64);
    arena.close();
  });

  it('hold for the padding of an alignment', () => {
    const arena = new Arena({ maxBytes: 4096 + 64 });
    arena.alloc(Uint8Array, 1);
    arena.alloc(Uint8Array, 1, { alignment: 4096 });
    assert.ok(arena.stats().used <= 4096 + 64);
    arena.close();
  });

  it('leave an arena of maxBytes 0 nothing', () => {
    const arena = new Arena({ maxBytes: 0 });
    for (const length of [0, 1]) throwsCode('ERR_ARENA_LIMIT', () => arena.alloc(Uint8Array, length));
    assert.equal(arena.stats().capacity, 0);
    arena.close();
  });

  it('hold in a warm arena that is larger than maxBytes', () => {
    const warm = new Arena();
    warm.alloc(Uint8Array, CHUNK);
    warm.close();
    const arena = new Arena({ maxBytes: 128 });
    arena.alloc(Uint8Array, 128);
    throwsCode('ERR_ARENA_LIMIT', () => arena.alloc(Uint8Array, 1));
    arena.close();
  });

  it('count refusals', () => {
    const { limitHits } = arenaStats();
    const arena = new Arena({ maxBytes: 64 });
    for (let count = 0; count < 3; count++) throwsCode('ERR_ARENA_LIMIT', () => arena.alloc(Uint8Array, 65));
    assert.equal(arenaStats().limitHits, limitHits + 3);
    arena.close();
  });
});

describe('the budget of the process', () => {
  beforeEach(forgetIdleArenas);

  it('refuses a chunk that would exceed it, exactly', () => {
    const inUse = budgetInUse();
    const arena = new Arena({ label: 'budget' });
    withBudget(inUse + 2 * CHUNK, () => {
      arena.alloc(Uint8Array, CHUNK);
      assertUnchanged(arena, () => {
        throwsCode('ERR_MEMORY_BUDGET', () => arena.alloc(Uint8Array, CHUNK + 1), {
          requested: CHUNK + 1,
          limit: inUse + 2 * CHUNK,
          used: CHUNK,
          label: 'budget',
        });
      });
      assert.equal(arena.alloc(Uint8Array, CHUNK).length, CHUNK);
      throwsCode('ERR_MEMORY_BUDGET', () => arena.alloc(Uint8Array, 1));
    });
    assert.equal(arena.alloc(Uint8Array, 4 * CHUNK).length, 4 * CHUNK);
    arena.close();
  });

  it('takes the memory of idle arenas before it refuses', () => {
    const inUse = budgetInUse();
    const idle = new Arena();
    idle.alloc(Uint8Array, 4 * CHUNK);
    const arena = new Arena();
    idle.close();
    withBudget(inUse + 4 * CHUNK, () => {
      assert.equal(arena.alloc(Uint8Array, 3 * CHUNK).length, 3 * CHUNK);
    });
    arena.close();
  });

  it('grants a request that fits it, though growth ahead of need would not', () => {
    const inUse = budgetInUse();
    const arena = new Arena({ retainBytes: 0 });
    withBudget(inUse + 100 * MIB, () => {
      arena.allocUnsafe(Uint8Array, 64 * MIB);
      const view = arena.alloc(Uint8Array, 64);
      assert.deepEqual([...view], Array<number>(64).fill(0));
      const { used, capacity, chunks } = arena.stats();
      assert.deepEqual({ used, capacity, chunks }, { used: 64 * MIB + 64, capacity: 64 * MIB + CHUNK, chunks: 2 });
    });
    arena.close();
  });

  it('grants small scopes after one that needed far more than it has become', () => {
    const options = { retainBytes: 2 ** 30 };
    const large = new Arena(options);
    for (let count = 0; count < 2; count++) large.allocUnsafe(Uint8Array, 300e6);
    large.close();
    const inUse = budgetInUse();
    withBudget(inUse + 4 * CHUNK, () => {
      for (let count = 0; count < 10; count++) {
        const arena = new Arena(options);
        assert.equal(arena.alloc(Uint8Array, 1000).length, 1000);
        arena.close();
      }
    });
    assert.ok(arenaStats({ scope: 'process' }).capacity <= inUse + 4 * CHUNK);
  });

  it('refuses everything while less than what is in use', () => {
    const arena = new Arena();
    withBudget(0, () => {
      assertUnchanged(arena, () => throwsCode('ERR_MEMORY_BUDGET', () => arena.alloc(Uint8Array, 1)));
    });
    assert.equal(arena.alloc(Uint8Array, 1).length, 1);
    arena.close();
  });
});

describe('an allocation that the system refuses', () => {
  it('throws ERR_ARENA_OUT_OF_MEMORY and changes nothing', () => {
    const arena = new Arena({ label: 'huge' });
    arena.alloc(Uint8Array, 1);
    for (const length of [2 ** 45, 2 ** 50, 2 ** 53 - 1]) {
      assertUnchanged(arena, () => {
        throwsCode('ERR_ARENA_OUT_OF_MEMORY', () => arena.allocUnsafe(Uint8Array, length), {
          requested: length,
          label: 'huge',
        });
      });
    }
    assert.equal(arena.alloc(Uint8Array, 10).length, 10);
    arena.close();
  });

  it('throws ERR_OUT_OF_RANGE where the bytes are no safe integer', () => {
    const arena = new Arena();
    assertUnchanged(arena, () => {
      throwsCode('ERR_OUT_OF_RANGE', () => arena.allocUnsafe(Float64Array, 2 ** 50));
      throwsCode('ERR_OUT_OF_RANGE', () => arena.allocUnsafe(Uint16Array, 2 ** 53 - 1));
    });
    arena.close();
  });
});
