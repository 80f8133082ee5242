import assert from 'node:assert/strict';

import { Arena, arenaStats, withArena, type ViewConstructor } from 'simd-arena';

import { runChild } from '../support/child';
import { throwsCode } from '../support/errors';
import { forgetIdleArenas } from '../support/runtime';
import { elementsOf, viewKinds, type AnyView } from '../support/typed-arrays';

const GRANULE = 64;

function addressOf(view: ArrayBufferView): number {
  return view.byteOffset;
}

describe('Arena.alloc and allocUnsafe', () => {
  for (const { name, type, elementBytes, one, zero } of viewKinds) {
    it(`make a ${name} of the length asked for`, () => {
      withArena((arena) => {
        for (const length of [0, 1, 7, 64, 1000]) {
          for (const view of [arena.alloc(type, length), arena.allocUnsafe(type, length)] as AnyView[]) {
            assert.equal(Object.getPrototypeOf(view), type.prototype);
            assert.equal(view.length, length);
            assert.equal(view.byteLength, length * elementBytes);
            view.fill(one);
            assert.deepEqual(
              elementsOf(view),
              Array.from({ length }, () => one),
            );
          }
        }
      });
    });

    it(`clear a ${name} over memory that was written to before`, () => {
      const arena = new Arena({ staleViews: 'allow' });
      for (const options of [undefined, { alignment: 256 }]) {
        arena.alloc(Uint8Array, 40_000).fill(0xa5);
        arena.reset();
        const dirty = arena.allocUnsafe(Uint8Array, 1000);
        assert.ok(dirty.every((byte) => byte === 0xa5));
        arena.reset();
        const view = arena.alloc(type, 100, options) as AnyView;
        assert.deepEqual(
          elementsOf(view),
          Array.from({ length: 100 }, () => zero),
        );
        arena.reset();
      }
      arena.close();
    });
  }

  it('give memory that no other allocation has', () => {
    withArena((arena) => {
      const views = Array.from({ length: 200 }, (_, index) =>
        arena.allocUnsafe(Uint8Array, 1 + index * 13).fill(index),
      );
      views.forEach((view, index) => {
        assert.ok(view.every((byte) => byte === index));
      });
    });
  });

  it('start every view on a boundary of 64 bytes', () => {
    withArena((arena) => {
      for (const length of [0, 1, 63, 64, 65, 3, 70_000, 5]) {
        assert.equal(addressOf(arena.allocUnsafe(Uint8Array, length)) % GRANULE, 0);
      }
    });
  });

  it('start a view on the alignment asked for', () => {
    withArena((arena) => {
      for (let alignment = 1; alignment <= 4096; alignment *= 2) {
        arena.allocUnsafe(Uint8Array, 1);
        const view = arena.alloc(Float64Array, 3, { alignment });
        assert.equal(addressOf(view) % Math.max(alignment, GRANULE), 0);
        assert.deepEqual([...view], [0, 0, 0]);
      }
    });
  });

  it('refuse an alignment that is no power of two up to 4096', () => {
    withArena((arena) => {
      for (const alignment of [0, 3, 65, 8192, -64, 0.5, NaN, Infinity, 2 ** 32 + 64]) {
        throwsCode('ERR_OUT_OF_RANGE', () => arena.alloc(Uint8Array, 1, { alignment }));
      }
      throwsCode('ERR_INVALID_ARG_TYPE', () => arena.alloc(Uint8Array, 1, { alignment: '64' as never }));
      throwsCode('ERR_INVALID_ARG_TYPE', () => arena.alloc(Uint8Array, 1, null as never));
      assert.equal(arena.stats().used, 0);
    });
  });

  it('refuse a type that is no view constructor', () => {
    class Floats extends Float32Array {}
    const others: unknown[] = [undefined, null, 'Float32Array', 5, {}, Array, DataView, ArrayBuffer, Floats];
    others.push(new Proxy(Float32Array, {}), Float32Array.prototype, Object.getPrototypeOf(Float32Array), () => 0);
    withArena((arena) => {
      for (const type of others) throwsCode('ERR_INVALID_ARG_TYPE', () => arena.alloc(type as ViewConstructor, 4));
      assert.equal(arena.stats().allocations, 0);
    });
  });

  it('count bytes in whole granules, and allocations', () => {
    const before = arenaStats();
    const arena = new Arena({ label: 'counts' });
    arena.allocUnsafe(Uint8Array, 0);
    arena.allocUnsafe(Uint8Array, 65);
    arena.alloc(Float64Array, 8);
    const { label, used, allocations, wasted, chunks, peak, resets, holds } = arena.stats();
    assert.deepEqual(
      { label, used, allocations, wasted, chunks, peak, resets, holds },
      { label: 'counts', used: 256, allocations: 3, wasted: 0, chunks: 1, peak: 256, resets: 0, holds: 0 },
    );
    assert.equal(arenaStats().used - before.used, 256);
    assert.equal(arenaStats().allocations - before.allocations, 3);
    arena.close();
    assert.equal(arenaStats().used, before.used);
    assert.equal(arenaStats().allocations - before.allocations, 3);
  });

  it('count the padding of an alignment as used and wasted', () => {
    const arena = new Arena();
    arena.allocUnsafe(Uint8Array, 1);
    arena.allocUnsafe(Uint8Array, 1, { alignment: 1024 });
    assert.equal(arena.stats().used, 1024 + 64);
    assert.equal(arena.stats().wasted, 1024 - 64);
    arena.close();
  });

  it('refuse to run without an arena', () => {
    const alloc = Reflect.get(Arena.prototype, 'alloc') as () => unknown;
    for (const receiver of [undefined, {}, new Proxy(new Arena(), {})]) {
      assert.throws(() => Reflect.apply(alloc, receiver, [Uint8Array, 1]), TypeError);
    }
  });
});

