// What the compiler knows about reductions, errors and the rest. Nothing here is run.
import {
  all,
  allBool,
  anyF32,
  arenaStats,
  argmaxU8,
  argmin,
  configure,
  countNonzero,
  countNonzeroF32,
  createReduction,
  dot,
  dotF64,
  max,
  mean,
  min,
  minmax,
  minmaxF64,
  norm,
  normI32,
  runtimeInfo,
  std,
  sum,
  sumF32,
  sumF64,
  sumI32,
  sumU8,
  variance,
  varianceF64,
  type ElementType,
  type ErrorCode,
  type HalfFloats,
  type MinMax,
  type NumericData,
  type RawBuffer,
  type Reduction,
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
  // @ts-expect-error: ordinary arrays are converted first
  sum([1, 2]);
  // @ts-expect-error: no such element type
  sum(buffer, 'float32');
  // @ts-expect-error: data is needed
  sum();
}

/** Elements of 64 bits are bigints, wherever the type comes from; what is computed of them may be a number. */
export function bigints(signed: BigInt64Array, unsigned: BigUint64Array, buffer: Buffer): void {
  expectType<bigint>()(sum(signed));
  expectType<bigint>()(min(unsigned));
  expectType<bigint>()(max(signed, 'i64'));
  expectType<bigint>()(sum(buffer, 'u64'));
  expectType<bigint>()(sum(buffer, 'i64', { offset: 4, stride: 12 }));
  expectType<bigint>()(sum(signed, { stride: 2 }));
  expectType<MinMax<bigint>>()(minmax(unsigned));
  expectType<MinMax<bigint>>()(minmax(buffer, 'i64'));
  expectType<bigint>()(dot(signed, signed));
  expectType<bigint>()(dot(signed, buffer, 'i64'));
  expectType<bigint>()(dot(buffer, buffer, 'u64'));
  expectType<number>()(mean(signed));
  expectType<number>()(norm(unsigned));
  expectType<number>()(argmin(signed));
  expectType<number>()(countNonzero(signed));
  expectType<boolean>()(all(signed));
}

/** Elements of all other types are numbers. */
export function numbers(doubles: Float64Array, shorts: Uint16Array, buffer: Buffer): void {
  expectType<number>()(sum(doubles));
  expectType<number>()(sum(shorts, 'bf16'));
  expectType<number>()(max(shorts, { offset: 1, stride: 3, count: 10 }));
  expectType<number>()(min(buffer, 'i8', { stride: 4 }));
  expectType<MinMax>()(minmax(doubles));
  expectType<MinMax>()(minmaxF64(doubles, { stride: 2 }));
  expectType<number>()(dotF64(doubles, buffer) + dot(doubles, doubles) + dot(buffer, buffer, 'f16'));
  expectType<number>()(variance(doubles, { ddof: 1 }) + std(buffer, 'u8', { ddof: 1, offset: 3 }));
  expectType<number>()(
    varianceF64(doubles, { ddof: 1 }) + argmaxU8(buffer) + normI32(buffer) + countNonzeroF32(buffer),
  );

  // @ts-expect-error: only variances have degrees of freedom
  mean(doubles, { ddof: 1 });
  // @ts-expect-error: nor have the short forms of others
  sumF64(doubles, { ddof: 1 });
  // @ts-expect-error: options come last
  sum(doubles, { offset: 1 }, 'f64');
  // @ts-expect-error: no such option
  sum(doubles, { start: 1 });
  // @ts-expect-error: two operands
  dotF64(doubles);
  // @ts-expect-error: of the same type
  dotF64(doubles, new Float32Array(4));
}

/** `Float16Array` of newer declarations is accepted by its tag. */
export function halves(data: HalfFloats): void {
  expectType<number>()(sum(data) + sum(data, 'f16') + dot(data, data));
  createReduction('f16', ['sum']).update(data).update(new Uint16Array(4));
  // @ts-expect-error: it is no float32
  sumF32(data);
}

/** The results of a reduction have the types of its operations. */
export function reductions(data: Buffer, request: NodeJS.ReadableStream, type: ElementType): void {
  expectType<{ sum: number; minmax: { min: number; max: number } }>()(
    createReduction('f32', ['sum', 'minmax']).result(),
  );
  expectType<{ sum: bigint; mean: number; any: boolean }>()(createReduction('u64', ['sum', 'mean', 'any']).result());
  const reduction = createReduction('i16', ['max', 'argmin'], { ddof: 1 });
  expectType<{ max: number; argmin: number }>()(reduction.update(data).update(new Int16Array(3)).result());
  request.pipe(reduction.writable());
  const named: Reduction<'i16', 'max' | 'argmin'> = reduction;
  expectType<number | bigint>()(createReduction(type, ['sum']).result().sum);

  // @ts-expect-error: elements of another type
  reduction.update(new Float32Array(3));
  // @ts-expect-error: not among the operations
  expectType<number>()(reduction.result().sum);
  // @ts-expect-error: a dot product has two operands
  createReduction('f32', ['dot']);
  // @ts-expect-error: no such type
  createReduction('f99', ['sum']);
  named.result();
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
  expectType<'f16' | 'bf16' | 'f32' | 'f64' | 'i8' | 'u8' | 'i16' | 'u16' | 'i32' | 'u32' | 'i64' | 'u64' | 'bool'>()(
    type,
  );
  expectType<number | bigint>()(sum(numbers, type));
  expectType<number | bigint>()(dot(numbers, numbers, type));
  expectType<MinMax | MinMax<bigint>>()(minmax(numbers, type));
  expectType<number>()(mean(numbers, type));
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
