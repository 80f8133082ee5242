// What the compiler knows about pools and allocators. Nothing here is run.
import type { ServerResponse } from 'node:http';
import type { Writable } from 'node:stream';

import {
  heapAllocator,
  BufferPool,
  PoolAllocator,
  type Allocator,
  type Arena,
  type BucketStats,
  type DiscardStats,
  type PoolOptions,
  type PoolStats,
  type Until,
  type ViewConstructor,
} from 'simd-arena';

import { expectType } from './expect';

/** A pool has Buffers; get may have none. */
export function buffers(pool: BufferPool): void {
  expectType<Buffer | null>()(pool.get(1));
  expectType<Buffer>()(pool.getOrAlloc(1));
  expectType<Buffer>()(pool.getOrAlloc(1, { alignment: 4096 }));
  expectType<number>()(pool.trim(5));
  pool.put(pool.getOrAlloc(1));

  // @ts-expect-error: there may be none
  pool.put(pool.get(1));
  // @ts-expect-error: a Uint8Array is no Buffer
  pool.put(new Uint8Array(1));
  // @ts-expect-error: sizes are numbers
  pool.get('1');
  // @ts-expect-error: nor are they bigints
  pool.getOrAlloc(1n);
  // @ts-expect-error: no such option
  pool.getOrAlloc(1, { aligned: 64 });
}

/** What a buffer is held for is a stream or a promise. */
export function holds(pool: BufferPool, allocator: PoolAllocator, response: ServerResponse, stream: Writable): void {
  const until: Until = Promise.resolve(1);
  pool.putAfter(pool.getOrAlloc(1), response);
  pool.putAfter(pool.getOrAlloc(1), stream);
  pool.putAfter(pool.getOrAlloc(1), until);
  allocator.freeAfter(allocator.alloc(Float32Array, 1), response);
  // @ts-expect-error: a number is neither
  pool.putAfter(pool.getOrAlloc(1), 5);
  // @ts-expect-error: nor is a function
  allocator.freeAfter(allocator.alloc(Buffer, 1), () => undefined);
}

/** Allocations have the type of the constructor. */
export function allocations(allocator: PoolAllocator): void {
  expectType<InstanceType<typeof Float32Array>>()(allocator.alloc(Float32Array, 1));
  expectType<InstanceType<typeof BigInt64Array>>()(allocator.allocUnsafe(BigInt64Array, 1, { alignment: 128 }));
  const buffer: Buffer = allocator.alloc(Buffer, 1);
  allocator.free(buffer);
  // @ts-expect-error: a Buffer is no Float32Array
  const floats: Float32Array = allocator.alloc(Buffer, 1);
  // @ts-expect-error: an ArrayBuffer is no view
  allocator.free(floats.buffer);
  // @ts-expect-error: a DataView has no elements
  allocator.alloc(DataView, 1);
}

/** A constructor that is a type parameter gives its instances, from every allocator. */
export function generic<C extends ViewConstructor>(allocator: Allocator, type: C): InstanceType<C> {
  return allocator.allocUnsafe(type, 10);
}

/** Arenas, pools and the heap are allocators; those with memory of their own are disposable. */
export function interfaces(arena: Arena, allocator: PoolAllocator, pool: BufferPool): void {
  const allocators: Allocator[] = [arena, allocator, heapAllocator];
  const disposables: Disposable[] = [arena, allocator, pool];
  expectType<InstanceType<typeof Float64Array>>()(allocators[0]!.alloc(Float64Array, 1));
  disposables[0]![Symbol.dispose]();
  // @ts-expect-error: a pool of bytes has no types
  allocators.push(pool);
  // @ts-expect-error: the heap is not disposable
  disposables.push(heapAllocator);
}

/** Options are checked, statistics and options cannot be written to. */
export function readOnly(pool: BufferPool, options: PoolOptions): void {
  expectType<PoolStats>()(pool.stats());
  expectType<readonly BucketStats[]>()(pool.stats().buckets);
  expectType<DiscardStats>()(pool.stats().discards);
  expectType<string | undefined>()(pool.stats().label);
  new BufferPool({ label: undefined, maxIdleMs: undefined, staleViews: 'poison', leakDetection: 'all' });
  new PoolAllocator(options);

  // @ts-expect-error: read-only
  pool.stats().hits = 0;
  // @ts-expect-error: read-only
  pool.stats().buckets[0]!.idle = 0;
  // @ts-expect-error: read-only
  options.label = '';
  // @ts-expect-error: no such option
  new BufferPool({ maxBytes: 5 });
  // @ts-expect-error: no such level
  new BufferPool({ staleViews: 'forget' });
  // @ts-expect-error: no such level
  new PoolAllocator({ leakDetection: 'paranoid' });
  // @ts-expect-error: bytes are numbers
  new BufferPool({ maxPoolBytes: '64m' });
}