describe('Arena.reset', () => {
  it('hands the same memory out again', () => {
    const arena = new Arena({ staleViews: 'allow' });
    arena.alloc(Uint8Array, 100);
    const { capacity } = arena.stats();
    const first = arena.alloc(Uint8Array, 100).fill(3);
    arena.reset();
    assert.equal(arena.stats().used, 0);
    assert.equal(arena.stats().capacity, capacity);
    const { buffer } = arena.allocUnsafe(Uint8Array, 1);
    assert.equal(buffer, first.buffer);
    arena.close();
  });

  it('keeps the peak and counts itself', () => {
    const arena = new Arena();
    arena.alloc(Uint8Array, 6400);
    arena.reset();
    arena.alloc(Uint8Array, 640);
    arena.reset();
    const { peak, resets, allocations, used } = arena.stats();
    assert.deepEqual({ peak, resets, allocations, used }, { peak: 6400, resets: 2, allocations: 0, used: 0 });
    arena.close();
  });

  it('works on an arena that has handed out nothing', () => {
    forgetIdleArenas();
    const arena = new Arena();
    arena.reset();
    assert.equal(arena.stats().capacity, 0);
    arena.close();
  });
});

describe('Arena.close', () => {
  it('is idempotent, as is disposal', () => {
    const arena = new Arena();
    const before = arenaStats().resets;
    arena.close();
    arena.close();
    arena[Symbol.dispose]();
    assert.equal(arenaStats().resets - before, 1);
  });

  it('makes every other method throw ERR_ARENA_CLOSED', () => {
    const arena = new Arena();
    const view = new Uint8Array(4);
    arena.close();
    const calls: Record<string, () => unknown> = {
      alloc: () => arena.alloc(Uint8Array, 1),
      allocUnsafe: () => arena.allocUnsafe(Uint8Array, 1),
      copyIn: () => arena.copyIn(view),
      copyOut: () => arena.copyOut(view),
      owns: () => arena.owns(view),
      free: () => arena.free(view),
      reset: () => arena.reset(),
      hold: () => arena.hold(),
      waitUntil: () => arena.waitUntil(Promise.resolve()),
      closeAfter: () => arena.closeAfter({ once: () => undefined }),
      stats: () => arena.stats(),
    };
    const methods = Object.getOwnPropertyNames(Arena.prototype);
    const covered = [...Object.keys(calls), 'constructor', 'close'];
    assert.deepEqual([...methods].sort(), covered.sort());
    for (const call of Object.values(calls)) throwsCode('ERR_ARENA_CLOSED', call);
  });

  it('leaves the next owner of a recycled arena alone when it is repeated', () => {
    const first = new Arena();
    const old = first.alloc(Uint8Array, 8);
    first.close();
    const second = new Arena();
    const view = second.alloc(Uint8Array, 8).fill(9);
    first.close();
    first[Symbol.dispose]();
    throwsCode('ERR_ARENA_CLOSED', () => first.reset());
    assert.deepEqual([...view], [9, 9, 9, 9, 9, 9, 9, 9]);
    assert.equal(second.stats().used, 64);
    assert.equal(old.length, 0);
    second.close();
  });

  it('happens to an arena that is dropped', () => {
    // In a process of its own: here, the collector also finds what earlier tests have dropped.
    const result = runChild(`
      const { Arena, arenaStats } = require('simd-arena');
      (() => new Arena().alloc(Uint8Array, 1000))();
      const { openScopes } = arenaStats();
      (async () => {
        for (let turns = 0; turns < 50 && arenaStats().openScopes > 0; turns++) {
          gc();
          await new Promise((resolve) => setImmediate(resolve));
        }
        const after = arenaStats();
        console.log(openScopes, after.openScopes, after.used, after.allocations);
      })();`);
    assert.equal(result.stdout, '1 0 0 1\n', result.stderr);
  });
});

