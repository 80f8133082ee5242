// Reductions: from many numbers to one, straight on typed arrays and raw bytes.
//
// Every result has the same bits on every CPU. Short inputs are reduced in JavaScript, all others by the native kernels.
import { createError } from './errors';
import { checkEmptyTypedArray, toTypedArray } from './internal/inspect-view';
import { typedArrayLength, typedArrayName } from './internal/intrinsics';
import { nativeReduce, type NativeReduction } from './internal/native';
import { MAX_SHORT_LENGTH, shortReductions, type ShortReduction } from './internal/short-reductions';
import { elementTypes, reduceOps, Status, type ElementType, type ReduceOp } from './internal/tables';
import { wrongType } from './internal/validate';
import type { RawBytes, TypedArray } from './types';

export type { ElementType };

/** Data with an element type of its own, or raw little-endian bytes. */
export type NumericData = Float32Array | Int32Array | RawBytes;

/** One operation on one element type. */
interface Reduction {
  readonly arrayName: string;
  readonly short: ShortReduction;
  readonly native: NativeReduction;
}

/** The arrays that hold each element type. */
const arrayNames: Readonly<Record<ElementType, string>> = {
  f32: 'Float32Array',
  i32: 'Int32Array',
  u8: 'Uint8Array',
  bool: 'Uint8Array',
};

/** The element types that arrays bring along. */
const ownTypes: Readonly<Record<string, ElementType>> = {
  Float32Array: 'f32',
  Int32Array: 'i32',
  Uint8Array: 'u8',
  Uint8ClampedArray: 'u8',
};

function reductionsOf(op: ReduceOp): Readonly<Record<ElementType, Reduction>> {
  const functions = nativeReduce[reduceOps.indexOf(op)]!;
  const entries = elementTypes.map(({ label }, index) => {
    const reduction = { arrayName: arrayNames[label], short: shortReductions[op][label], native: functions[index]! };
    return [label, reduction] as const;
  });
  return Object.fromEntries(entries) as Record<ElementType, Reduction>;
}

const sumOf = reductionsOf('sum');
const meanOf = reductionsOf('mean');
const allOf = reductionsOf('all');
const anyOf = reductionsOf('any');

const sumOfF32 = sumOf.f32;
const sumOfI32 = sumOf.i32;
const sumOfU8 = sumOf.u8;
const meanOfF32 = meanOf.f32;
const meanOfI32 = meanOf.i32;
const meanOfU8 = meanOf.u8;
const allOfF32 = allOf.f32;
const allOfI32 = allOf.i32;
const allOfU8 = allOf.u8;
const allOfBool = allOf.bool;
const anyOfF32 = anyOf.f32;
const anyOfI32 = anyOf.i32;
const anyOfU8 = anyOf.u8;
const anyOfBool = anyOf.bool;

function reduce(reduction: Reduction, data: unknown): number | boolean {
  if (typedArrayName(data) === reduction.arrayName) {
    const n = typedArrayLength(data);
    if (n > MAX_SHORT_LENGTH) return reduction.native(data as TypedArray);
    if (n !== 0) return reduction.short(data as Float32Array, n);
  }
  return reduceOther(reduction, data);
}

/** Reduces what has no elements, or elements of another type, or is no typed array. */
function reduceOther(reduction: Reduction, data: unknown): number | boolean {
  const elements = toTypedArray(data);
  if (typedArrayLength(elements) === 0) checkEmptyTypedArray(elements);
  return reduction.native(elements);
}

/** The reduction for `data`: of the type that is named, else of the array's own. */
function select(
  reductions: Readonly<Record<ElementType, Reduction>>,
  data: unknown,
  type: ElementType | undefined,
): Reduction {
  if (type !== undefined) {
    if (typeof type !== 'string') throw wrongType('type', 'a string', type);
    if (Object.hasOwn(reductions, type)) return reductions[type];
    throw createError(Status.ElementType, `${JSON.stringify(type)} is none of ${Object.keys(reductions).join(', ')}`);
  }
  const name = typedArrayName(data);
  if (name === undefined) toTypedArray(data);
  const isRaw = name === undefined || Buffer.isBuffer(data);
  const ownType = isRaw ? undefined : ownTypes[name];
  if (ownType !== undefined) return reductions[ownType];
  const detail = isRaw
    ? 'raw bytes need one, such as sum(data, "f32")'
    : `a ${name} has none of ${Object.keys(reductions).join(', ')}`;
  throw createError(Status.ElementType, detail);
}

