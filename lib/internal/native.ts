// The typed surface of the native addon, initialized for this thread. The only importer of load.ts.
//
// Native functions check all they are given; native/bindings documents each of them.
import { constants } from 'node:buffer';

import { createError } from '../errors';
import type { MinMax } from '../reduction-types';
import type { TypedArray } from '../types';
import { counters } from './counters';
import { readEnvironment, type Environment } from './environment';
import { transfer } from './intrinsics';
import { loadAddon } from './load';
import { Status } from './tables';

/** The slow path of one arena: see native/bindings/arena_wrap.h. */
export interface NativeArena {
  /** Makes a chunk: its bytes, or minus a `Status`. */
  grow(bytes: number, firstBytes: number): number;
  /** Takes the last `grow` back. */
  undoGrow(): void;
  /** The memory of a chunk; undefined where the runtime forbids external buffers. */
  expose(index: number): ArrayBuffer | undefined;
  /** Detaches `buffer` and exposes its chunk anew; undefined where it cannot be detached. */
  renew(index: number, buffer: ArrayBuffer): ArrayBuffer | undefined;
  /** Drops a chunk; false if somebody still has its memory. */
  retire(index: number, buffer: ArrayBuffer): boolean;
  /** Drops a chunk that somebody else has. */
  lose(index: number): void;
}

/** The slow path of one pool: see native/bindings/pool_wrap.h. */
export interface NativePool {
  /** Makes a slot: its index, or minus a `Status`. */
  make(bytes: number, alignment: number): number;
  /** What the memory of a slot must hold. */
  bytes(slot: number): number;
  /** The memory of a slot that is not foreign; undefined where the runtime refuses. */
  expose(slot: number): ArrayBuffer | undefined;
  /** Detaches `buffer` and exposes its slot anew; undefined where it cannot be detached. */
  renew(slot: number, buffer: ArrayBuffer): ArrayBuffer | undefined;
  /** Ends a slot; false if somebody still has its memory. */
  retire(slot: number, buffer?: ArrayBuffer): boolean;
  /** Ends a slot that somebody else has. */
  lose(slot: number): void;
  /** Takes lost memory back that nobody has any more; false if there was none. */
  reclaimLost(): boolean;
  /** Pops the next victim of a trim, to be retired; -1 where nothing is idle. */
  takeColdest(): number;
  /** Pops a slot that has been idle since the last `markAge`, to be retired; -1 if there is none. */
  takeUnused(): number;
  /** From now on, all idle slots are unused until they are popped. */
  markAge(): void;
}

/** An exact sum: see native/bindings/sum_accumulator_wrap.h. */
export interface NativeSumAccumulator {
  /** Adds float32 elements: a `Float32Array`, or bytes. */
  addF32(data: TypedArray): void;
  /** Adds float64 elements: a `Float64Array`, or bytes. */
  addF64(data: TypedArray): void;
  addNumber(x: number): void;
  /** Adds what another accumulator has encoded. */
  merge(bytes: TypedArray): void;
  /** The sum, correctly rounded. */
  sum(): number;
  /** Writes the state to `out`, which must have exactly as many bytes as it takes. */
  encode(out: Uint8Array): void;
}

/** What a reduction returns: see `ReductionResult` of reduction-types.ts. */
export type NativeResult = number | boolean | bigint | MinMax<number | bigint>;

/** A reduction of one element type; `ddof` is for variances. Undefined where the result is `nativeNumbers[0]`, or
 * the extremes are both. */
export type NativeReduce = (data: TypedArray, ddof?: number) => Exclude<NativeResult, number> | undefined;

/** A dot product of one element type. Undefined as of {@link NativeReduce}. */
export type NativeDot = (a: TypedArray, b: TypedArray) => bigint | undefined;

/** Reductions of data that comes in pieces: see native/bindings/reduction_wrap.h. */
export interface NativeReduction {
  /** Takes more data, whose bytes may split elements. */
  update(data: TypedArray): void;
  /** The results, in the order of the operations; more data may follow. */
  result(): NativeResult[];
}

/** The status that a native function has returned as minus it. */
export function statusOf(result: number): Status {
  // eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment -- C++ knows the same values
  return -result;
}

