// The element types as a table for tests: the arrays that hold them, and what their bytes spell.
import { elementTypes } from '#internal/tables';
import type { BigIntElementType, ElementType, NumericData } from 'simd-arena';

type NumericArray = NumericData & ArrayLike<number | bigint> & ArrayBufferView & { readonly BYTES_PER_ELEMENT: number };
type ArrayConstructor = new (buffer: ArrayBufferLike) => NumericArray;

/** One element type. */
export interface ElementKind {
  readonly type: ElementType;
  readonly bytes: number;
  readonly isFloat: boolean;
  readonly isBigInt: boolean;
  /** The array that brings the type along; undefined where none does, or this engine has none. */
  readonly own: ArrayConstructor | undefined;
  /** Arrays that hold the type where it is named. */
  readonly named: readonly ArrayConstructor[];
  /** The element at a byte of a view. */
  readonly read: (view: DataView, at: number) => number | bigint;
}

/** `Float16Array`, where the engine has it. */
export const Float16: ArrayConstructor | undefined = (globalThis as Record<string, unknown>)['Float16Array'] as
  ArrayConstructor | undefined;

const scratch = new DataView(new ArrayBuffer(4));

/** The number that the bits of a float16 spell. */
export function fromFloat16(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1024 + fraction) * 2 ** (exponent - 25);
}

/** The number that the bits of a bfloat16, the upper half of a float32, spell. */
export function fromBfloat16(bits: number): number {
  scratch.setUint32(0, bits * 0x10000);
  return scratch.getFloat32(0);
}

const details: Record<ElementType, Pick<ElementKind, 'own' | 'read'>> = {
  f16: { own: Float16, read: (view, at) => fromFloat16(view.getUint16(at, true)) },
  bf16: { own: undefined, read: (view, at) => fromBfloat16(view.getUint16(at, true)) },
  f32: { own: Float32Array, read: (view, at) => view.getFloat32(at, true) },
  f64: { own: Float64Array, read: (view, at) => view.getFloat64(at, true) },
  i8: { own: Int8Array, read: (view, at) => view.getInt8(at) },
  u8: { own: Uint8Array, read: (view, at) => view.getUint8(at) },
  i16: { own: Int16Array, read: (view, at) => view.getInt16(at, true) },
  u16: { own: Uint16Array, read: (view, at) => view.getUint16(at, true) },
  i32: { own: Int32Array, read: (view, at) => view.getInt32(at, true) },
  u32: { own: Uint32Array, read: (view, at) => view.getUint32(at, true) },
  i64: { own: BigInt64Array, read: (view, at) => view.getBigInt64(at, true) },
  u64: { own: BigUint64Array, read: (view, at) => view.getBigUint64(at, true) },
  bool: { own: undefined, read: (view, at) => Number(view.getUint8(at) !== 0) },
};

const bitArrays: Partial<Record<ElementType, ArrayConstructor>> = { f16: Uint16Array, bf16: Uint16Array };

/** Every element type. */
export const elementKinds: readonly ElementKind[] = elementTypes.map(({ label: type, size: bytes }) => {
  const { own, read } = details[type];
  const named = [own, bitArrays[type]].filter((array) => array !== undefined);
  return { type, bytes, isFloat: type.includes('f'), isBigInt: isBigInt(type), own, named, read };
});

/** The row of one element type. */
export function kindOf(type: ElementType): ElementKind {
  return elementKinds.find((kind) => kind.type === type)!;
}

function isBigInt(type: ElementType): type is BigIntElementType {
  return type === 'i64' || type === 'u64';
}

/** The elements of a type that bytes spell. */
export function decode({ bytes, read }: ElementKind, data: Uint8Array): (number | bigint)[] {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  return Array.from({ length: data.length / bytes }, (_, index) => read(view, index * bytes));
}
