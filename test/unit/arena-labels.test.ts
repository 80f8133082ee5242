import assert from 'node:assert/strict';

import { Arena, arenaStats, withArena, type ArenaOptions, type ArenaStats } from 'simd-arena';

import { budgetInUse, withBudget } from '../support/budget';
import { throwsCode } from '../support/errors';
import { forgetIdleArenas } from '../support/runtime';

const CHUNK = 2 ** 16;
const MIB = 2 ** 20;

let labels = 0;
/** A label that no scope has had yet. */
function newLabel(): string {
  return `sizes ${labels++}`;
}

/** A scope that uses `bytes`, in pieces where they are given; its statistics at its end. */
function use(options: ArenaOptions, bytes: number, pieceBytes = bytes): ArenaStats {
  return withArena(options, (arena) => {
    for (let left = bytes; left > 0; left -= pieceBytes) {
      const size = Math.min(left, pieceBytes);
      const view = arena.allocUnsafe(Uint8Array, size);
      view[size - 1] = 1;
      assert.equal(view.length, size);
    }
    return arena.stats();
  });
}

function repeat(count: number, run: () => unknown): void {
  for (let index = 0; index < count; index++) run();
}

/** Chunks that are made while `run` runs. */
function growsOf(run: () => unknown): number {
  const { grows } = arenaStats();
  run();
  return arenaStats().grows - grows;
}

describe('the scopes of a label', () => {
  beforeEach(forgetIdleArenas);

  it('start at the size that the label needed', () => {
    const label = newLabel();
    assert.ok(use({ label }, 3 * MIB, CHUNK).chunks > 1);
    forgetIdleArenas();
    const { capacity, chunks, learnedBytes } = use({ label }, 3 * MIB, CHUNK);
    assert.deepEqual({ capacity, chunks, learnedBytes }, { capacity: 3 * MIB, chunks: 1, learnedBytes: 3 * MIB });
  });

  it('keep that size beyond 1 MiB, so that the steady state makes no chunks', () => {
    const label = newLabel();
    use({ label }, 8 * MIB, MIB);
    use({ label }, 8 * MIB, MIB);
    assert.equal(
      growsOf(() => {
        repeat(100, () => use({ label }, 8 * MIB, MIB));
      }),
      0,
    );
  });

  it('learn at a reset too', () => {
    const arena = new Arena({ label: newLabel() });
    assert.equal(arena.stats().learnedBytes, undefined);
    arena.allocUnsafe(Uint8Array, 5 * MIB);
    arena.reset();
    assert.equal(arena.stats().learnedBytes, 5 * MIB);
    assert.equal(arena.stats().capacity, 5 * MIB);
    arena.close();
  });

  it('learn what alignment costs, but not the ends of chunks', () => {
    const label = newLabel();
    withArena({ label }, (arena) => {
      arena.allocUnsafe(Uint8Array, 1);
      arena.allocUnsafe(Uint8Array, 1, { alignment: 4096 });
      arena.allocUnsafe(Uint8Array, 2 * CHUNK);
      assert.ok(arena.stats().chunks > 1);
    });
    assert.equal(use({ label }, 0).learnedBytes, 4096 + 64 + 2 * CHUNK);
  });

  it('learn nothing from scopes that allocate nothing', () => {
    const label = newLabel();
    use({ label }, 2 * MIB);
    repeat(100, () => use({ label }, 0));
    assert.equal(use({ label }, 0).learnedBytes, 2 * MIB);
  });

  it('give memory back within 64 scopes of a shift from large to small', () => {
    const label = newLabel();
    const { capacity } = arenaStats();
    repeat(200, () => use({ label }, 8 * MIB));
    assert.equal(arenaStats().capacity - capacity, 8 * MIB);
    repeat(60, () => use({ label }, 1000));
    assert.equal(arenaStats().capacity - capacity, 8 * MIB);
    repeat(4, () => use({ label }, 1000));
    assert.equal(arenaStats().capacity - capacity, CHUNK);
    assert.equal(use({ label }, 1000).learnedBytes, 1024);
  });

  it('give back what their other idle arenas hold as well', () => {
    const label = newLabel();
    const { capacity } = arenaStats();
    const arenas = Array.from({ length: 5 }, () => new Arena({ label }));
    for (const arena of arenas) arena.allocUnsafe(Uint8Array, 8 * MIB);
    for (const arena of arenas) arena.close();
    assert.equal(arenaStats().capacity - capacity, 5 * 8 * MIB);
    repeat(64, () => use({ label }, 1000));
    assert.equal(arenaStats().capacity - capacity, CHUNK);
  });

  it('take a shift from small to large within 4 scopes', () => {
    const label = newLabel();
    repeat(100, () => use({ label }, 1000));
    repeat(4, () => use({ label }, 4 * MIB, CHUNK));
    use({ label }, 4 * MIB, CHUNK);
    assert.equal(
      growsOf(() => use({ label }, 4 * MIB, CHUNK)),
      0,
    );
  });

  it('do not let one scope in 40 decide', () => {
    const label = newLabel();
    repeat(5, () => {
      repeat(39, () => use({ label }, 100_000));
      use({ label }, 4 * MIB);
      assert.equal(use({ label }, 100_000).capacity, 2 * CHUNK);
    });
  });

  it('have room for needs that vary about the percentile', () => {
    const label = newLabel();
    const vary = (): void => {
      repeat(31, () => use({ label }, 2 * MIB, CHUNK));
      use({ label }, 3 * MIB, CHUNK);
    };
    repeat(64, () => use({ label }, 2 * MIB, CHUNK));
    repeat(2, vary);
    assert.equal(use({ label }, 0).learnedBytes, 2 * MIB);
    assert.equal(
      growsOf(() => {
        repeat(5, vary);
      }),
      0,
    );
  });

  for (const staleViews of ['revoke', 'poison', 'allow'] as const) {
    it(`shrink and grow under '${staleViews}'`, () => {
      const options = { label: newLabel(), staleViews };
      let kept = new Uint8Array(0);
      const scope = (bytes: number): void => {
        withArena(options, (arena) => {
          kept = arena.alloc(Uint8Array, bytes);
          assert.ok(kept.every((byte) => byte === 0));
          kept.fill(7);
        });
      };
      for (const bytes of [200_000, 100, 200_000]) repeat(70, () => scope(bytes));
      if (staleViews === 'revoke') assert.equal(kept.length, 0);
      else assert.equal(kept[0], staleViews === 'poison' ? 0xff : 7);
    });
  }
});

