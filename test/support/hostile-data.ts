// The catalogue of hostile inputs: whatever JavaScript can pass where binary data is expected, and the right answer.
//
// All data that can be read spells the same four floats, so that a wrong answer shows.
import { runInNewContext } from 'node:vm';

import { Arena, type ErrorCode } from 'simd-arena';

import { Float16 } from './element-types';
import { detach, GrowableBuffer, ResizableBuffer } from './runtime';

/** The floats that all readable data spells. */
export const floats: readonly number[] = [1.5, -2, 3, 2 ** 20];

/** Their sum, which is exact. */
export const floatSum: number = 2 ** 20 + 2.5;

/** Their bytes. */
export const floatBytes: Uint8Array = new Uint8Array(Float32Array.from(floats).buffer);

/**
 * What a reduction makes of the data: `f32` has floats, `raw` has their bytes, `other` has elements of another type,
 * `ragged` has zeros as bytes, of which the last element is cut off, or none; otherwise the code of the error.
 */
export type Readable = 'f32' | 'raw' | 'other' | 'ragged';

/** One row of the catalogue. */
export interface HostileData {
  readonly what: string;
  readonly make: () => unknown;
  /** What reductions do. */
  readonly reduced: Readable | ErrorCode;
  /** What copyIn and copyOut do. */
  readonly copiedIn: 'copied' | ErrorCode;
  readonly copiedOut: 'copied' | ErrorCode;
}

const array = (): Float32Array => Float32Array.from(floats);
const bytes = (): Uint8Array => new Uint8Array(array().buffer);

/** The bytes at an odd offset of a larger buffer. */
function atOddOffset<B extends Uint8Array>(larger: B): B {
  larger.set(bytes(), 13);
  return larger.subarray(13, 29) as B;
}

/** A resizable buffer that starts with the floats. */
function resizable(byteLength: number): InstanceType<typeof ResizableBuffer> {
  const buffer = new ResizableBuffer(byteLength, { maxByteLength: 64 });
  new Float32Array(buffer).set(floats.slice(0, byteLength / 4));
  return buffer;
}

class Liar extends Float32Array {
  override get length(): number {
    return 1e9;
  }
  override get byteLength(): number {
    return 4e9;
  }
  override get byteOffset(): number {
    return -8;
  }
  override get buffer(): ArrayBuffer {
    return new ArrayBuffer(0);
  }
  static get [Symbol.species](): unknown {
    return Array;
  }
}

declare const WebAssembly: {
  readonly Memory: new (descriptor: { initial: number; maximum: number }) => {
    readonly buffer: ArrayBuffer;
    grow(pages: number): number;
  };
};

function wasmView(grow: boolean): Float32Array {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 2 });
  const view = new Float32Array(memory.buffer, 64, floats.length);
  view.set(floats);
  if (grow) memory.grow(1);
  return view;
}

function detached<T extends ArrayBufferView>(view: T): T {
  detach(view.buffer as ArrayBuffer);
  return view;
}

function shrunk<T>(make: (buffer: ArrayBuffer) => T, to: number, from = 32): T {
  const buffer = resizable(from);
  const view = make(buffer);
  buffer.resize(to);
  return view;
}

function revokedView(): Float32Array {
  const arena = new Arena({ label: 'hostile' });
  const view = arena.copyIn(array());
  arena.close();
  return view;
}

function revokedProxy(target: object): unknown {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
}

type Row = readonly [what: string, make: () => unknown];