/**
 * The sum of all elements; 0 if there are none.
 *
 * Floats are summed in float64, in a fixed order with a compensation between chunks of 8192: the error stays below about
 * 3e-14 of the sum of magnitudes, however many there are. Integers are summed exactly and rounded once, to the nearest
 * float64. Of `bool`, the sum is the number of elements that are not 0. O(n).
 *
 * @param data - a typed array, or raw little-endian bytes at any offset, aligned or not
 * @param type - element type of raw bytes; a `Buffer`, `DataView` or `ArrayBuffer` needs it
 * @throws `ERR_INVALID_ARG_TYPE` for anything but binary data; `ERR_ELEMENT_TYPE` where the type is missing, unknown, or
 *   not that of the array; `ERR_BYTE_LENGTH` where the bytes do not fill the last element; `ERR_DETACHED` for data that
 *   has lost its memory
 */
export function sum(data: NumericData, type?: ElementType): number {
  return reduce(select(sumOf, data, type), data) as number;
}

/** The arithmetic mean: {@link sum} / n; NaN if there are no elements. Parameters and errors as {@link sum}. */
export function mean(data: NumericData, type?: ElementType): number {
  return reduce(select(meanOf, data, type), data) as number;
}

/**
 * Whether all elements are different from 0, as NaN is; true if there are none. O(n), and stops early.
 * Parameters and errors as {@link sum}.
 */
export function all(data: NumericData, type?: ElementType): boolean {
  return reduce(select(allOf, data, type), data) as boolean;
}

/**
 * Whether any element is different from 0, as NaN is; false if there are none. O(n), and stops early.
 * Parameters and errors as {@link sum}.
 */
export function any(data: NumericData, type?: ElementType): boolean {
  return reduce(select(anyOf, data, type), data) as boolean;
}

/** {@link sum} of float32 elements: a `Float32Array`, or raw bytes at any offset. */
export function sumF32(data: Float32Array | RawBytes): number {
  return reduce(sumOfF32, data) as number;
}

/** {@link sum} of int32 elements: an `Int32Array`, or raw bytes at any offset. */
export function sumI32(data: Int32Array | RawBytes): number {
  return reduce(sumOfI32, data) as number;
}

/** {@link sum} of bytes. */
export function sumU8(data: RawBytes): number {
  return reduce(sumOfU8, data) as number;
}

/** {@link mean} of float32 elements: a `Float32Array`, or raw bytes at any offset. */
export function meanF32(data: Float32Array | RawBytes): number {
  return reduce(meanOfF32, data) as number;
}

/** {@link mean} of int32 elements: an `Int32Array`, or raw bytes at any offset. */
export function meanI32(data: Int32Array | RawBytes): number {
  return reduce(meanOfI32, data) as number;
}

/** {@link mean} of bytes. */
export function meanU8(data: RawBytes): number {
  return reduce(meanOfU8, data) as number;
}

/** {@link all} of float32 elements: a `Float32Array`, or raw bytes at any offset. */
export function allF32(data: Float32Array | RawBytes): boolean {
  return reduce(allOfF32, data) as boolean;
}

/** {@link all} of int32 elements: an `Int32Array`, or raw bytes at any offset. */
export function allI32(data: Int32Array | RawBytes): boolean {
  return reduce(allOfI32, data) as boolean;
}

/** {@link all} of bytes. */
export function allU8(data: RawBytes): boolean {
  return reduce(allOfU8, data) as boolean;
}

/** {@link all} of the bytes of a mask, in which every byte but 0 is true. */
export function allBool(data: RawBytes): boolean {
  return reduce(allOfBool, data) as boolean;
}

/** {@link any} of float32 elements: a `Float32Array`, or raw bytes at any offset. */
export function anyF32(data: Float32Array | RawBytes): boolean {
  return reduce(anyOfF32, data) as boolean;
}

/** {@link any} of int32 elements: an `Int32Array`, or raw bytes at any offset. */
export function anyI32(data: Int32Array | RawBytes): boolean {
  return reduce(anyOfI32, data) as boolean;
}

/** {@link any} of bytes. */
export function anyU8(data: RawBytes): boolean {
  return reduce(anyOfU8, data) as boolean;
}

/** {@link any} of the bytes of a mask, in which every byte but 0 is true. */
export function anyBool(data: RawBytes): boolean {
  return reduce(anyOfBool, data) as boolean;
}