describe('many scopes of a label at once', () => {
  const smallBytes = 100;
  const budget = 512 * MIB;

  beforeEach(forgetIdleArenas);

  /** What the chunks of `sizes.length` scopes take that are open at once. */
  function capacityTogether(label: string, sizes: readonly number[]): number {
    const { capacity } = arenaStats();
    const arenas = sizes.map(() => new Arena({ label }));
    try {
      arenas.forEach((arena, index) => arena.allocUnsafe(Uint8Array, sizes[index]!));
      return arenaStats().capacity - capacity;
    } finally {
      for (const arena of arenas) arena.close();
    }
  }

  function withRoom(bytes: number, run: () => void): void {
    withBudget(budgetInUse() + bytes, run);
  }

  it('are as small as they need after an early large one', () => {
    const label = newLabel();
    repeat(5, () => use({ label }, smallBytes));
    use({ label }, 32 * MIB);
    forgetIdleArenas();
    const sizes = Array<number>(1000).fill(smallBytes);
    assert.equal(capacityTogether(label, sizes), 1000 * CHUNK);
    forgetIdleArenas();
    withRoom(1000 * CHUNK, () => capacityTogether(label, sizes));
  });

  it('take no more than 64 MiB ahead of need, where all that is known is a large one', () => {
    const label = newLabel();
    use({ label }, 32 * MIB);
    forgetIdleArenas();
    const sizes = Array<number>(1000).fill(smallBytes);
    const most = 64 * MIB + 1000 * CHUNK;
    assert.ok(capacityTogether(label, sizes) <= most);
    const second = newLabel();
    use({ label: second }, 32 * MIB);
    forgetIdleArenas();
    withRoom(most, () => capacityTogether(second, sizes));
  });

  it('need no more room than they use where one in 12 is large', () => {
    const label = newLabel();
    const sizeOf = (index: number): number => (index % 12 === 11 ? 16 * MIB : smallBytes);
    for (let index = 0; index < 120; index++) use({ label }, sizeOf(index));
    forgetIdleArenas();
    withRoom(budget, () => {
      // 20 large ones of 16 MiB, 220 small ones, and 64 MiB ahead of need.
      const sizes = Array.from({ length: 240 }, (_, index) => sizeOf(index));
      repeat(8, () => assert.ok(capacityTogether(label, sizes) <= 20 * 16 * MIB + 64 * MIB + 240 * CHUNK));
    });
  });
});

