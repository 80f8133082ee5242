import assert from 'node:assert/strict';

import { Arena, BufferPool, heapAllocator, PoolAllocator, sumF32, withArena, type Allocator } from 'simd-arena';

import { throwsCode } from '../support/errors';
import { elementsOf, viewKinds, type AnyView } from '../support/typed-arrays';

/** Something that a library does with memory, whoever gives it. */
function meanOfSquares(allocator: Allocator, values: readonly number[]): number {
  const squares = allocator.alloc(Float32Array, values.length);
  const scratch = allocator.allocUnsafe(Float32Array, values.length);
  try {
    scratch.set(values);
    for (const [index, value] of scratch.entries()) squares[index]! += value * value;
    return sumF32(squares) / values.length;
  } finally {
    allocator.free(scratch);
    allocator.free(squares);
  }
}

const allocators: Readonly<Record<string, () => Allocator>> = {
  'an arena': () => new Arena(),
  'an arena with a small limit': () => new Arena({ maxBytes: 65_536 }),
  'a PoolAllocator': () => new PoolAllocator(),
  'a PoolAllocator that keeps nothing': () => new PoolAllocator({ maxPoolBytes: 0 }),
  'the JavaScript heap': () => heapAllocator,
};

for (const [name, make] of Object.entries(allocators)) {
  describe(`an Allocator: ${name}`, () => {
    it('runs the same function', () => {
      const allocator = make();
      for (let count = 0; count < 20; count++) assert.equal(meanOfSquares(allocator, [1, 2, 3, 4]), 7.5);
    });

    it('makes every kind of view, of the length that was asked for', () => {
      const allocator = make();
      for (const { type, elementBytes, zero } of viewKinds) {
        for (const length of [0, 1, 7, 100]) {
          const view = allocator.alloc(type, length) as AnyView;
          assert.ok(view instanceof type);
          assert.equal(view.byteLength, length * elementBytes);
          assert.deepEqual(elementsOf(view), Array<unknown>(length).fill(zero));
          assert.equal((allocator.allocUnsafe(type, length) as AnyView).length, length);
          allocator.free(view);
        }
      }
    });

    it('gives zeros after memory that is dirty', () => {
      const allocator = make();
      for (let count = 0; count < 5; count++) {
        const dirty = allocator.allocUnsafe(Uint8Array, 1000).fill(0xff);
        allocator.free(dirty);
        const clean = allocator.alloc(Float64Array, 125);
        assert.deepEqual([...new Set(clean)], [0]);
        allocator.free(clean);
      }
    });
  });
}

describe('heapAllocator', () => {
  it('gives each view a buffer of its own, aligned, outside the pool of Node.js', () => {
    for (const method of ['alloc', 'allocUnsafe'] as const) {
      for (const { type, elementBytes } of viewKinds) {
        const view = heapAllocator[method](type, 3) as AnyView;
        assert.deepEqual([view.byteOffset, view.buffer.byteLength], [0, 3 * elementBytes]);
      }
    }
  });

  it('leaves what is freed to the garbage collector', () => {
    const view = heapAllocator.alloc(Uint8Array, 3).fill(1);
    heapAllocator.free(view);
    heapAllocator.free(view);
    assert.deepEqual([...view], [1, 1, 1]);
  });

  it('is not what owns memory of others', () => {
    using pool = new BufferPool();
    throwsCode('ERR_POOL_NOT_OWNED', () => pool.put(heapAllocator.alloc(Buffer, 10)));
    withArena((arena) => assert.equal(arena.owns(heapAllocator.alloc(Buffer, 10)), false));
  });
});