describe('Arena.lease', () => {
  it('gives an arena that is open until it is closed', () => {
    const { openScopes } = arenaStats();
    const arena = Arena.lease({ label: 'leased' });
    assert.equal(arenaStats().openScopes, openScopes + 1);
    assert.equal(arena.stats().label, 'leased');
    arena.close();
    assert.equal(arenaStats().openScopes, openScopes);
  });

  it('never gets an idle arena larger than its maxBytes', () => {
    forgetIdleArenas();
    const large = new Arena({ initialBytes: 2 ** 19 });
    large.alloc(Uint8Array, 1);
    large.close();
    const small = new Arena({ maxBytes: 2 ** 17 });
    assert.ok(small.stats().capacity <= 2 ** 17);
    const unlimited = new Arena();
    assert.equal(unlimited.stats().capacity, 2 ** 19);
    small.close();
    unlimited.close();
  });
});

describe('the options of an Arena', () => {
  it('are refused where they make no sense, and nothing is leased', () => {
    const { openScopes } = arenaStats();
    const wrongTypes: object[] = [
      { label: 5 },
      { label: Symbol('x') },
      { initialBytes: '64' },
      { initialBytes: 64n },
      { maxBytes: null },
      { maxBytes: {} },
      { retainBytes: true },
      { staleViews: 1 },
    ];
    const outOfRange: object[] = [
      { initialBytes: -1 },
      { initialBytes: 0.5 },
      { initialBytes: Infinity },
      { maxBytes: NaN },
      { maxBytes: -Infinity },
      { maxBytes: 2 ** 53 },
      { retainBytes: Infinity },
      { staleViews: 'forget' },
      { staleViews: '' },
    ];
    for (const options of wrongTypes) throwsCode('ERR_INVALID_ARG_TYPE', () => new Arena(options));
    for (const options of outOfRange) throwsCode('ERR_OUT_OF_RANGE', () => new Arena(options));
    for (const options of [null, 5, 'label', () => 0]) {
      throwsCode('ERR_INVALID_ARG_TYPE', () => new Arena(options as object));
    }
    assert.equal(arenaStats().openScopes, openScopes);
  });

  it('may be undefined, one by one and altogether', () => {
    const nothing = { label: undefined, initialBytes: undefined, maxBytes: undefined, retainBytes: undefined };
    for (const options of [undefined, {}, { ...nothing, staleViews: undefined }]) {
      const arena = new Arena(options);
      assert.equal(arena.alloc(Uint8Array, 3).length, 3);
      assert.equal(arena.stats().label, undefined);
      arena.close();
    }
  });
});
