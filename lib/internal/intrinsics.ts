// What the language offers for looking at binary data, captured when the package loads.
//
// These functions read internal slots: own properties, subclasses, overridden getters and other realms cannot make them
// lie, and none of them runs code of the user. They cost 1 to 8 ns.
import type { TypedArray } from '../types';

/** `method` as a function of its `this`. */
export function uncurryThis<This, Args extends unknown[], Result>(
  method: (this: This, ...args: Args) => Result,
): (self: This, ...args: Args) => Result {
  return Function.prototype.call.bind(method) as (self: This, ...args: Args) => Result;
}

/** The getter `key` of `prototype` as a function of its `this`. */
export function getter<Result>(prototype: object, key: PropertyKey): (self: unknown) => Result {
  const descriptor = Object.getOwnPropertyDescriptor(prototype, key) as { get(this: unknown): Result };
  // eslint-disable-next-line @typescript-eslint/unbound-method -- uncurried
  return uncurryThis(descriptor.get);
}

const typedArrayPrototype = Object.getPrototypeOf(Uint8Array.prototype) as TypedArray;

/** `'Float32Array'` and so on; undefined for anything that is not a typed array. Never throws. */
export const typedArrayName: (value: unknown) => string | undefined = getter(typedArrayPrototype, Symbol.toStringTag);

/** Elements of a typed array; 0 if it is detached or out of bounds. Throws for anything else. */
export const typedArrayLength: (value: unknown) => number = getter(typedArrayPrototype, 'length');

/** The buffer of a typed array. Throws for anything else. */
export const typedArrayBuffer: (value: unknown) => ArrayBufferLike = getter(typedArrayPrototype, 'buffer');

/** Element `index` of a typed array; throws if it is detached or out of bounds, where `length` just says 0. */
export const typedArrayAt: (value: unknown, index: number) => unknown = uncurryThis(
  // eslint-disable-next-line @typescript-eslint/unbound-method -- uncurried
  typedArrayPrototype.at as (this: unknown, index: number) => unknown,
);

/** Copies all of `source` to the start of a typed array. */
export const typedArraySet: (target: unknown, source: ArrayLike<unknown>) => void = uncurryThis(
  // eslint-disable-next-line @typescript-eslint/unbound-method -- uncurried
  typedArrayPrototype.set as (this: unknown, source: ArrayLike<unknown>) => void,
);

/** Sets every element of a typed array. */
export const typedArrayFill: (target: unknown, value: number | bigint) => unknown = uncurryThis(
  // eslint-disable-next-line @typescript-eslint/unbound-method -- uncurried
  typedArrayPrototype.fill as (this: unknown, value: number | bigint) => unknown,
);

/** The buffer of a DataView. Throws for anything else. */
export const dataViewBuffer: (value: unknown) => ArrayBufferLike = getter(DataView.prototype, 'buffer');
/** First byte of a DataView; throws if it is detached or out of bounds. */
export const dataViewByteOffset: (value: unknown) => number = getter(DataView.prototype, 'byteOffset');
/** Bytes of a DataView; throws if it is detached or out of bounds. */
export const dataViewByteLength: (value: unknown) => number = getter(DataView.prototype, 'byteLength');

/** Bytes of an ArrayBuffer; 0 if it is detached. Throws for anything else. */
export const arrayBufferByteLength: (value: unknown) => number = getter(ArrayBuffer.prototype, 'byteLength');

type Transfer = (buffer: ArrayBuffer) => ArrayBuffer;
const transferMethod = (ArrayBuffer.prototype as { transfer?: (this: ArrayBuffer) => ArrayBuffer }).transfer;

/** Moves the memory of `buffer` to the ArrayBuffer that it returns, and detaches `buffer`; undefined before Node 22. */
export const transfer: Transfer | undefined = transferMethod && uncurryThis(transferMethod);
