import assert from 'node:assert/strict';

import { BufferPool, PoolAllocator } from 'simd-arena';

import { throwsCode } from '../support/errors';
import { isAligned } from '../support/runtime';
import { viewKinds, type AnyView } from '../support/typed-arrays';

describe('PoolAllocator', () => {
  it('reuses memory for views of any type', () => {
    using allocator = new PoolAllocator();
    for (const { type, elementBytes } of viewKinds) {
      const view = allocator.allocUnsafe(type, 4096 / elementBytes) as AnyView;
      assert.ok(view instanceof type);
      assert.equal(view.byteLength, 4096);
      assert.ok(isAligned(view, 4096));
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
