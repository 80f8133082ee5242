// What the compiler knows about reductions, errors and the rest. Nothing here is run.
import {
  all,
  allBool,
  anyF32,
  arenaStats,
  configure,
  mean,
  runtimeInfo,
  sum,
  sumF32,
  sumI32,
  sumU8,
  type ElementType,
  type ErrorCode,
  type NumericData,
  type RawBuffer,
  type SimdArenaError,
  type ThreadArenaStats,
} from 'simd-arena';

import { expectType } from './expect';

/** Raw bytes of every kind are accepted, and the arrays of the element type. */
export function data(floats: Float32Array, integers: Int32Array, bytes: Uint8Array, buffer: Buffer): void {
  expectType<number>()(sumF32(floats));
  expectType<number>()(sumI32(integers));
  expectType<boolean>()(anyF32(floats));
  expectType<boolean>()(allBool(buffer));
  for (const raw of [bytes, buffer, new DataView(bytes.buffer), bytes.buffer, new SharedArrayBuffer(4)]) {
    expectType<number>()(sumF32(raw) + sumI32(raw) + sumU8(raw) + sum(raw, 'i32'));
  }
  expectType<number>()(mean(floats) + sum(integers));
  expectType<boolean>()(all(new Uint8ClampedArray(4)));

  // @ts-expect-error: int32 elements are no float32
  sumF32(integers);
  // @ts-expect-error: float32 elements are no int32
  sumI32(floats);
  // @ts-expect-error: float64 elements are no float32
  sumF32(new Float64Array(4));
  // @ts-expect-error: float32 elements are no bytes
  sumU8(floats);
  // @ts-expect-error: there is no sum of uint16 yet
  sum(new Uint16Array(4));
  // @ts-expect-error: nor of bigint
  sum(new BigInt64Array(4), 'i32');
  // @ts-expect-error: ordinary arrays are converted first
  sum([1, 2]);
  // @ts-expect-error: no such element type
  sum(buffer, 'float32');
  // @ts-expect-error: data is needed
  sum();
}

/** A raw buffer is not, by structure, a typed array. */
export function rawBuffers(floats: Float32Array, shared: SharedArrayBuffer): RawBuffer[] {
  // @ts-expect-error: a typed array has elements
  const array: RawBuffer = floats;
  // @ts-expect-error: a Buffer too
  const buffer: RawBuffer = Buffer.alloc(4);
  // @ts-expect-error: a DataView is no buffer
  const view: RawBuffer = new DataView(shared);
  return [array, buffer, view, floats.buffer, shared, new ArrayBuffer(4)];
}

/** Codes of errors are a union that a switch can exhaust. */
export function statusOf(error: SimdArenaError): number {
  expectType<ErrorCode>()(error.code);
  expectType<number | undefined>()(error.requested);
  expectType<string | undefined>()(error.label);
  // @ts-expect-error: no such code
  if (error.code === 'ERR_ARENA_FULL') return 500;
  return error.code === 'ERR_ARENA_LIMIT' ? 413 : 503;
}

/** Names that are strings of their own. */
export function names(type: ElementType, numbers: NumericData): void {
  expectType<'f32' | 'i32' | 'u8' | 'bool'>()(type);
  sum(numbers, type);
}

/** Configuration, and what can be asked for. */
export function configuration(): void {
  expectType<ThreadArenaStats>()(arenaStats({ scope: 'process' }));
  expectType<'external' | 'wasm'>()(runtimeInfo().backend);
  configure({ staleViews: 'poison', budgetBytes: Infinity });
  // @ts-expect-error: no such scope
  arenaStats({ scope: 'machine' });
  // @ts-expect-error: no such setting
  configure({ threads: 4 });
  // @ts-expect-error: read-only
  runtimeInfo().isas[0] = 'mmx';
}