/** What `call` returns, which calls native code that allocates; the error of `status` where there is no memory. */
export function withMemory<Result>(status: Status, call: () => Result): Result {
  try {
    return call();
  } catch (error) {
    // What becomes of the exception of C++.
    if (error instanceof Error && error.message === 'std::bad_alloc') throw createError(status);
    throw error;
  }
}

/** The exports of the addon. */
export interface Addon {
  readonly napi: number;
  readonly isas: readonly string[];
  readonly NativeArena: new (state: Uint32Array) => NativeArena;
  readonly NativePool: new (
    state: Uint32Array,
    maxPoolBytes: number,
    maxBuffersPerBucket: number,
    foreign: boolean,
  ) => NativePool;
  readonly NativeSumAccumulator: new () => NativeSumAccumulator;
  readonly NativeReduction: new (type: number, ops: Uint8Array, ddof: number) => NativeReduction;
  canExpose(): boolean;
  /** The first byte of `buffer` that lies at a multiple of `alignment`. */
  alignedOffset(buffer: ArrayBuffer, alignment: number): number;
  /** Clears all of `buffer`, and gives its whole pages back to the system. */
  clearMemory(buffer: ArrayBuffer): void;
  initialize(
    counters: Float64Array,
    foreign: boolean,
    maxChunkBytes: number,
    isa: string | undefined,
    numbers: Float64Array,
  ): { readonly isa: string; readonly reduce: readonly (readonly NativeReduce[])[] };
  /** Reduces `count` elements, all that fit if it is -1; `offset` and `stride` in bytes. */
  reduceStrided(
    op: number,
    type: number,
    data: TypedArray,
    offset: number,
    stride: number,
    count: number,
    ddof: number,
  ): NativeResult;
  stats(process: boolean, out: Float64Array): void;
  setBudget(bytes: number, byDefault: boolean): void;
  budget(): number;
  now(): number;
  isPoisoned(buffer: ArrayBuffer, offset: number, bytes: number): boolean;
  /** The exact sum, correctly rounded, of an array of that type, or of bytes. */
  sumExactF32(data: TypedArray): number;
  sumExactF64(data: TypedArray): number;
}

/** The most that a WebAssembly.Memory can hold: 65,536 pages of 64 KiB. */
const MAX_WASM_BYTES = 2 ** 32;
/** kMaxChunkBytes of native/memory/chunk_size.h. */
const MAX_MAPPED_BYTES = 2 ** 37;

/** What the environment variables said when the package was loaded. */
export const environment: Environment = readEnvironment(process.env);

/** The native addon. */
export const native: Addon = loadAddon() as Addon;

/** Whether the runtime lets an addon create external ArrayBuffers. */
export const externalBuffers: boolean = native.canExpose();

function chooseBackend(): 'external' | 'wasm' {
  if (environment.backend === 'external' && !externalBuffers) {
    throw createError(Status.InvalidEnvironment, 'SIMD_ARENA_BACKEND=external; this runtime forbids external buffers');
  }
  if (environment.backend !== undefined) return environment.backend;
  const revocable = transfer !== undefined || !('WebAssembly' in globalThis);
  return externalBuffers && revocable ? 'external' : 'wasm';
}

/** Where the memory of arenas comes from. */
export const backendName: 'external' | 'wasm' = chooseBackend();

/** The most bytes that a chunk can have: what the runtime can expose, decided before it is asked to. */
export const maxChunkBytes: number = Math.min(
  backendName === 'wasm' ? MAX_WASM_BYTES : MAX_MAPPED_BYTES,
  constants.MAX_LENGTH,
);

if ((environment.arenaBytes ?? 0) > maxChunkBytes) {
  throw createError(Status.InvalidEnvironment, `SIMD_ARENA_SIZE; expected at most ${maxChunkBytes} bytes`);
}

/** Where native reductions leave numbers: reading them is quicker than results that V8 has to make. */
export const nativeNumbers: Float64Array = new Float64Array(new SharedArrayBuffer(16));

const initialized = withMemory(Status.OutOfMemory, () =>
  native.initialize(counters, backendName === 'wasm', maxChunkBytes, environment.isa, nativeNumbers),
);
if (environment.budgetBytes !== undefined) native.setBudget(environment.budgetBytes, true);

/** The instruction set that the kernels use. */
export const isa: string = initialized.isa;

/** The native reductions, indexed as `reduceOps` and `elementTypes`. */
export const nativeReduce: readonly (readonly NativeReduce[])[] = initialized.reduce;
