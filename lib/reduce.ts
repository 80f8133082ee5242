// Reductions: from many numbers to one, straight on typed arrays and raw bytes.
//
// Every result has the same bits on every CPU. Short inputs are reduced in JavaScript, all others by the native kernels.
import { createError } from './errors';
import type { NativeResult } from './internal/native';
import { dots, reductions, type UnaryOp } from './internal/reduction-table';
import { reduce, reduceDot, reduceMinmax } from './internal/run-reduction';
import { selectByData, selectByName } from './internal/select-reduction';
import { Status, type ElementType } from './internal/tables';
import type {
  BigIntData,
  BigIntElementType,
  MinMax,
  NumberData,
  NumberElementType,
  NumericData,
  StrideOptions,
  VarianceOptions,
} from './reduction-types';
import type { RawBytes } from './types';

/** Reduces data of any type; the type may be left out, so that the options are the second argument. */
function reduceAny(op: UnaryOp, data: unknown, type: unknown, options: unknown): NativeResult {
  if (typeof type === 'object' && type !== null && options === undefined) return reduceAny(op, data, undefined, type);
  const table = reductions[op];
  const reduction = type === undefined ? selectByData(table, data) : selectByName(table, type);
  return op === 'minmax' ? reduceMinmax(reduction, data, options) : reduce(reduction, data, options);
}

/**
 * The sum of all elements; 0 if there are none.
 *
 * Floats are summed in float64, in a fixed order with a compensation: the error is at most about 3e-14 of the sum of
 * magnitudes, however many there are. Integers are summed exactly; of up to 32 bits, the sum is rounded once to the
 * nearest float64, of 64 bits it is a bigint. Of `bool`, it is the number of elements that are not 0. O(n).
 *
 * @param data - a typed array, or raw little-endian bytes at any offset, aligned or not
 * @param type - element type of raw bytes: a `Buffer`, `DataView` or `ArrayBuffer` needs it. With a typed array, the
 *   options may take its place
 * @param options - which elements; default: all of them
 * @throws `ERR_INVALID_ARG_TYPE` for anything but binary data; `ERR_ELEMENT_TYPE` where the type is missing, unknown, or
 *   not that of the array; `ERR_BYTE_LENGTH` where the bytes do not fill the last element; `ERR_DETACHED` for data that
 *   has lost its memory; `ERR_OUT_OF_RANGE` for options that reach beyond the data
 */
export function sum(data: BigIntData, type?: BigIntElementType | StrideOptions, options?: StrideOptions): bigint;
export function sum(data: RawBytes, type: BigIntElementType, options?: StrideOptions): bigint;
export function sum(data: NumberData, type?: NumberElementType | StrideOptions, options?: StrideOptions): number;
export function sum(data: NumericData, type?: ElementType | StrideOptions, options?: StrideOptions): number | bigint;
export function sum(data: NumericData, type?: ElementType | StrideOptions, options?: StrideOptions): number | bigint {
  return reduceAny('sum', data, type, options) as number | bigint;
}

/** The arithmetic mean: {@link sum} / n; NaN if there are no elements. Parameters and errors as {@link sum}. */
export function mean(data: NumericData, type?: ElementType | StrideOptions, options?: StrideOptions): number {
  return reduceAny('mean', data, type, options) as number;
}

/**
 * The least element; NaN if there is one; -0 is less than 0. O(n). Parameters and errors as {@link sum}.
 *
 * @throws `ERR_EMPTY_INPUT` if there are no elements
 */
export function min(data: BigIntData, type?: BigIntElementType | StrideOptions, options?: StrideOptions): bigint;
export function min(data: RawBytes, type: BigIntElementType, options?: StrideOptions): bigint;
export function min(data: NumberData, type?: NumberElementType | StrideOptions, options?: StrideOptions): number;
export function min(data: NumericData, type?: ElementType | StrideOptions, options?: StrideOptions): number | bigint;
export function min(data: NumericData, type?: ElementType | StrideOptions, options?: StrideOptions): number | bigint {
  return reduceAny('min', data, type, options) as number | bigint;
}

/**
 * The greatest element; NaN if there is one; 0 is greater than -0. O(n). Parameters and errors as {@link sum}.
 *
 * @throws `ERR_EMPTY_INPUT` if there are no elements
 */
export function max(data: BigIntData, type?: BigIntElementType | StrideOptions, options?: StrideOptions): bigint;
export function max(data: RawBytes, type: BigIntElementType, options?: StrideOptions): bigint;
export function max(data: NumberData, type?: NumberElementType | StrideOptions, options?: StrideOptions): number;
export function max(data: NumericData, type?: ElementType | StrideOptions, options?: StrideOptions): number | bigint;
export function max(data: NumericData, type?: ElementType | StrideOptions, options?: StrideOptions): number | bigint {
  return reduceAny('max', data, type, options) as number | bigint;
}

/**
 * {@link min} and {@link max} at once. O(n). Parameters and errors as {@link sum}.
 *
 * @throws `ERR_EMPTY_INPUT` if there are no elements
 */
