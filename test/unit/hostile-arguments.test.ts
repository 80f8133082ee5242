import assert from 'node:assert/strict';

import { Arena, arenaStats, configure, runtimeInfo, sumF32, withArena, type AllocOptions } from 'simd-arena';

import { withSubscriber } from '../support/channels';
import { throwsCode } from '../support/errors';
import { acting } from '../support/options';
import { backend, collectGarbage, collectUntil, nextTurn, steal } from '../support/runtime';
import { viewKinds } from '../support/typed-arrays';

describe('lengths', () => {
  it('that are no number are refused, and nothing is allocated', () => {
    const boxed = Object(4) as unknown;
    const lengths = ['4', '', 4n, null, undefined, true, [], [4], {}, boxed, Symbol('4'), () => 4, new Date()];
    withArena((arena) => {
      for (const { type } of viewKinds) {
        for (const length of lengths as number[]) {
          throwsCode('ERR_INVALID_ARG_TYPE', () => arena.alloc(type, length));
          throwsCode('ERR_INVALID_ARG_TYPE', () => arena.allocUnsafe(type, length));
          throwsCode('ERR_INVALID_ARG_TYPE', () => arena.allocUnsafe(type, length, { alignment: 64 }));
        }
      }
      assert.equal(arena.stats().allocations, 0);
    });
  });

  it('that are no index are refused, and nothing is allocated', () => {
    withArena({ maxBytes: 2 ** 20 }, (arena) => {
      for (const { type } of viewKinds) {
        for (const length of [-1, -0.5, 0.5, 1.0000001, NaN, Infinity, -Infinity, 2 ** 53, 2 ** 64, -(2 ** 32) + 4]) {
          throwsCode('ERR_OUT_OF_RANGE', () => arena.alloc(type, length));
          throwsCode('ERR_OUT_OF_RANGE', () => arena.allocUnsafe(type, length, {}));
        }
        // Past 32 bits, where a wrapped length would be small.
        for (const length of [2 ** 32 + 5, 2 ** 40 + 1, 2 ** 31, 2 ** 28]) {
          throwsCode('ERR_ARENA_LIMIT', () => arena.alloc(type, length));
        }
      }
      assert.equal(arena.stats().allocations, 0);
    });
  });

  it('are 0 where they are -0', () => {
    assert.equal(
      withArena((arena) => arena.alloc(Float32Array, -0).length),
      0,
    );
  });

  it('run no code of objects', () => {
    let runs = 0;
    const length = { valueOf: () => ++runs, [Symbol.toPrimitive]: () => ++runs };
    withArena((arena) => {
      throwsCode('ERR_INVALID_ARG_TYPE', () => arena.alloc(Float32Array, length as unknown as number));
    });
    assert.equal(runs, 0);
  });
});

