// Hostile values for every kind of parameter, with what they lead to.
import { runInNewContext } from 'node:vm';

import { decode, kindOf } from '../support/element-types';
import { floatBytes, hostileData, type HostileData } from '../support/hostile-data';
import { assertSame } from '../support/numbers';
import { referenceDot, referenceReduce } from '../support/reference-reductions';
import { assertReduces } from '../support/reductions';
import type { ElementType, ReduceOp } from '#internal/tables';
import type { Outcome, Row } from './outcome';

/** What code of the user throws. */
export const failure: Error = new Error('of the user');

/** Throws {@link failure}. */
export function fail(): never {
  throw failure;
}

/** A row for a value. */
export function row(what: string, value: unknown, outcome: Outcome): Row {
  return { what, make: () => value, outcome };
}

/** Rows of values that lead to the same. */
export function rows(values: readonly unknown[], outcome: Outcome): Row[] {
  return values.map((value) => row(`${typeof value} ${JSON.stringify(String(value))}`, value, outcome));
}

/** A proxy that throws at every touch. */
export function revokedProxy(target: object): object {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
}

const ofEveryType: readonly (readonly [string, unknown])[] = [
  ['undefined', undefined],
  ['null', null],
  ['true', true],
  ['a number', 4],
  ['NaN', NaN],
  ['a string', '4'],
  ['an empty string', ''],
  ['a bigint', 4n],
  ['a symbol', Symbol('hostile')],
  ['a function', () => 4],
  ['a class', class extends Array {}],
  ['an object', {}],
  ['an object without a prototype', Object.create(null)],
  ['an object that becomes a number', { valueOf: fail, toString: fail, [Symbol.toPrimitive]: fail }],
  ['a boxed number', Object(4)],
  ['a boxed string', Object('4')],
  ['an array', [4]],
  ['a date', new Date(4)],
  ['a proxy', new Proxy({}, {})],
];

/** Values of every type, which all lead to the same. */
export function everything(outcome: Outcome): Row[] {
  return [...ofEveryType.map(([what, value]) => row(what, value, outcome)), revoked(outcome)];
}

/** Values of every type but those of `accepted`, as typeof has it, are `ERR_INVALID_ARG_TYPE`. */
export function allBut(...accepted: string[]): Row[] {
  return ofEveryType
    .filter(([, value]) => !accepted.includes(typeof value))
    .map(([what, value]) => row(what, value, 'ERR_INVALID_ARG_TYPE'));
}

/** A parameter that may be left out. */
export function optional(required: readonly Row[], absent: Outcome = 'right'): Row[] {
  return [...required.filter(({ what }) => what !== 'undefined'), row('undefined', undefined, absent)];
}

/** An integer from `min` to `max`, or one of the numbers that are `accepted` as well. */
export function integers(max: number = Number.MAX_SAFE_INTEGER, min = 0, accepted: readonly number[] = []): Row[] {
  const others = [-1, -0.5, 0.5, 1.0000001, NaN, Infinity, -Infinity, 2 ** 53, 2 ** 64, 5 - 2 ** 32, min - 1, max + 1];
  const refused = others.filter((value) => !accepted.includes(value));
  return [...allBut('number'), revoked('ERR_INVALID_ARG_TYPE'), ...rows(refused, 'ERR_OUT_OF_RANGE')];
}

/** A revoked proxy. */
export function revoked(outcome: Outcome = { throws: TypeError }, target: object = {}): Row {
  return row('a revoked proxy', revokedProxy(target), outcome);
}

/** One of some strings. */
export function choices(choice: string): Row[] {
  const others = ['', 'never', choice.toUpperCase(), `${choice} `, '__proto__', 'x'.repeat(1e5)];
  return [...allBut('string'), revoked('ERR_INVALID_ARG_TYPE'), ...rows(others, 'ERR_OUT_OF_RANGE')];
}

/** A string of any kind. */
export const strings: readonly Row[] = [
  ...allBut('string'),
  revoked('ERR_INVALID_ARG_TYPE'),
  ...rows(['', '\0', '\ud800', 'x'.repeat(1e5)], 'right'),
];

/** What code of the user does while options are read. */
export interface Act {
  readonly what: string;
  readonly act: (args: readonly unknown[], self: unknown) => unknown;
  readonly outcome: Outcome;
  readonly closes?: boolean;
}

const collects: Act = { what: 'collects garbage', act: () => globalThis.gc!({ type: 'minor' }), outcome: 'right' };

function getter(key: string, get: () => unknown): object {
  return Object.defineProperty({}, key, { get, enumerable: true });
}

/** How options are read. */
export interface Reading {
  /** What comes before the name of a property in messages. */
  readonly prefix?: string;
  /** What code of the user may do meanwhile. */
  readonly acts?: readonly Act[];
  /** Types, as typeof has them, that mean something else in their place. */
  readonly accepted?: readonly string[];
  /** What comes of leaving them out. */
  readonly absent?: Outcome;
}

