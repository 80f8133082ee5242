// The constructors of views that arenas allocate, and how their views are made.
import type { ElementView, ViewConstructor } from '../types';
import { typedArrayName } from './intrinsics';
import { Stamp } from './stamp';

// A constant of this module, which V8 embeds in compiled code, as it does not with a global.
const BufferConstructor = Buffer;
// Captured, because views are made where no code of the user may run.
const bufferFrom = Reflect.get(Buffer, 'from') as (buffer: ArrayBuffer, byteOffset: number, length: number) => Buffer;

type TypedArrayConstructor = new (buffer: ArrayBuffer, byteOffset: number, length: number) => ElementView;

/** What is known of a constructor. */
class Known extends Stamp {
  #elementBytes: number;
  #zero: number | bigint;

  constructor(constructor: object, elementBytes: number, zero: number | bigint) {
    super(constructor);
    this.#elementBytes = elementBytes;
    this.#zero = zero;
  }

  static elementBytes(constructor: unknown): number | undefined {
    return typeof constructor === 'function' && #elementBytes in constructor
      ? (constructor as unknown as Known).#elementBytes
      : undefined;
  }

  static zero(constructor: unknown): number | bigint {
    return (constructor as Known).#zero;
  }
}

/** The typed array constructors of this engine, by the names of their arrays; those it lacks are not there. */
const constructorsByName = new Map<string, TypedArrayConstructor>();
for (const name of [
  'Int8Array',
  'Uint8Array',
  'Uint8ClampedArray',
  'Int16Array',
  'Uint16Array',
  'Int32Array',
  'Uint32Array',
  'Float16Array',
  'Float32Array',
  'Float64Array',
  'BigInt64Array',
  'BigUint64Array',
]) {
  const constructor = (globalThis as Record<string, unknown>)[name] as
    (TypedArrayConstructor & { BYTES_PER_ELEMENT: number }) | undefined;
  if (constructor === undefined) continue;
  constructorsByName.set(name, constructor);
  new Known(constructor, constructor.BYTES_PER_ELEMENT, name.startsWith('Big') ? 0n : 0);
}
new Known(Buffer, 1, 0);

/** Bytes of one element of the views that `type` makes; undefined if it is no constructor that arenas know. */
export const elementBytesOf: (type: unknown) => number | undefined = (type) => Known.elementBytes(type);

/** The zero of the views that `type`, which must be known, makes. */
export const zeroOf: (type: unknown) => number | bigint = (type) => Known.zero(type);

/** A view of `buffer`; `type` must be known. Throws if the buffer is detached. */
export function makeView(type: unknown, buffer: ArrayBuffer, byteOffset: number, length: number): ElementView {
  if (type === BufferConstructor) return bufferFrom(buffer, byteOffset, length);
  return new (type as TypedArrayConstructor)(buffer, byteOffset, length);
}

/** The constructor for views like `view`, a typed array or Buffer; undefined for anything else. */
export function viewTypeOf(view: unknown): ViewConstructor | undefined {
  const name = typedArrayName(view);
  if (name === undefined) return undefined;
  return name === 'Uint8Array' && Buffer.isBuffer(view) ? Buffer : constructorsByName.get(name);
}
