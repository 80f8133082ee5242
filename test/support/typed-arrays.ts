// Every view that arenas allocate on this engine, as a table for tests.
import type { ElementView, ViewConstructor } from 'simd-arena';

/** A typed array or Buffer whose element type the test does not know. */
export type AnyView = ElementView & {
  [index: number]: number | bigint;
  readonly length: number;
  fill(value: number | bigint): unknown;
};

/** One kind of view. */
export interface ViewKind {
  readonly name: string;
  readonly type: ViewConstructor;
  readonly elementBytes: number;
  /** An element whose bytes are not zero, and the zero of the type. */
  readonly one: number | bigint;
  readonly zero: number | bigint;
  /** A view on the JavaScript heap. */
  readonly make: (length: number) => AnyView;
}

type HeapConstructor = (new (length: number) => AnyView) & { readonly BYTES_PER_ELEMENT: number };

const names = [
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
];

/** Every typed array constructor of the engine, and Buffer. */
export const viewKinds: readonly ViewKind[] = [
  ...names.flatMap((name): ViewKind[] => {
    const type = (globalThis as Record<string, unknown>)[name] as HeapConstructor | undefined;
    if (type === undefined) return [];
    const big = name.startsWith('Big');
    const elementBytes = type.BYTES_PER_ELEMENT;
    return [{ name, type, elementBytes, one: big ? 1n : 1, zero: big ? 0n : 0, make: (length) => new type(length) }];
  }),
  {
    name: 'Buffer',
    type: Buffer,
    elementBytes: 1,
    one: 1,
    zero: 0,
    make: (length) => Buffer.alloc(length) as unknown as AnyView,
  },
];

/** All elements of a view. */
export function elementsOf(view: ElementView): (number | bigint)[] {
  return Array.from(view as unknown as ArrayLike<number | bigint>);
}