describe('options with getters', () => {
  it('may close the arena that they are for', () => {
    const { used } = arenaStats();
    const arena = new Arena();
    throwsCode('ERR_ARENA_CLOSED', () =>
      arena.alloc(
        Uint8Array,
        10,
        acting<AllocOptions>('alignment', 64, () => arena.close()),
      ),
    );
    assert.equal(arenaStats().used, used);
  });

  it('may reset, use and hold the arena that they are for', () => {
    const { used, held } = arenaStats();
    const acts = [
      (arena: Arena) => arena.reset(),
      (arena: Arena) => arena.alloc(Uint8Array, 300_000).fill(7),
      (arena: Arena) => {
        const hold = arena.hold();
        arena.reset();
        hold[Symbol.dispose]();
      },
      () => collectGarbage(),
      () => withArena((other) => other.alloc(Uint8Array, 100_000).length),
    ];
    for (const act of acts) {
      const arena = new Arena();
      arena.alloc(Uint8Array, 1000).fill(7);
      const view = arena.alloc(
        Uint8Array,
        10,
        acting<AllocOptions>('alignment', 256, () => act(arena)),
      );
      assert.deepEqual([...view], Array<number>(10).fill(0));
      assert.ok(arena.owns(view));
      arena.close();
      assert.equal(view.length, 0);
    }
    assert.equal(arenaStats().used, used);
    assert.equal(arenaStats().held, held);
  });

  it('may throw, and nothing is allocated', () => {
    const failure = new Error('from the getter');
    const fail = (): never => {
      throw failure;
    };
    const { openScopes } = arenaStats();
    withArena((arena) => {
      assert.throws(() => arena.alloc(Uint8Array, 1, acting<AllocOptions>('alignment', 64, fail)), failure);
      assert.equal(arena.stats().allocations, 0);
    });
    for (const key of ['label', 'initialBytes', 'maxBytes', 'retainBytes', 'staleViews']) {
      assert.throws(() => new Arena(acting(key, undefined, fail)), failure);
      assert.throws(() => withArena(acting(key, undefined, fail), () => 0), failure);
    }
    assert.throws(() => configure(acting('staleViews', undefined, fail)), failure);
    assert.throws(() => arenaStats(acting('scope', undefined, fail)), failure);
    assert.equal(arenaStats().openScopes, openScopes);
  });

  it('may open and close other arenas', () => {
    const { used, openScopes } = arenaStats();
    const use = (): unknown => withArena((arena) => arena.alloc(Uint8Array, 1000).fill(1).length);
    for (const [key, value] of [
      ['label', 'nested'],
      ['maxBytes', 2 ** 20],
      ['staleViews', 'revoke'],
    ] as const) {
      withArena(acting(key, value, use), (arena) => {
        assert.equal(arena.alloc(Uint8Array, 10).length, 10);
      });
    }
    assert.equal(arenaStats(acting('scope', 'thread', use)).used, used);
    configure(acting('staleViews', runtimeInfo().staleViews, use));
    assert.equal(arenaStats().openScopes, openScopes);
  });

  it('are read once', () => {
    let reads = 0;
    const options = acting<object>('maxBytes', 64, () => reads++);
    withArena(options, (arena) => throwsCode('ERR_ARENA_LIMIT', () => arena.alloc(Uint8Array, 65)));
    assert.equal(reads, 1);
  });
});

describe('a view whose prototype runs code', () => {
  /** A typed array whose prototype chain runs `act` when it is walked, as `instanceof` does. */
  function walking(view: Uint8Array, act: () => void): Uint8Array {
    const prototype = new Proxy(Uint8Array.prototype, {
      getPrototypeOf: (target) => {
        act();
        return Reflect.getPrototypeOf(target);
      },
    });
    return Object.setPrototypeOf(view, prototype) as Uint8Array;
  }

  it('may close the arena that copies it', () => {
    const { used } = arenaStats();
    const arena = new Arena();
    const view = walking(new Uint8Array(100), () => arena.close());
    throwsCode('ERR_ARENA_CLOSED', () => arena.copyIn(view));
    assert.equal(arenaStats().used, used);
  });

  it('may lose its memory while it is copied', () => {
    withArena((arena) => {
      for (const copy of [arena.copyIn.bind(arena), arena.copyOut.bind(arena)]) {
        const source = new Uint8Array(100);
        const { buffer } = source;
        const view = walking(source, () => {
          if (buffer.byteLength > 0) structuredClone(buffer, { transfer: [buffer] });
        });
        throwsCode('ERR_DETACHED', () => copy(view));
      }
    });
  });
});

describe('re-entrant calls', () => {
  it('from a subscriber to chunk:lost find a working arena', async () => {
    const { used } = arenaStats();
    const arena = new Arena();
    const view = arena.alloc(Uint8Array, 100);
    const acts = [(): void => arena.reset(), (): void => arena.close()];
    for (const act of acts) {
      await withSubscriber('chunk:lost', act, async () => {
        const next = arena.alloc(Uint8Array, 100);
        if (backend === 'external') await steal(next);
        arena.alloc(Uint8Array, 100);
        await nextTurn();
      });
    }
    arena.close();
    assert.equal(view.length, 0);
    assert.equal(arenaStats().used, used);
  });

  it('from a finalizer use arenas', async () => {
    const results: number[] = [];
    const registry = new FinalizationRegistry<number>((value) => {
      results.push(withArena((arena) => sumF32(arena.allocUnsafe(Float32Array, 100).fill(value))));
    });
    (() => registry.register({}, 3))();
    await collectUntil(() => results.length > 0);
    assert.deepEqual(results, [300]);
  });

  it('from the function of a scope open more scopes', () => {
    const nest = (depth: number): number =>
      withArena((arena) => {
        const view = arena.alloc(Uint8Array, 100).fill(depth);
        const below = depth === 0 ? 0 : nest(depth - 1);
        assert.ok(view.every((byte) => byte === depth));
        return below + 1;
      });
    assert.equal(nest(100), 101);
  });
});
