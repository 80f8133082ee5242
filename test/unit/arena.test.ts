import assert from 'node:assert/strict';

import { Arena, arenaStats, withArena } from 'simd-arena';

import { runChild } from '../support/child';
import { throwsCode } from '../support/errors';
import { forgetIdleArenas } from '../support/runtime';
import { elementsOf, viewKinds, type AnyView } from '../support/typed-arrays';

const GRANULE = 64;

function addressOf(view: ArrayBufferView): number {
  return view.byteOffset;
}

describe('Arena.alloc and allocUnsafe', () => {
  for (const { name, type, elementBytes, one } of viewKinds) {
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