/** An options object with these properties, all optional. */
export function options(
  fields: Readonly<Record<string, readonly Row[]>>,
  { prefix = '', acts = [], accepted = [], absent = 'right' }: Reading = {},
): Row[] {
  const ofFields = Object.entries(fields).flatMap(([key, values]): Row[] => [
    ...optional(values).map(({ what, make, outcome, names = `${prefix}${key}` }) => ({
      what: `${key}: ${what}`,
      make: (args: readonly unknown[], self: unknown) => ({ [key]: make(args, self) }),
      outcome,
      names,
    })),
    { what: `a getter of ${key} that throws`, make: () => getter(key, fail), outcome: { throws: failure } },
    ...[...acts, collects].map(({ what, act, ...rest }) => ({
      what: `a getter of ${key} that ${what}`,
      make: (args: readonly unknown[], self: unknown) => getter(key, () => void act(args, self)),
      ...rest,
    })),
  ]);
  const shapes: Row[] = [
    row('frozen', Object.freeze({}), 'right'),
    row('an array', [], 'right'),
    row('inherited', Object.create({ [Object.keys(fields)[0]!]: undefined }), 'right'),
    row('a proxy that throws', new Proxy({}, { get: fail }), { throws: failure }),
    revoked(),
  ];
  return optional([...allBut('object', ...accepted), ...ofFields, ...shapes], absent);
}

/** The constructor of a view. */
export const viewTypes: readonly Row[] = [
  ...allBut(),
  revoked('ERR_INVALID_ARG_TYPE', Float32Array),
  ...(
    [
      ['an array constructor that is none', Array],
      ['DataView', DataView],
      ['ArrayBuffer', ArrayBuffer],
      ['%TypedArray%', Object.getPrototypeOf(Float32Array)],
      ['a subclass', class extends Float32Array {}],
      ['a proxy of a constructor', new Proxy(Float32Array, {})],
      ['a bound constructor', Float32Array.bind(undefined)],
      ['an object that inherits from a constructor', Object.create(Float32Array)],
      ['a constructor of another realm', runInNewContext('Float32Array')],
      ['an object with an element size', { BYTES_PER_ELEMENT: 4 }],
      ['a view', new Float32Array(4)],
      ['the name of a constructor', 'Float32Array'],
    ] as const
  ).map(([what, value]) => row(what, value, 'ERR_INVALID_ARG_TYPE')),
];

/** The length of a view of float32 elements. What no memory has is `tooLong`, as are `tooLongHere`. */
export function lengths(tooLong: Outcome, ...tooLongHere: number[]): Row[] {
  return [
    ...integers(),
    row('2^53 - 1', Number.MAX_SAFE_INTEGER, 'ERR_OUT_OF_RANGE'),
    ...rows([2 ** 44 + 5, 2 ** 48, ...tooLongHere], tooLong),
    row('-0', -0, (view) => assertSame((view as Float32Array | null)?.length ?? 0, 0, 'length')),
  ];
}

/** The alignment of `AllocOptions`. */
export const alignments: readonly Row[] = [
  ...allBut('number'),
  revoked('ERR_INVALID_ARG_TYPE'),
  ...rows([0, -1, -64, 3, 65, 0.5, 8192, 2 ** 32, 2 ** 32 + 64, 2 ** 53, NaN, Infinity], 'ERR_OUT_OF_RANGE'),
  ...rows([1, 2, 64, 4096], 'right'),
];

/** An element type that is named. */
export const elementTypeNames: readonly Row[] = [
  ...allBut('string'),
  revoked('ERR_INVALID_ARG_TYPE'),
  ...rows(['', 'F32', 'f32 ', 'f99', '__proto__', 'toString', 'x'.repeat(1e5)], 'ERR_ELEMENT_TYPE'),
];

/** The operations of `createReduction`, next to valid ones. */
export const operationLists: readonly Row[] = [
  ...allBut('object'),
  row('an object', {}, 'ERR_INVALID_ARG_TYPE'),
  row('an object like an array', { 0: 'sum', length: 1 }, 'ERR_INVALID_ARG_TYPE'),
  ...[[1], [null], [['sum']], [{ toString: fail }], new Array<unknown>(3)].map((list, index) =>
    row(`an array of no strings, ${index}`, list, 'ERR_INVALID_ARG_TYPE'),
  ),
  ...[[], ['dot'], ['total'], ['__proto__'], ['sum', 'mean', 'sum'], new Array<string>(1e5).fill('sum')].map(
    (list, index) => row(`a wrong list, ${index}`, list, 'ERR_OUT_OF_RANGE'),
  ),
  row('a frozen array', Object.freeze(['sum']), 'right'),
  row('a proxy of an array', new Proxy(['sum'], {}), 'right'),
  row('an iterator that throws', Object.assign(['sum'], { [Symbol.iterator]: fail }), { throws: failure }),
  revoked({ throws: TypeError }, []),
];

