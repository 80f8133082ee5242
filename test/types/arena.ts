// What the compiler knows about arenas and scopes. Nothing here is run.
import { PassThrough, type Writable } from 'node:stream';

import type { Arena } from 'simd-arena';
import {
  withArena,
  type Allocator,
  type ArenaOptions,
  type ArenaStats,
  type ClosableStream,
  type StaleViews,
  type ViewConstructor,
} from 'simd-arena';

import { expectType } from './expect';

/** Allocations have the type of the constructor. */
export function allocations(arena: Arena): void {
  expectType<InstanceType<typeof Float32Array>>()(arena.alloc(Float32Array, 1));
  expectType<InstanceType<typeof Float64Array>>()(arena.allocUnsafe(Float64Array, 1));
  expectType<InstanceType<typeof Uint8ClampedArray>>()(arena.alloc(Uint8ClampedArray, 1, { alignment: 128 }));
  expectType<InstanceType<typeof BigInt64Array>>()(arena.alloc(BigInt64Array, 1));
  const bigint: bigint = arena.alloc(BigUint64Array, 1)[0]!;
  const buffer: Buffer = arena.alloc(Buffer, 1);
  buffer.readFloatLE(Number(bigint));

  // @ts-expect-error: a Buffer is no Float32Array
  const floats: Float32Array = arena.alloc(Buffer, 1);
  // @ts-expect-error: lengths are numbers
  arena.alloc(Float32Array, floats.length.toString());
  // @ts-expect-error: arrays are no views
  arena.alloc(Array, 1);
  // @ts-expect-error: a DataView has no elements
  arena.alloc(DataView, 1);
  // @ts-expect-error: nor has an ArrayBuffer
  arena.alloc(ArrayBuffer, 1);
  // @ts-expect-error: a constructor, not its name
  arena.alloc('Float32Array', 1);
  // @ts-expect-error: alignments are numbers
  arena.alloc(Float32Array, 1, { alignment: '64' });
  // @ts-expect-error: no such option
  arena.alloc(Float32Array, 1, { aligned: 64 });
}

/** A constructor that is a type parameter gives its instances. */
export function generic<C extends ViewConstructor>(arena: Arena, type: C): InstanceType<C> {
  return arena.allocUnsafe(type, 10);
}

/** Copies have the type of what is copied. */
export function copies(arena: Arena, floats: Float32Array, buffer: Buffer, view: DataView): void {
  expectType<Float32Array>()(arena.copyIn(floats));
  expectType<Float32Array>()(arena.copyOut(floats));
  expectType<Buffer>()(arena.copyIn(buffer));
  expectType<DataView>()(arena.copyOut(view));
  expectType<boolean>()(arena.owns(view));
  // @ts-expect-error: a DataView has no elements
  arena.copyIn(view);
  // @ts-expect-error: an ArrayBuffer is no view
  arena.copyOut(floats.buffer);
  // @ts-expect-error: arrays are no views
  arena.copyIn([1, 2]);
}

/** A scope has the type of its function. */
export function scopes(options: ArenaOptions): void {
  expectType<number>()(withArena(() => 1));
  expectType<string>()(withArena(options, (arena) => arena.stats().label ?? ''));
  expectType<Promise<number>>()(withArena((arena) => Promise.resolve(arena.stats().used)));
  expectType<ArenaStats>()(withArena((arena) => arena.stats()));
  withArena(options, (arena) => expectType<Arena>()(arena));

  // @ts-expect-error: a function is needed
  withArena(options);
  // @ts-expect-error: no such option
  withArena({ maxByte: 5 }, () => 1);
  // @ts-expect-error: no such level
  withArena({ staleViews: 'forget' }, () => 1);
  // @ts-expect-error: bytes are numbers
  withArena({ maxBytes: '5m' }, () => 1);
}

/** Statistics and options cannot be written to. */
export function readOnly(arena: Arena, options: ArenaOptions): void {
  // @ts-expect-error: read-only
  arena.stats().used = 0;
  // @ts-expect-error: read-only
  options.label = '';
}

/** An arena is an allocator and disposable; streams of Node.js can close it. */
export function interfaces(arena: Arena, writable: Writable, level: StaleViews): void {
  const allocator: Allocator = arena;
  const disposable: Disposable = arena.hold();
  const stream: ClosableStream = new PassThrough();
  expectType<Arena>()(arena.closeAfter(writable).closeAfter(stream));
  expectType<'revoke' | 'poison' | 'allow'>()(level);
  arena.waitUntil(Promise.resolve());
  disposable[Symbol.dispose]();
  allocator.free(allocator.alloc(Float32Array, 1));
  // @ts-expect-error: a number is no promise
  arena.waitUntil(5);
  // @ts-expect-error: an object without once() is no stream
  arena.closeAfter({ closed: true });
}