const arrays: Row[] = [
  ['a Float32Array', array],
  ['a subarray', () => Float32Array.of(9, ...floats, 9).subarray(1, 5)],
  ['a length-tracking array', () => new Float32Array(resizable(16))],
  ['a length-tracking array, shrunk', () => shrunk((buffer) => new Float32Array(buffer), 16)],
  ['a length-tracking array, shrunk to a part of an element', () => shrunk((buffer) => new Float32Array(buffer), 19)],
  [
    'a length-tracking array, grown',
    () => {
      const buffer = resizable(8);
      const view = new Float32Array(buffer);
      buffer.resize(16);
      view.set(floats);
      return view;
    },
  ],
  ['shared memory', () => Object.assign(new Float32Array(new SharedArrayBuffer(16)), floats)],
  [
    'growable shared memory, grown',
    () => {
      const buffer = new GrowableBuffer(4, { maxByteLength: 64 });
      const view = new Float32Array(buffer);
      buffer.grow(16);
      view.set(floats);
      return view;
    },
  ],
  ['WebAssembly memory', () => wasmView(false)],
  ['an array of another realm', () => runInNewContext('Float32Array.from(floats)', { floats }) as unknown],
  ['a subclass that lies', () => new Liar(floats)],
  ['an own length', () => Object.defineProperty(array(), 'length', { value: 1e9 })],
  ['an own buffer', () => Object.defineProperty(array(), 'buffer', { value: new ArrayBuffer(1) })],
  ['no prototype', () => Object.setPrototypeOf(array(), null) as unknown],
  ['the prototype of another type', () => Object.setPrototypeOf(array(), BigInt64Array.prototype) as unknown],
  ['a toStringTag that lies', () => Object.defineProperty(array(), Symbol.toStringTag, { value: 'Uint8Array' })],
  ['an object that is not extensible', () => Object.preventExtensions(array())],
];

const buffers: Row[] = [
  ['a Buffer', () => Buffer.from(bytes())],
  ['a Buffer of the slab', () => Buffer.from(Buffer.from(bytes()).toString('latin1'), 'latin1')],
  ['a Buffer at an odd offset', () => atOddOffset(Buffer.alloc(64))],
  ['a Uint8Array at an odd offset', () => atOddOffset(new Uint8Array(64))],
  ['a Uint8ClampedArray', () => new Uint8ClampedArray(bytes())],
  ['shared bytes', () => atOddOffset(new Uint8Array(new SharedArrayBuffer(64)))],
  ['length-tracking bytes, shrunk', () => shrunk((buffer) => new Uint8Array(buffer), 16)],
];

const dataViews: Row[] = [
  ['a DataView at an odd offset', () => new DataView(atOddOffset(new Uint8Array(64)).buffer, 13, 16)],
  ['a frozen DataView', () => Object.freeze(new DataView(bytes().buffer))],
  ['a length-tracking DataView, shrunk', () => shrunk((buffer) => new DataView(buffer), 16)],
  ['a DataView without a prototype', () => Object.setPrototypeOf(new DataView(bytes().buffer), null) as unknown],
  [
    'a DataView of another realm',
    () => runInNewContext('new DataView(Float32Array.from(floats).buffer)', { floats }) as unknown,
  ],
];

const arrayBuffers: Row[] = [
  ['an ArrayBuffer', () => bytes().buffer],
  ['a frozen ArrayBuffer', () => Object.freeze(bytes().buffer)],
  ['a resizable ArrayBuffer', () => resizable(16)],
  ['a SharedArrayBuffer', () => Object.assign(new Float32Array(new SharedArrayBuffer(16)), floats).buffer],
  ['an ArrayBuffer of another realm', () => runInNewContext('Float32Array.from(floats).buffer', { floats }) as unknown],
  ['an ArrayBuffer without a prototype', () => Object.setPrototypeOf(bytes().buffer, null) as unknown],
];

const lostArrays: Row[] = [
  ['a detached array', () => detached(array())],
  ['a detached Buffer', () => detached(Buffer.from(new ArrayBuffer(16)))],
  ['a view that its scope has revoked', revokedView],
  ['a fixed array over a shrunk buffer', () => shrunk((buffer) => new Float32Array(buffer, 0, 4), 12)],
  ['a fixed array over an emptied buffer', () => shrunk((buffer) => new Float32Array(buffer, 0, 4), 0)],
  ['a length-tracking array out of bounds', () => shrunk((buffer) => new Float32Array(buffer, 16), 8)],
  ['an array over WebAssembly memory that has grown', () => wasmView(true)],
];

