import assert from 'node:assert/strict';

import { Arena, heapAllocator, PoolAllocator, type StaleViews } from 'simd-arena';

import { promise } from '../support/promises';
import { collectGarbage } from '../support/runtime';
import { elementsOf, viewKinds, type AnyView } from '../support/typed-arrays';

const MIB = 2 ** 20;
const levels = ['revoke', 'poison', 'allow'] satisfies StaleViews[];

/** Fills the chunk of an arena, also where nothing was allocated. */
function soil(arena: Arena, bytes = 40_000): void {
  new Uint8Array(arena.allocUnsafe(Uint8Array, bytes).buffer).fill(0xa5);
}

/** Every way to come by memory that somebody has written to, under each level of stale views. */
const paths: Readonly<Record<string, (staleViews: StaleViews) => Arena>> = {
  'the rest of a chunk': (staleViews) => {
    const arena = new Arena({ staleViews });
    soil(arena, 64);
    return arena;
  },
  'a reset': (staleViews) => {
    const arena = new Arena({ staleViews });
    soil(arena);
    arena.reset();
    return arena;
  },
  'a reset under a hold': (staleViews) => {
    const arena = new Arena({ staleViews });
    soil(arena);
    const hold = arena.hold();
    arena.reset();
    hold[Symbol.dispose]();
    return arena;
  },
  'another scope': (staleViews) => {
    const other = new Arena({ staleViews });
    soil(other);
    other.close();
    return new Arena({ staleViews });
  },
  'a held scope': (staleViews) => {
    const other = new Arena({ staleViews });
    const hold = other.hold();
    soil(other);
    other.close();
    hold[Symbol.dispose]();
    return new Arena({ staleViews });
  },
  'memory that was given back': (staleViews) => {
    const other = new Arena({ staleViews, retainBytes: 0 });
    soil(other);
    soil(other, MIB);
    other.close();
    return new Arena({ staleViews });
  },
  'a scope with another level': (staleViews) => {
    const other = new Arena({ staleViews: 'allow' });
    soil(other);
    other.close();
    return new Arena({ staleViews });
  },
};

/** Where an allocation may come from: the current chunk, an aligned place in it, a larger chunk, one of its own. */
const requests: readonly (readonly [bytes: number, alignment?: number])[] = [[800], [800, 4096], [100_000], [MIB]];

promise('Zeros', () => {
  for (const [how, make] of Object.entries(paths)) {
    it(`are all that alloc of an arena gives, after ${how}`, () => {
      for (const staleViews of levels) {
        for (const { type, elementBytes, zero, name } of viewKinds) {
          using arena = make(staleViews);
          for (const [bytes, alignment] of requests) {
            const options = alignment === undefined ? undefined : { alignment };
            const view = arena.alloc(type, bytes / elementBytes, options) as unknown as AnyView & Uint8Array;
            assert.ok(
              view.every((element) => (element as unknown) === zero),
              `${name} of ${bytes} bytes`,
            );
            new Uint8Array(view.buffer).fill(0xa5);
          }
        }
      }
    });
  }

  for (const staleViews of levels) {
    it(`are all that alloc of an allocator gives, whoever used the memory before, under '${staleViews}'`, () => {
      using allocator = new PoolAllocator({ staleViews });
      for (const { type, elementBytes, one, zero, name } of viewKinds) {
        for (const [dirty, length] of [
          [100, 100],
          [128, 65],
          [1000, 1000],
        ] as const) {
          const bytes = allocator.allocUnsafe(Uint8Array, dirty * elementBytes).fill(0xee);
          // Also beyond what was asked for, through its buffer.
          new Uint8Array(bytes.buffer).fill(0xee);
          allocator.free(bytes);
          const { hits } = allocator.stats();
          const view = allocator.alloc(type, length) as AnyView;
          assert.equal(allocator.stats().hits, hits + 1);
          assert.deepEqual(elementsOf(view), Array<unknown>(length).fill(zero), name);
          view.fill(one);
          allocator.free(view);
        }
      }
    });
  }

  it('are all that alloc of heapAllocator gives, after memory that was written to', () => {
    for (const { type, zero, one, name } of viewKinds) {
      for (let count = 0; count < 100; count++) (heapAllocator.allocUnsafe(type, 100) as AnyView).fill(one);
      // Which gives the memory back to where the next allocation comes from.
      collectGarbage();
      for (let count = 0; count < 100; count++) {
        const view = heapAllocator.alloc(type, 100) as AnyView;
        assert.deepEqual(elementsOf(view), Array<unknown>(100).fill(zero), name);
      }
    }
  });

  it('are all that it gives where spare memory of a slab is used again', () => {
    using allocator = new PoolAllocator({ maxPoolBytes: 0 });
    const kept = allocator.alloc(Uint8Array, 100);
    for (let count = 0; count < 2000; count++) {
      const view = allocator.alloc(Uint8Array, 100);
      assert.equal(view.indexOf(0xee), -1);
      new Uint8Array(view.buffer).fill(0xee);
      allocator.free(view);
    }
    assert.equal(kept.length, 100);
  });

  it('are all that it gives for buffers that are too large to be kept', () => {
    using allocator = new PoolAllocator();
    for (let count = 0; count < 2; count++) {
      const view = allocator.alloc(Uint8Array, 128 * MIB + 1);
      assert.deepEqual([view[0], view[64 * MIB], view[128 * MIB]], [0, 0, 0]);
      for (const index of [0, 64 * MIB, 128 * MIB]) view[index] = 9;
      allocator.free(view);
    }
  });
});
