import assert from 'node:assert/strict';

import { BufferPool, PoolAllocator, type StaleViews } from 'simd-arena';

import { throwsCode } from '../support/errors';
import { elementsOf, viewKinds, type AnyView } from '../support/typed-arrays';

const MIB = 2 ** 20;

describe('PoolAllocator', () => {
  for (const staleViews of ['revoke', 'poison', 'allow'] satisfies StaleViews[]) {
    it(`gives zeros from alloc, whoever used the memory before, under '${staleViews}'`, () => {
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

  it('gives zeros from alloc where spare memory of a slab is used again', () => {
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

  it('gives zeros from alloc for buffers that are too large to be kept', () => {
    using allocator = new PoolAllocator();
    for (let count = 0; count < 2; count++) {
      const view = allocator.alloc(Uint8Array, 128 * MIB + 1);
      assert.deepEqual([view[0], view[64 * MIB], view[128 * MIB]], [0, 0, 0]);
      for (const index of [0, 64 * MIB, 128 * MIB]) view[index] = 9;
      allocator.free(view);
    }
  });

  it('reuses memory for views of any type', () => {
    using allocator = new PoolAllocator();
    for (const { type, elementBytes } of viewKinds) {
      const view = allocator.allocUnsafe(type, 4096 / elementBytes) as AnyView;
      assert.ok(view instanceof type);
      assert.deepEqual([view.byteLength, view.byteOffset], [4096, 0]);
      allocator.free(view);
    }
    const { hits, misses } = allocator.stats();
    assert.deepEqual({ hits, misses }, { hits: viewKinds.length - 1, misses: 1 });
  });

  it('places views as alignment says', () => {
    using allocator = new PoolAllocator();
    for (let alignment = 1; alignment <= 4096; alignment *= 2) {
      const view = allocator.alloc(Float64Array, 3, { alignment });
      assert.equal(view.length, 3);
      const bucket = allocator.stats().buckets.find(({ inUse }) => inUse === 1)!;
      assert.equal(bucket.bytes, Math.max(alignment, 64));
      allocator.free(view);
    }
  });

  it('takes nothing but the view that it has made', () => {
    using allocator = new PoolAllocator({ label: 'tensors' });
    using pool = new BufferPool();
    const view = allocator.alloc(Float32Array, 16).fill(2);
    const before = allocator.stats();
    for (const other of [
      view.subarray(0, 4),
      view.subarray(),
      new Float32Array(view.buffer),
      new Uint8Array(view.buffer, 0, 64),
      Buffer.from(view.buffer),
      new DataView(view.buffer),
      new Float32Array(16),
      pool.getOrAlloc(64),
    ]) {
      throwsCode('ERR_POOL_NOT_OWNED', () => allocator.free(other), { label: 'tensors' });
      throwsCode('ERR_POOL_NOT_OWNED', () => allocator.freeAfter(other, Promise.resolve()), { label: 'tensors' });
    }
    throwsCode('ERR_POOL_NOT_OWNED', () => pool.put(view as unknown as Buffer));
    assert.deepEqual(allocator.stats(), before);
    assert.ok(view.length === 16 && view.every((value) => value === 2));
    allocator.free(view);
    throwsCode('ERR_POOL_DOUBLE_PUT', () => allocator.free(view), { label: 'tensors' });
  });

  it('reclaims, trims and closes as its pool does', () => {
    const allocator = new PoolAllocator({ label: 'whole' });
    const [first, second] = [allocator.alloc(Float32Array, 16), allocator.alloc(BigInt64Array, 100)];
    allocator.reclaimAll();
    assert.deepEqual([first.length, second.length], [0, 0]);
    assert.equal(allocator.stats().pooledBytes, 64 + 1024);
    assert.equal(allocator.trim(64), 1024);
    assert.equal(allocator.trim(), 64);
    const last = allocator.alloc(Float32Array, 16);
    allocator.close();
    allocator.close();
    allocator[Symbol.dispose]();
    assert.equal(last.length, 0);
    for (const use of [
      () => allocator.alloc(Float32Array, 1),
      () => allocator.allocUnsafe(Float32Array, 1),
      () => allocator.free(last),
      () => allocator.freeAfter(last, Promise.resolve()),
      () => allocator.reclaimAll(),
      () => allocator.trim(),
      () => allocator.stats(),
    ]) {
      throwsCode('ERR_POOL_CLOSED', use, { label: 'whole' });
    }
  });
});