/** A function of the user. */
export const callbacks: readonly Row[] = [
  ...allBut('function'),
  revoked('ERR_INVALID_ARG_TYPE'),
  row('a function that throws', fail, { throws: failure }),
];

/** What cannot be waited for, whoever waits, and what throws. */
export function awaited(method: 'once' | 'then'): Row[] {
  return [
    ...allBut(),
    revoked(),
    row('no methods', { once: 1, then: {} }, 'ERR_INVALID_ARG_TYPE'),
    row(`a getter of ${method} that throws`, getter(method, fail), { throws: failure }),
  ];
}

/** Data of any kind, for those who answer the same to all of it. */
export function anyData(answer: unknown): Row[] {
  const outcome: Outcome = (actual) => assertSame(actual, answer, 'answer');
  return hostileData.map(({ what, make }) => ({ what, make, outcome }));
}

/** Data that cannot come back to a pool that has not handed it out. */
export const foreignBuffers: readonly Row[] = hostileData.map(({ what, make }) => ({
  what,
  make,
  outcome: ArrayBuffer.isView(make()) ? 'ERR_POOL_NOT_OWNED' : 'ERR_INVALID_ARG_TYPE',
  // A pool does not know whether a BufferPool or a PoolAllocator was asked.
  names: 'the buffer or view',
}));

/** A value of the catalogue of data, made once: for those who only read it. */
interface Readable extends Pick<HostileData, 'what' | 'reduced'> {
  readonly value: unknown;
}

const readables: readonly Readable[] = hostileData.map(({ what, make, reduced }) => ({ what, reduced, value: make() }));

/** The bytes of the elements that a reader of `type` finds in data, or what it does instead. */
export type Reader = (data: Readable, type: ElementType) => Uint8Array | Exclude<Outcome, 'right'>;

/** How the package reads. */
const readPublic: Reader = ({ reduced, value }, type) => {
  switch (reduced) {
    case 'f32':
      return type === 'f32' ? floatBytes : 'ERR_ELEMENT_TYPE';
    case 'raw':
      return floatBytes;
    case 'other': {
      // All of them are full of zeros.
      const { own } = kindOf(type);
      const isOwn = own !== undefined && value instanceof own;
      return isOwn ? new Uint8Array((value as ArrayBufferView).byteLength) : 'ERR_ELEMENT_TYPE';
    }
    case 'ragged': {
      const { length } = value as Uint8Array;
      return length % kindOf(type).bytes === 0 ? new Uint8Array(length) : 'ERR_BYTE_LENGTH';
    }
    default:
      return reduced;
  }
};

/** How the addon reads: views are bytes, and those that have lost their memory are empty. */
export const readNative: Reader = ({ reduced, value }, type) => {
  if (!ArrayBuffer.isView(value)) return 'ERR_INVALID_ARG_TYPE';
  if (reduced === 'f32' || reduced === 'raw') return floatBytes;
  if (reduced === 'ERR_DETACHED') return new Uint8Array(0);
  const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  return bytes.length % kindOf(type).bytes === 0 ? bytes : 'ERR_BYTE_LENGTH';
};

/** Data of elements of `type`; `check` is given the result of those who read it, and the bytes that they must have read. */
export function elementData(
  type: ElementType,
  check: (result: unknown, bytes: Uint8Array, self: unknown) => void,
  read: Reader = readPublic,
): Row[] {
  return readables.map((data) => {
    const bytes = read(data, type);
    const reads = bytes instanceof Uint8Array;
    return row(data.what, data.value, reads ? (result, self): void => check(result, bytes, self) : bytes);
  });
}

/** Data for a reduction; `resultOf` finds the result where it is not what was returned. */
export function reducedData(
  op: ReduceOp,
  type: ElementType,
  read: Reader = readPublic,
  resultOf = (result: unknown): unknown => result,
): Row[] {
  const kind = kindOf(type);
  if (op !== 'dot') {
    const what = `${op} of ${type}`;
    const needsElements = referenceReduce(op, kind, []) === 'ERR_EMPTY_INPUT';
    const readSome: Reader = (data, of) => {
      const bytes = read(data, of);
      return needsElements && bytes instanceof Uint8Array && bytes.length === 0 ? 'ERR_EMPTY_INPUT' : bytes;
    };
    return elementData(type, (result, bytes) => assertReduces(() => resultOf(result), op, kind, bytes, what), readSome);
  }
  // The other factor spells the floats of the catalogue.
  const factors = decode(kind, floatBytes);
  return readables.map((data) => {
    const bytes = read(data, type);
    if (!(bytes instanceof Uint8Array)) return row(data.what, data.value, bytes);
    if (bytes.length !== floatBytes.length) return row(data.what, data.value, 'ERR_LENGTH_MISMATCH');
    const product = referenceDot(kind, decode(kind, bytes), factors);
    return row(data.what, data.value, (result) => assertSame(resultOf(result), product, `dot of ${type}`));
  });
}
