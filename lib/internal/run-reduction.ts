// From binary data to the result of a reduction: the short way, the native one, and the one for everything unusual.
//
// What is given is checked in this order: options, which may run code of the user, then the data, which may have lost its
// memory by then.
import type { VarianceOptions } from '../reduction-types';
import type { TypedArray } from '../types';
import { checkEmptyTypedArray, toTypedArray } from './inspect-view';
import { typedArrayBuffer, typedArrayByteOffset, typedArrayLength, typedArrayName } from './intrinsics';
import { native, type NativeResult } from './native';
import type { ElementDot, ElementReduction } from './reduction-table';
import { MAX_SHORT_LENGTH } from './short-reductions';
import type { ElementType } from './tables';
import { checkInteger, checkObject } from './validate';

/** Says to native code that as many elements are meant as fit. */
const ALL_THAT_FIT = -1;

/** Reduces `data`; with `options`, the elements that they name. */
export function reduce(reduction: ElementReduction, data: unknown, options: unknown): NativeResult {
  if (options === undefined && typedArrayName(data) === reduction.arrayName) {
    const n = typedArrayLength(data);
    const { short } = reduction;
    if (n > MAX_SHORT_LENGTH) return reduction.native(data as TypedArray);
    if (n !== 0 && short !== undefined) return short(data as never, n);
  }
  return options === undefined ? reduceOther(reduction, data) : reduceSome(reduction, data, options);
}

/** Reduces what has no elements, or elements of another type, or is no typed array. */
function reduceOther(reduction: ElementReduction, data: unknown): NativeResult {
  return reduction.native(toElements(data, reduction.type));
}

/** Reduces the elements that `options` name. */
function reduceSome(reduction: ElementReduction, data: unknown, options: unknown): NativeResult {
  const { offset, stride, count, ddof } = checkObject('options', options) as VarianceOptions;
  const freedom = integerOr(0, 'ddof', ddof);
  const elements = toElements(data, reduction.type);
  if (offset === undefined && stride === undefined && count === undefined) return reduction.native(elements, freedom);

  const minStride = isBytes(elements) ? reduction.elementBytes : 1;
  return native.reduceStrided(
    reduction.opIndex,
    reduction.typeIndex,
    elements,
    integerOr(0, 'offset', offset),
    integerOr(minStride, 'stride', stride, minStride),
    integerOr(ALL_THAT_FIT, 'count', count),
    freedom,
  );
}

/** An integer option, checked; `absent` where it is left out. */
function integerOr(absent: number, what: string, value: unknown, min = 0): number {
  return value === undefined ? absent : checkInteger(what, value, undefined, min);
}

/** The dot product of `a` and `b`. */
export function reduceDot(dot: ElementDot, a: unknown, b: unknown): NativeResult {
  const { arrayName, short } = dot;
  if (typedArrayName(a) === arrayName && typedArrayName(b) === arrayName) {
    const n = typedArrayLength(a);
    if (n > 0 && n === typedArrayLength(b)) {
      if (n > MAX_SHORT_LENGTH || short === undefined) return dot.native(a as TypedArray, b as TypedArray);
      return short(a as never, b as never, n);
    }
  }
  return dot.native(toElements(a, dot.type), toElements(b, dot.type));
}

function isBytes(elements: TypedArray): boolean {
  const name = typedArrayName(elements);
  return name === 'Uint8Array' || name === 'Uint8ClampedArray';
}

/**
 * Binary data as a typed array that native code knows, of the same memory. `ERR_INVALID_ARG_TYPE` for what is no binary
 * data, `ERR_DETACHED` for what has lost its memory; whether the elements are of `type`, native code finds out.
 */
export function toElements(data: unknown, type: ElementType): TypedArray {
  const elements = toTypedArray(data);
  const length = typedArrayLength(elements);
  if (length === 0) checkEmptyTypedArray(elements);
  if (type !== 'f16' || typedArrayName(elements) !== 'Float16Array') return elements;
  // Node-API has no name for these arrays.
  return new Uint16Array(typedArrayBuffer(elements), typedArrayByteOffset(elements), length);
}
