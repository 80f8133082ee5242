// From binary data to the result of a reduction: the short way, the native one, and the one for everything unusual.
//
// What is given is checked in this order: options, which may run code of the user, then the data, which may have lost its
// memory by then.
import type { VarianceOptions } from '../reduction-types';
import type { TypedArray } from '../types';
import { isBytes, toElements } from './elements';
import { typedArrayLength, typedArrayName } from './intrinsics';
import { native, nativeNumbers, withMemory, type NativeResult } from './native';
import type { ElementDot, ElementReduction } from './reduction-table';
import { MAX_SHORT_LENGTH } from './short-reductions';
import { Status } from './tables';
import { checkInteger, checkObject } from './validate';

/** Says to native code that as many elements are meant as fit. */
const ALL_THAT_FIT = -1;

// A constant of this module, which V8 embeds in compiled code, as it does not with an import.
const numbers = nativeNumbers;

/** Reduces `data`; with `options`, the elements that they name. */
export function reduce(reduction: ElementReduction, data: unknown, options: unknown): NativeResult {
  if (options !== undefined) return reduceSome(reduction, data, options);
  const name = typedArrayName(data);
  const { arrayName, short } = reduction;
  if (name === arrayName || name === 'Uint8Array') {
    const n = typedArrayLength(data);
    if (n > MAX_SHORT_LENGTH) return reduction.native(data as TypedArray) ?? numbers[0]!;
    if (n !== 0 && name === arrayName && short !== undefined) return short(data as never, n);
  }
  return reduction.native(toElements(data, reduction.type)) ?? numbers[0]!;
}

/** The extremes of `data`; with `options`, of the elements that they name. */
export function reduceMinmax(reduction: ElementReduction, data: unknown, options: unknown): NativeResult {
  const result = reduce(reduction, data, options);
  return typeof result === 'number' ? { min: result, max: numbers[1]! } : result;
}

/** Reduces the elements that `options` name. */
function reduceSome(reduction: ElementReduction, data: unknown, options: unknown): NativeResult {
  const { offset, stride, count, ddof } = checkObject('options', options) as VarianceOptions;
  const freedom = integerOr(0, 'ddof', ddof);
  const { opIndex, typeIndex, type, elementBytes } = reduction;
  const elements = toElements(data, type);
  if (offset === undefined && stride === undefined && count === undefined) {
    return reduction.native(elements, freedom) ?? numbers[0]!;
  }
  // How the data is indexed.
  const unit = isBytes(elements) ? 1 : elementBytes;
  const start = toBytes(integerOr(0, 'offset', offset), unit);
  const step = toBytes(integerOr(elementBytes / unit, 'stride', stride), unit);
  const most = integerOr(ALL_THAT_FIT, 'count', count);
  return withMemory(Status.OutOfMemory, () =>
    native.reduceStrided(opIndex, typeIndex, elements, start, step, most, freedom),
  );
}

/** `length` units as a number of bytes that native code can read; beyond that, it is more than any data has. */
function toBytes(length: number, unit: number): number {
  return Math.min(length * unit, Number.MAX_SAFE_INTEGER);
}

/** An integer option, checked; `absent` where it is left out. */
function integerOr(absent: number, what: string, value: unknown): number {
  return value === undefined ? absent : checkInteger(what, value);
}

/** The dot product of `a` and `b`. */
export function reduceDot(dot: ElementDot, a: unknown, b: unknown): NativeResult {
  const { arrayName, short, type } = dot;
  if (typedArrayName(a) === arrayName && typedArrayName(b) === arrayName) {
    const n = typedArrayLength(a);
    if (n > 0 && n === typedArrayLength(b)) {
      if (n <= MAX_SHORT_LENGTH && short !== undefined) return short(a as never, b as never, n);
      return dot.native(a as TypedArray, b as TypedArray) ?? numbers[0]!;
    }
  }
  return dot.native(toElements(a, type), toElements(b, type)) ?? numbers[0]!;
}