const lostDataViews: Row[] = [
  ['a detached DataView', () => detached(new DataView(new ArrayBuffer(16)))],
  ['a fixed DataView over a shrunk buffer', () => shrunk((buffer) => new DataView(buffer, 0, 16), 12)],
  ['a length-tracking DataView out of bounds', () => shrunk((buffer) => new DataView(buffer, 16), 8)],
];

const wrongTypes: Row[] = [
  ...[
    Int8Array,
    Int16Array,
    Uint16Array,
    Int32Array,
    Uint32Array,
    Float64Array,
    BigInt64Array,
    BigUint64Array,
    ...(Float16 === undefined ? [] : [Float16]),
  ].map((type): Row => [`a ${type.name}`, () => new type(new ArrayBuffer(32))]),
  ['an empty Int16Array', () => new Int16Array(0)],
];

const ragged: Row[] = [
  ['an empty Buffer', () => Buffer.alloc(0)],
  ['an empty Uint8Array', () => new Uint8Array(0)],
  ['a Buffer with half an element', () => Buffer.alloc(14)],
  ['a Uint8Array with one byte', () => new Uint8Array(1)],
];

const noData: Row[] = [
  ['a proxy of an array', () => new Proxy(array(), {})],
  ['a revoked proxy', () => revokedProxy(array())],
  ['a revoked proxy of a plain array', () => revokedProxy([])],
  ['a proxy of an ArrayBuffer', () => new Proxy(new ArrayBuffer(8), {})],
  ['an object that inherits from an array', () => Object.create(array()) as unknown],
  ['an object with the prototype of arrays', () => Object.create(Float32Array.prototype) as unknown],
  ['the prototype of arrays', () => Float32Array.prototype],
  ['a constructor', () => Float32Array],
  ['a plain array', () => [...floats]],
  ['a sparse array', () => Object.assign([], { length: 1e6 })],
  ['an array-like object', () => ({ 0: 1, 1: 2, length: 4, buffer: new ArrayBuffer(16), byteLength: 16 })],
  ['an object that says it is an array', () => ({ [Symbol.toStringTag]: 'Float32Array', length: 4 })],
  ['a Set', () => new Set(floats)],
  ['a string', () => '1,2'],
  ['a number', () => 4],
  ['NaN', () => NaN],
  ['a bigint', () => 4n],
  ['a symbol', () => Symbol('data')],
  ['a boolean', () => true],
  ['null', () => null],
  ['undefined', () => undefined],
  ['a function', () => array],
];

function rows(
  of: readonly Row[],
  reduced: HostileData['reduced'],
  copiedIn: HostileData['copiedIn'],
  copiedOut = copiedIn,
): HostileData[] {
  return of.map(([what, make]) => ({ what, make, reduced, copiedIn, copiedOut }));
}

/** The catalogue. */
export const hostileData: readonly HostileData[] = [
  ...rows(arrays, 'f32', 'copied'),
  ...rows(buffers, 'raw', 'copied'),
  ...rows(dataViews, 'raw', 'ERR_INVALID_ARG_TYPE', 'copied'),
  ...rows(arrayBuffers, 'raw', 'ERR_INVALID_ARG_TYPE'),
  ...rows(lostArrays, 'ERR_DETACHED', 'ERR_DETACHED'),
  ...rows(lostDataViews, 'ERR_DETACHED', 'ERR_INVALID_ARG_TYPE', 'ERR_DETACHED'),
  ...rows([['a detached ArrayBuffer', () => detached(array()).buffer]], 'ERR_DETACHED', 'ERR_INVALID_ARG_TYPE'),
  ...rows(wrongTypes, 'other', 'copied'),
  ...rows(ragged, 'ragged', 'copied'),
  ...rows(noData, 'ERR_INVALID_ARG_TYPE', 'ERR_INVALID_ARG_TYPE'),
];
