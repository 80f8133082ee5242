// What reductions take and return: element types, data, options, results.
import type { ElementType, ReduceOp } from './internal/tables';
import type { RawBytes } from './types';

export type { ElementType };

/** The element types whose sums and extremes are bigints. */
export type BigIntElementType = 'i64' | 'u64';

/** The element types whose sums and extremes are numbers. */
export type NumberElementType = Exclude<ElementType, BigIntElementType>;

/** A `Float16Array`, which the declarations of the oldest supported engine do not name. */
export interface HalfFloats extends ArrayBufferView {
  readonly BYTES_PER_ELEMENT: number;
  readonly [Symbol.toStringTag]: 'Float16Array';
}

/** The typed arrays that hold elements of each type, besides raw bytes. */
interface ElementArrays {
  f16: HalfFloats | Uint16Array;
  bf16: Uint16Array;
  f32: Float32Array;
  f64: Float64Array;
  i8: Int8Array;
  u8: Uint8Array | Uint8ClampedArray;
  i16: Int16Array;
  u16: Uint16Array;
  i32: Int32Array;
  u32: Uint32Array;
  i64: BigInt64Array;
  u64: BigUint64Array;
  bool: Uint8Array | Uint8ClampedArray;
}

/** What can be read as elements of one type: typed arrays of it, or raw bytes. */
export type ElementData<Type extends ElementType> = ElementArrays[Type] | RawBytes;

/** Arrays whose elements are bigints. */
export type BigIntData = BigInt64Array | BigUint64Array;

/** Data whose elements are numbers, or raw little-endian bytes. */
export type NumberData = ElementData<NumberElementType>;

/** Data with an element type of its own, or raw little-endian bytes. */
export type NumericData = NumberData | BigIntData;

/**
 * Which elements are reduced: one field of interleaved records, one channel of an image. `offset` and `stride` count as
 * the data is indexed: elements of a typed array, bytes of raw bytes.
 */
export interface StrideOptions {
  /** Where the first element is. Default: 0. */
  readonly offset?: number | undefined;
  /** From one element to the next: at least 1, of raw bytes at least the size of an element. Default: that minimum. */
  readonly stride?: number | undefined;
  /** How many elements. Default: as many as fit. */
  readonly count?: number | undefined;
}

/** Which elements are reduced, and by what a variance is divided. */
export interface VarianceOptions extends StrideOptions {
  /** Delta degrees of freedom: squares are divided by n - `ddof`. Default: 0, for all of a population; 1 for a sample. */
  readonly ddof?: number | undefined;
}

/** The least and the greatest element. */
export interface MinMax<Value extends number | bigint = number> {
  min: Value;
  max: Value;
}

/** The element itself, as a value of JavaScript. */
type ElementOf<Type extends ElementType> = Type extends BigIntElementType ? bigint : number;

/** What an operation returns for elements of one type. */
export type ReductionResult<Op extends ReduceOp, Type extends ElementType> = Op extends 'all' | 'any'
  ? boolean
  : Op extends 'minmax'
    ? MinMax<ElementOf<Type>>
    : Op extends 'sum' | 'min' | 'max' | 'dot'
      ? ElementOf<Type>
      : number;
