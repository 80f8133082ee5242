// Binary data as elements of a type: native code reads bytes, and what they mean is decided here.
import { createError } from '../errors';
import type { TypedArray } from '../types';
import { toReadableArray } from './inspect-view';
import { typedArrayName } from './intrinsics';
import { Status, type ElementType } from './tables';

/** The element types that arrays bring along. */
export const ownTypes: Readonly<Record<string, ElementType>> = {
  Float16Array: 'f16',
  Float32Array: 'f32',
  Float64Array: 'f64',
  Int8Array: 'i8',
  Uint8Array: 'u8',
  Uint8ClampedArray: 'u8',
  Int16Array: 'i16',
  Uint16Array: 'u16',
  Int32Array: 'i32',
  Uint32Array: 'u32',
  BigInt64Array: 'i64',
  BigUint64Array: 'u64',
};

/** The arrays that hold elements of each type. */
export const arrayNames: Readonly<Record<ElementType, string>> = {
  f16: 'Uint16Array',
  bf16: 'Uint16Array',
  f32: 'Float32Array',
  f64: 'Float64Array',
  i8: 'Int8Array',
  u8: 'Uint8Array',
  i16: 'Int16Array',
  u16: 'Uint16Array',
  i32: 'Int32Array',
  u32: 'Uint32Array',
  i64: 'BigInt64Array',
  u64: 'BigUint64Array',
  bool: 'Uint8Array',
};

/** Whether a typed array is one of raw bytes. */
export function isBytes(array: TypedArray): boolean {
  const name = typedArrayName(array);
  return name === 'Uint8Array' || name === 'Uint8ClampedArray';
}

/**
 * Binary data as a typed array of `type`, or of raw bytes, which may spell elements of any type. `ERR_INVALID_ARG_TYPE`
 * for what is no binary data, `ERR_DETACHED` for what has lost its memory, `ERR_ELEMENT_TYPE` for an array of another type.
 */
export function toElements(data: unknown, type: ElementType): TypedArray {
  const array = toReadableArray(data);
  const name = typedArrayName(array)!;
  if (name === arrayNames[type] || isBytes(array) || (name === 'Float16Array' && type === 'f16')) return array;
  throw createError(Status.ElementType, `elements of ${name} are not ${type}`);
}