export function minmax(
  data: BigIntData,
  type?: BigIntElementType | StrideOptions,
  options?: StrideOptions,
): MinMax<bigint>;
export function minmax(data: RawBytes, type: BigIntElementType, options?: StrideOptions): MinMax<bigint>;
export function minmax(data: NumberData, type?: NumberElementType | StrideOptions, options?: StrideOptions): MinMax;
export function minmax(
  data: NumericData,
  type?: ElementType | StrideOptions,
  options?: StrideOptions,
): MinMax | MinMax<bigint>;
export function minmax(
  data: NumericData,
  type?: ElementType | StrideOptions,
  options?: StrideOptions,
): MinMax | MinMax<bigint> {
  return reduceAny('minmax', data, type, options) as MinMax | MinMax<bigint>;
}

/**
 * The index of the least element: the first NaN if there is one, else the first of those that {@link min} returns.
 * O(n). Parameters and errors as {@link sum}.
 *
 * @throws `ERR_EMPTY_INPUT` if there are no elements
 */
export function argmin(data: NumericData, type?: ElementType | StrideOptions, options?: StrideOptions): number {
  return reduceAny('argmin', data, type, options) as number;
}

/**
 * The index of the greatest element: the first NaN if there is one, else the first of those that {@link max} returns.
 * O(n). Parameters and errors as {@link sum}.
 *
 * @throws `ERR_EMPTY_INPUT` if there are no elements
 */
export function argmax(data: NumericData, type?: ElementType | StrideOptions, options?: StrideOptions): number {
  return reduceAny('argmax', data, type, options) as number;
}

/**
 * Whether all elements are different from 0, as NaN is; true if there are none. O(n), and stops early.
 * Parameters and errors as {@link sum}.
 */
export function all(data: NumericData, type?: ElementType | StrideOptions, options?: StrideOptions): boolean {
  return reduceAny('all', data, type, options) as boolean;
}

/**
 * Whether any element is different from 0, as NaN is; false if there are none. O(n), and stops early.
 * Parameters and errors as {@link sum}.
 */
export function any(data: NumericData, type?: ElementType | StrideOptions, options?: StrideOptions): boolean {
  return reduceAny('any', data, type, options) as boolean;
}

/** How many elements are different from 0, as NaN is. O(n). Parameters and errors as {@link sum}. */
export function countNonzero(data: NumericData, type?: ElementType | StrideOptions, options?: StrideOptions): number {
  return reduceAny('countNonzero', data, type, options) as number;
}

/**
 * The dot product: the sum of the products of elements at the same index; 0 if there are none.
 *
 * Products and sums of floats are made in float64, as {@link sum} makes them; those of integers are exact, and then
 * rounded once to the nearest float64, or of 64 bits a bigint. O(n). Errors as {@link sum}.
 *
 * @param a - a typed array, or raw little-endian bytes at any offset, aligned or not
 * @param b - as many elements of the same type
 * @param type - element type of raw bytes; where it is left out, both are typed arrays
 * @throws `ERR_LENGTH_MISMATCH` where they have different numbers of elements
 */
export function dot(a: BigIntData, b: BigIntData, type?: BigIntElementType): bigint;
export function dot(a: BigIntData | RawBytes, b: BigIntData | RawBytes, type: BigIntElementType): bigint;
export function dot(a: NumberData, b: NumberData, type?: NumberElementType): number;
export function dot(a: NumericData, b: NumericData, type?: ElementType): number | bigint;
export function dot(a: NumericData, b: NumericData, type?: ElementType): number | bigint {
  if (type !== undefined) return reduceDot(selectByName(dots, type), a, b) as number | bigint;
  const selected = selectByData(dots, a);
  const other = selectByData(dots, b);
  if (selected !== other) throw createError(Status.ElementType, `${other.type} elements are not ${selected.type}`);
  return reduceDot(selected, a, b) as number | bigint;
}

/**
 * The Euclidean norm: the square root of the sum of squares; 0 if there are no elements. It neither over- nor underflows
 * where the result does not. O(n). Parameters and errors as {@link sum}.
 */
export function norm(data: NumericData, type?: ElementType | StrideOptions, options?: StrideOptions): number {
  return reduceAny('norm', data, type, options) as number;
}

/**
 * The variance: the sum of the squared distances from the mean, divided by n - `ddof`; NaN if that is not positive.
 * O(n), one pass. Parameters and errors as {@link sum}.
 *
 * @param options - which elements, and `ddof`; default: all of them, 0
 */
export function variance(data: NumericData, type?: ElementType | VarianceOptions, options?: VarianceOptions): number {
  return reduceAny('variance', data, type, options) as number;
}

/** The standard deviation: the square root of the {@link variance}, with its parameters and errors. */
export function std(data: NumericData, type?: ElementType | VarianceOptions, options?: VarianceOptions): number {
  return reduceAny('std', data, type, options) as number;
}
