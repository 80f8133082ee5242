// What the language offers for looking at binary data, captured when the package loads.
//
// These functions read internal slots: own properties, subclasses, overridden getters and other realms cannot make them
// lie, and none of them runs code of the user. They cost 1 to 8 ns.
import type { TypedArray } from '../types';

function uncurryThis(method: unknown): unknown {
  return Function.prototype.call.bind(method as () => unknown);
}

/** The method `key` of `prototype`, as a function of its `this`. */
export function methodOf<Args extends unknown[], Result>(
  prototype: object,
  key: string,
): (self: unknown, ...args: Args) => Result {
  return uncurryThis(Reflect.get(prototype, key)) as (self: unknown, ...args: Args) => Result;
}

/** The getter `key` of `prototype`, as a function of its `this`. */
export function getterOf<Result>(prototype: object, key: PropertyKey): (self: unknown) => Result {
  const descriptor = Object.getOwnPropertyDescriptor(prototype, key)!;
  return uncurryThis(Reflect.get(descriptor, 'get')) as (self: unknown) => Result;
}

const typedArrayPrototype = Object.getPrototypeOf(Uint8Array.prototype) as TypedArray;

/** `'Float32Array'` and so on; undefined for anything that is not a typed array. Never throws. */
export const typedArrayName: (value: unknown) => string | undefined = getterOf(typedArrayPrototype, Symbol.toStringTag);

/** Elements of a typed array; 0 if it is detached or out of bounds. Throws for anything else. */
export const typedArrayLength: (value: unknown) => number = getterOf(typedArrayPrototype, 'length');

/** The buffer of a typed array. Throws for anything else. */
export const typedArrayBuffer: (value: unknown) => ArrayBufferLike = getterOf(typedArrayPrototype, 'buffer');

/** First byte of a typed array; 0 if it is detached or out of bounds. Throws for anything else. */
export const typedArrayByteOffset: (value: unknown) => number = getterOf(typedArrayPrototype, 'byteOffset');

/** Element `index` of a typed array; throws if it is detached or out of bounds, where `length` just says 0. */
export const typedArrayAt: (value: unknown, index: number) => unknown = methodOf(typedArrayPrototype, 'at');

/** Copies all of `source` to the start of a typed array. */
export const typedArraySet: (target: unknown, source: ArrayLike<unknown>) => void = methodOf(
  typedArrayPrototype,
  'set',
);

/** Sets every element of a typed array. */
export const typedArrayFill: (target: unknown, value: number | bigint) => unknown = methodOf(
  typedArrayPrototype,
  'fill',
);

/** The buffer of a DataView. Throws for anything else. */
export const dataViewBuffer: (value: unknown) => ArrayBufferLike = getterOf(DataView.prototype, 'buffer');
/** First byte of a DataView; throws if it is detached or out of bounds. */
export const dataViewByteOffset: (value: unknown) => number = getterOf(DataView.prototype, 'byteOffset');
/** Bytes of a DataView; throws if it is detached or out of bounds. */
export const dataViewByteLength: (value: unknown) => number = getterOf(DataView.prototype, 'byteLength');

/** Bytes of an ArrayBuffer; 0 if it is detached. Throws for anything else. */
export const arrayBufferByteLength: (value: unknown) => number = getterOf(ArrayBuffer.prototype, 'byteLength');

/** Moves the memory of `buffer` to the ArrayBuffer that it returns, and detaches `buffer`; undefined before Node 22. */
export const transfer: ((buffer: ArrayBuffer) => ArrayBuffer) | undefined =
  'transfer' in ArrayBuffer.prototype ? methodOf(ArrayBuffer.prototype, 'transfer') : undefined;

const { structuredClone: clone } = globalThis;

/**
 * Moves the memory of `buffer`, which must not be external, to the ArrayBuffer that it returns, and detaches `buffer`.
 * Before Node 22, it copies one that was marked as untransferable.
 */
export const moveMemory: (buffer: ArrayBuffer) => ArrayBuffer =
  transfer ?? ((buffer) => clone(buffer, { transfer: [buffer] }));