describe('the scopes of several labels', () => {
  beforeEach(forgetIdleArenas);

  it('alternate without making chunks', () => {
    const sizes = [1000, 100_000, MIB, 8 * MIB, 300_000, 20_000];
    const peers = sizes.map((bytes) => ({ bytes, options: { label: newLabel() } }));
    const round = (): void => {
      for (const { bytes, options } of peers) use(options, bytes);
    };
    repeat(3, round);
    assert.equal(
      growsOf(() => {
        repeat(50, round);
      }),
      0,
    );
  });

  it('start at their size while others keep all that idle arenas may', () => {
    const large = (): Arena => new Arena({ label: 'idle of others' });
    for (let round = 0; round < 3; round++) {
      const arenas = Array.from({ length: 8 }, large);
      for (const arena of arenas) arena.alloc(Uint8Array, 8 * MIB);
      for (const arena of arenas) arena.close();
    }
    const own = (): unknown => use({ label: 'beside others' }, 24 * MIB, 3 * MIB);
    repeat(2, own);
    assert.ok(growsOf(() => repeat(20, own)) <= 1);
  });

  it('nest without making chunks', () => {
    const outer = { label: newLabel() };
    const inner = { label: newLabel() };
    const nest = (): void => {
      withArena(outer, (arena) => {
        arena.allocUnsafe(Uint8Array, 3 * MIB);
        use(inner, 200_000);
      });
    };
    repeat(2, nest);
    assert.equal(
      growsOf(() => {
        repeat(50, nest);
      }),
      0,
    );
  });

  it('share an arena where they need about the same', () => {
    const first = { label: newLabel() };
    const second = { label: newLabel() };
    use(first, 3 * MIB);
    use(second, 2 * MIB);
    forgetIdleArenas();
    use(first, 3 * MIB);
    assert.equal(use(second, 2 * MIB).capacity, 3 * MIB);
  });

  it('take an idle arena without memory before they have a new one made', () => {
    const label = newLabel();
    use({ label }, 3 * MIB);
    forgetIdleArenas();
    const idle = [new Arena({ retainBytes: 0 }), new Arena()];
    for (const arena of idle) {
      arena.allocUnsafe(Uint8Array, 1);
      arena.close();
    }
    const { arenas, capacity } = arenaStats();
    assert.equal(use({ label }, 3 * MIB).capacity, 3 * MIB);
    assert.equal(arenaStats().arenas, arenas);
    assert.equal(arenaStats().capacity - capacity, 3 * MIB);
  });

  it('keep their arena while scopes without a label, and of new labels, come between', () => {
    const large = { label: newLabel() };
    const others = [
      () => new Arena(),
      () => new Arena({}),
      () => new Arena({ retainBytes: 0 }),
      () => new Arena({ initialBytes: CHUNK }),
      () => new Arena({ label: newLabel() }),
    ];
    for (const make of others) {
      forgetIdleArenas();
      use(large, 8 * MIB);
      const other = make();
      other.allocUnsafe(Uint8Array, 1000);
      other.close();
      assert.equal(use(large, 0).capacity, 8 * MIB, String(make));
    }
  });

  it('leave no size behind for scopes without a label', () => {
    use({ label: newLabel() }, 600_000, 1000);
    assert.equal(use({}, 1).capacity, CHUNK);
  });

  it('neither take nor drop an arena that is far too large', () => {
    const large = { label: newLabel() };
    const small = { label: newLabel() };
    repeat(2, () => {
      use(small, 1000);
      use(large, 8 * MIB);
    });
    assert.equal(use(small, 1000).capacity, CHUNK);
    assert.equal(use(large, 0).capacity, 8 * MIB);
  });
});

describe('sizes that the options give', () => {
  beforeEach(forgetIdleArenas);

  it('initialBytes wins over the label, and the label learns nothing from it', () => {
    const label = newLabel();
    use({ label }, 2 * MIB);
    forgetIdleArenas();
    const { capacity, learnedBytes } = use({ label, initialBytes: 4 * CHUNK }, 100);
    assert.deepEqual({ capacity, learnedBytes }, { capacity: 4 * CHUNK, learnedBytes: undefined });
    assert.equal(use({ label }, 0).learnedBytes, 2 * MIB);
  });

  it('retainBytes bounds what is kept', () => {
    const { capacity } = arenaStats();
    const options = { label: newLabel(), retainBytes: 2 * MIB };
    repeat(3, () => use(options, 8 * MIB));
    assert.equal(arenaStats().capacity, capacity);
    assert.equal(use(options, 8 * MIB, MIB).chunks, 1);
    repeat(64, () => use(options, 2 * MIB));
    assert.equal(arenaStats().capacity - capacity, 2 * MIB);
  });

  it('retainBytes keeps a large arena for small scopes', () => {
    const options = { label: newLabel(), retainBytes: 8 * MIB };
    use(options, 8 * MIB);
    repeat(70, () => use(options, 1000));
    assert.equal(use(options, 1000).capacity, 8 * MIB);
  });

  it('maxBytes bounds the first chunk', () => {
    const label = newLabel();
    use({ label }, 8 * MIB);
    forgetIdleArenas();
    const limited = { label, maxBytes: 100_000 };
    assert.equal(use(limited, 100_000 - 64).capacity, 2 * CHUNK);
    assert.equal(
      growsOf(() => use(limited, 90_000)),
      0,
    );
    throwsCode('ERR_ARENA_LIMIT', () => use(limited, 100_000));
  });

  it('maxBytes bounds the idle arena that is taken', () => {
    const label = newLabel();
    repeat(2, () => use({ label }, 3 * CHUNK));
    assert.equal(use({ label }, 1).capacity, 3 * CHUNK);
    assert.equal(use({ label, maxBytes: 2 * CHUNK }, 1).capacity, 2 * CHUNK);
  });

  it('the budget bounds the first chunk, but grants what is needed', () => {
    const label = newLabel();
    use({ label }, 8 * MIB);
    forgetIdleArenas();
    withBudget(budgetInUse() + 2 * CHUNK, () => {
      assert.equal(use({ label }, 2 * CHUNK).capacity, 2 * CHUNK);
      throwsCode('ERR_MEMORY_BUDGET', () => use({ label }, 3 * CHUNK));
    });
  });
});
