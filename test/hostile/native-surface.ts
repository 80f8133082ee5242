// Every member of the addon: how it is called, and what its parameters take. Nothing but this package calls it, and it
// checks everything all the same.
import assert from 'node:assert/strict';

import {
  native,
  nativeNumbers,
  nativeReduce,
  statusOf,
  type NativeArena,
  type NativePool,
  type NativeReduction,
  type NativeSumAccumulator,
} from '#internal/native';
import { elementTypes, memoryStatNames, reduceOps, Status, type ElementType } from '#internal/tables';
import { SumAccumulator } from 'simd-arena';

import { decode, kindOf } from '../support/element-types';
import { exactSum } from '../support/exact-oracle';
import { floatBytes, floatSum } from '../support/hostile-data';
import {
  ARENA_WORDS,
  CHUNK,
  MAX_BUFFERS,
  newArena,
  newArenaState,
  newPool,
  POOL_WORDS,
  strangeBuffer,
} from '../support/native-owners';
import { assertSame } from '../support/numbers';
import { referenceDot } from '../support/reference-reductions';
import { referenceSumF32 } from '../support/reference-sum';
import { assertReduces } from '../support/reductions';
import { backend, hasExternalBuffers } from '../support/runtime';
import type { Member, Outcome, Parameter, Row, Subject } from './outcome';
import { allBut, elementData, everything, readNative, reducedData, row, rows, type Reader } from './values';

const F32 = elementTypes.findIndex(({ label }) => label === 'f32');

const parameter = (values: readonly Row[]): Parameter => ({ name: '', rows: values });
const member = (name: string, check: Member['check'], others: Partial<Member> = {}): Member => ({
  name,
  parameters: [],
  args: () => [],
  check,
  ...others,
});
const nothing = (result: unknown): void => assert.equal(result, undefined);
const isNumber = (result: unknown): void => assert.equal(typeof result, 'number');

/** Integers from 0 to `max`; `accepted` are others that mean something. */
function integers(max: number = Number.MAX_SAFE_INTEGER, ...accepted: number[]): Parameter {
  const others = [-1, 0.5, NaN, Infinity, -Infinity, 2 ** 53, 5 - 2 ** 32, max + 1];
  return parameter([
    ...everything('ERR_OUT_OF_RANGE').filter(({ what }) => what !== 'a number'),
    ...rows(
      others.filter((value) => !accepted.includes(value)),
      'ERR_OUT_OF_RANGE',
    ),
  ]);
}

/** Indices of what does not exist. */
const indices = (...others: number[]): Parameter =>
  parameter([...integers().rows, ...rows([...others, 2 ** 32 - 1, 2 ** 32], 'ERR_OUT_OF_RANGE')]);

/** Values that are refused with minus a status. */
function refused(values: readonly number[], status: Status): Row[] {
  const outcome: Outcome = (result) => assert.equal(statusOf(result as number), status);
  return rows(values, outcome).map((value) => ({ ...value, changes: false }));
}

/** No `length` words of type `type` in shared memory. */
function states(length: number): Parameter {
  const bytes = 4 * length;
  const values: Row[] = [
    row('memory that is not shared', new Uint32Array(length), 'ERR_INVALID_ARG_TYPE'),
    row('another type', new Int32Array(new SharedArrayBuffer(bytes)), 'ERR_INVALID_ARG_TYPE'),
    row('a word too many', new Uint32Array(new SharedArrayBuffer(bytes + 4)), 'ERR_INVALID_ARG_TYPE'),
    row('a word too few', new Uint32Array(new SharedArrayBuffer(bytes - 4)), 'ERR_INVALID_ARG_TYPE'),
    row('a wrong offset', new Uint32Array(new SharedArrayBuffer(bytes + 4), 4), 'ERR_INVALID_ARG_TYPE'),
    row('a proxy', new Proxy(new Uint32Array(new SharedArrayBuffer(bytes)), {}), 'ERR_INVALID_ARG_TYPE'),
    row('no view', new SharedArrayBuffer(bytes), 'ERR_INVALID_ARG_TYPE'),
  ];
  return parameter([...everything('ERR_INVALID_ARG_TYPE'), ...values]);
}

/** What is no buffer of the chunk or slot. */
const buffers = (outcome: Outcome, absent: Outcome): Row[] => [
  ...everything(outcome).filter(({ what }) => what !== 'undefined'),
  row('undefined', undefined, absent),
  row('another buffer', strangeBuffer(), outcome),
  row('an empty buffer', new ArrayBuffer(0), outcome),
  row('a shared buffer', new SharedArrayBuffer(CHUNK), outcome),
  row('a view', new Uint8Array(CHUNK), outcome),
];

/** That memory is given up, because its buffer is not that one. */
const lost: Outcome = (clean) => assert.equal(clean, false);
const losing = (row: Row): Row => ({ ...row, closes: row.outcome === lost || row.outcome === 'right' });

// Arenas.

const stateOf = new WeakMap<object, Uint32Array>();
const words = (self: unknown): number[] => [...stateOf.get(self as object)!];
const asArena = (self: unknown): NativeArena => self as NativeArena;

function makeArena(): NativeArena {
  const { arena, state } = newArena();
  stateOf.set(arena, state);
  return arena;
}

const bufferOf = new WeakMap<object, ArrayBuffer | undefined>();

/**
 * The buffer of the first chunk or slot, which is exposed once; any, where the chunks of arenas have none, and none, where the
 * runtime forbids those of slots.
 */
function exposed(self: unknown): ArrayBuffer | undefined {
  const key = self as NativeArena | NativePool;
  const isForeign = key instanceof native.NativeArena && backend === 'wasm';
  if (bufferOf.has(key)) return bufferOf.get(key);
  const buffer = isForeign ? strangeBuffer() : key.expose(0);
  bufferOf.set(key, buffer);
  return buffer;
}

const arenaMembers: readonly Member[] = [
  member('NativeArena', (arena) => assert.ok(asArena(arena).grow(1, CHUNK) === CHUNK), {
    parameters: [states(ARENA_WORDS)],
    args: () => [newArenaState()],
  }),
  member('NativeArena#grow', (bytes) => assert.ok((bytes as number) >= CHUNK), {
    parameters: [parameter([...integers().rows, ...refused([2 ** 53 - 1], Status.ArenaOutOfMemory)]), integers()],
    args: () => [1, CHUNK],
    changes: true,
  }),
  member('NativeArena#undoGrow', nothing),
  member('NativeArena#expose', (buffer) => assert.equal((buffer as ArrayBuffer).byteLength, CHUNK), {
    parameters: [indices(1, 2, 63, 64)],
    args: () => [0],
    valid: backend === 'external' ? 'right' : 'ERR_OUT_OF_RANGE',
  }),
  member('NativeArena#renew', (buffer) => assert.equal(buffer !== undefined, backend === 'external'), {
    parameters: [indices(1, 2, 63, 64), parameter(buffers(nothing, nothing))],
    args: (self) => [0, exposed(self)],
  }),
  member('NativeArena#retire', (clean) => assert.equal(clean, backend === 'external'), {
    parameters: [indices(1, 2, 63, 64), parameter(buffers(lost, lost).map(losing))],
    args: (self) => [0, exposed(self)],
  }),
  member('NativeArena#lose', nothing, { parameters: [indices(1, 2, 63, 64)], args: () => [0] }),
];

// Pools.

const asPool = (self: unknown): NativePool => self as NativePool;

/** A pool with a slot that is exposed, and one that was retired. */
function makePool(): NativePool {
  const { pool, state } = newPool();
  stateOf.set(pool, state);
  assert.deepEqual([pool.make(64, 1), pool.make(64, 1)], [0, 1]);
  pool.retire(1);
  return pool;
}

/** The buffer of a slot, where the runtime allows it one. */
const isSlot = (buffer: unknown): void =>
  assert.equal((buffer as ArrayBuffer | undefined)?.byteLength, hasExternalBuffers ? 64 : undefined);

const poolMembers: readonly Member[] = [
  member('NativePool', (pool) => assert.equal(asPool(pool).make(1, 1), 0), {
    parameters: [states(POOL_WORDS), integers(), integers(65_536), parameter(allBut('boolean'))],
    args: () => [new Uint32Array(new SharedArrayBuffer(4 * POOL_WORDS)), 0, MAX_BUFFERS, false],
  }),
  member('NativePool#make', (slot) => assert.ok((slot as number) > 0), {
    parameters: [
      parameter([...integers().rows, ...refused([2 ** 37 + 1, 2 ** 53 - 1], Status.PoolOutOfMemory)]),
      parameter([...integers(4096).rows, ...refused([0, 3, 4095], Status.OutOfRange)]),
    ],
    args: () => [64, 1],
    changes: true,
  }),
  member('NativePool#expose', isSlot, {
    parameters: [indices(1, 2, 3)],
    args: () => [0],
  }),
  member('NativePool#renew', isSlot, {
    parameters: [indices(1, 2, 3), parameter(buffers('ERR_INVALID_ARG_TYPE', nothing))],
    args: (self) => [0, exposed(self)],
  }),
  member('NativePool#retire', (clean) => assert.equal(clean, true), {
    parameters: [
      indices(1, 2, 3),
      parameter(buffers('ERR_INVALID_ARG_TYPE', hasExternalBuffers ? lost : 'right').map(losing)),
    ],
    args: (self) => [0, exposed(self)],
  }),
  member('NativePool#bytes', (bytes) => assert.equal(bytes, 64), { parameters: [indices(1, 2, 3)], args: () => [0] }),
  member('NativePool#lose', nothing, { parameters: [indices(1, 2, 3)], args: () => [0] }),
  member('NativePool#reclaimLost', (found) => assert.equal(found, false)),
  member('NativePool#takeColdest', (slot) => assert.equal(slot, -1)),
  member('NativePool#takeUnused', (slot) => assert.equal(slot, -1)),
  member('NativePool#markAge', nothing),
];

// Sums and reductions.

const asSum = (self: unknown): NativeSumAccumulator => self as NativeSumAccumulator;
const encoded = (self: unknown): Uint8Array => {
  const bytes = new Uint8Array(288);
  asSum(self).encode(bytes);
  return bytes;
};
const exactSumOf = (type: ElementType, bytes: Uint8Array): number => exactSum(decode(kindOf(type), bytes) as number[]);

/** Asserts that an accumulator has taken these elements, and takes them back. */
function checkAdded(self: unknown, type: ElementType, bytes: Uint8Array): void {
  assertSame(asSum(self).sum(), exactSumOf(type, bytes), 'sum');
  for (const element of decode(kindOf(type), bytes)) asSum(self).addNumber(-(element as number));
}

const checkSum = (_: unknown, self: unknown): void => checkAdded(self, 'f32', floatBytes);
const summed = (type: ElementType): Parameter =>
  parameter(elementData(type, (_, bytes, self) => checkAdded(self, type, bytes), readNative));
const exactData = (type: ElementType): Parameter =>
  parameter(elementData(type, (sum, bytes) => assertSame(sum, exactSumOf(type, bytes), 'sum'), readNative));

/** A number that leaves an accumulator without room for others. */
const filling = (x: number): Row => ({
  ...row(`${x}`, x, (_, self) => assertSame(asSum(self).sum(), x, 'sum')),
  closes: true,
});

const sumMembers: readonly Member[] = [
  member('NativeSumAccumulator', (sum) => assertSame(asSum(sum).sum(), 0, 'sum')),
  member('NativeSumAccumulator#addF32', checkSum, {
    parameters: [summed('f32')],
    args: () => [floatBytes],
    changes: true,
  }),
  member('NativeSumAccumulator#addF64', checkSum, {
    parameters: [summed('f64')],
    args: () => [Float64Array.of(floatSum)],
    changes: true,
  }),
  member('NativeSumAccumulator#addNumber', checkSum, {
    parameters: [parameter([...allBut('number'), ...[NaN, Infinity, -0, 2 ** 1023].map(filling)])],
    args: () => [floatSum],
    changes: true,
  }),
  member('NativeSumAccumulator#merge', checkSum, {
    parameters: [
      parameter([
        ...everything('ERR_INVALID_ARG_TYPE'),
        row('too few bytes', new Uint8Array(287), 'ERR_INVALID_ACCUMULATOR'),
        row('other bytes', new Uint8Array(288), 'ERR_INVALID_ACCUMULATOR'),
        row('no bytes', new Uint8Array(0), 'ERR_INVALID_ACCUMULATOR'),
      ]),
    ],
    args: () => [new SumAccumulator().add(floatSum).toBytes()],
    changes: true,
  }),
  member('NativeSumAccumulator#sum', (sum) => assertSame(sum, 0, 'sum')),
  member('NativeSumAccumulator#encode', nothing, {
    parameters: [
      parameter([
        ...everything('ERR_INVALID_ARG_TYPE'),
        ...[new Uint8Array(287), new Uint8Array(289), new Int8Array(288), new Float64Array(36)].map((out) =>
          row(`${out.constructor.name} of ${out.length}`, out, 'ERR_INVALID_ARG_TYPE'),
        ),
      ]),
    ],
    args: () => [new Uint8Array(288)],
  }),
  member('sumExactF32', (sum) => assertSame(sum, floatSum, 'sum'), {
    parameters: [exactData('f32')],
    args: () => [floatBytes],
  }),
  member('sumExactF64', (sum) => assertSame(sum, floatSum, 'sum'), {
    parameters: [exactData('f64')],
    args: () => [Float64Array.of(floatSum)],
  }),
];

const asReduction = (self: unknown): NativeReduction => self as NativeReduction;

/** Completes the last element with zeros, asserts that a reduction has taken these bytes, and takes them back. */
function checkUpdated(self: unknown, bytes: Uint8Array): void {
  const rest = new Uint8Array((4 - (bytes.length % 4)) % 4);
  const elements = decode(kindOf('f32'), Uint8Array.of(...bytes, ...rest)) as number[];
  asReduction(self).update(rest);
  assert.deepEqual(asReduction(self).result(), [referenceSumF32(elements)]);
  asReduction(self).update(Float32Array.from(elements, (value) => -value));
}

const checkUpdate = (_: unknown, self: unknown): void => checkUpdated(self, floatBytes);
const operations = parameter([
  ...everything('ERR_OUT_OF_RANGE'),
  ...[Uint8Array.of(reduceOps.indexOf('dot')), Uint8Array.of(99), new Uint8Array(99)].map((ops) =>
    row(`operations ${ops.length}, ${ops[0]!}`, ops, 'ERR_OUT_OF_RANGE'),
  ),
]);
const updates: readonly Row[] = elementData('u8', (_, bytes, self) => checkUpdated(self, bytes), readNative);

const streamingMembers: readonly Member[] = [
  member('NativeReduction', (reduction) => assert.deepEqual(asReduction(reduction).result(), [0]), {
    parameters: [integers(elementTypes.length - 1), operations, integers()],
    args: () => [F32, Uint8Array.of(0), 0],
  }),
  member('NativeReduction#update', checkUpdate, {
    parameters: [parameter(updates)],
    args: () => [floatBytes],
    changes: true,
  }),
  member('NativeReduction#result', (results) => assert.deepEqual(results, [0])),
];

/** The result of a native reduction, which leaves numbers in shared memory. */
function resultOf(op: string): (result: unknown) => unknown {
  return (result) => {
    const [first, second] = nativeNumbers;
    if (result !== undefined) return result;
    return op === 'minmax' ? { min: first, max: second } : first;
  };
}

/** The reductions, by name. */
const reduceFunctions: Readonly<Record<string, unknown>> = Object.fromEntries(
  nativeReduce.flatMap((functions, op) =>
    functions.map((reduce, type) => [`reduce ${reduceOps[op]!} ${elementTypes[type]!.label}`, reduce]),
  ),
);

/** All functions and classes of the addon, by name. */
export const nativeFunctions: Readonly<Record<string, unknown>> = Object.fromEntries(
  Object.entries({ ...native, ...reduceFunctions }).filter(([, value]) => typeof value === 'function'),
);

const reduceMembers: readonly Member[] = reduceOps.flatMap((op) =>
  elementTypes.map(({ label: type }) => {
    const kind = kindOf(type);
    const result = resultOf(op);
    const data = parameter(reducedData(op, type, readNative, result));
    // Where it is left out, not where it is undefined, it is 0.
    const ddof = parameter(integers().rows.filter(({ what }) => what !== 'undefined'));
    const elements = decode(kind, floatBytes);
    return member(
      `reduce ${op} ${type}`,
      (actual) => {
        if (op !== 'dot') assertReduces(() => result(actual), op, kind, floatBytes, op);
        else assertSame(result(actual), referenceDot(kind, elements, elements), op);
      },
      {
        parameters: op === 'dot' ? [data, data] : [data, ddof],
        args: () => [floatBytes, op === 'dot' ? floatBytes : 0],
      },
    );
  }),
);

/** The bytes of four elements; where there are fewer, it is their count that is refused. */
const readFour: Reader = (data) => {
  const bytes = readNative(data, 'u8');
  if (!(bytes instanceof Uint8Array)) return bytes;
  return bytes.length < floatBytes.length ? 'ERR_OUT_OF_RANGE' : bytes.subarray(0, floatBytes.length);
};

const checkStrided = (sum: unknown, bytes: Uint8Array): void =>
  assertSame(sum, referenceSumF32(decode(kindOf('f32'), bytes) as number[]), 'sum');

// The rest.

/** What is no ArrayBuffer. */
const noBuffers = (outcome: Outcome): Row[] => [
  ...everything(outcome),
  row('shared memory', new SharedArrayBuffer(100), outcome),
  row('a view', new Uint8Array(100), outcome),
];

const poison = (): ArrayBuffer => new Uint8Array(100).fill(0xff).buffer;

const restMembers: readonly Member[] = [
  member('canExpose', (result) => assert.equal(typeof result, 'boolean')),
  member('now', isNumber),
  member('budget', isNumber),
  member('initialize', nothing, {
    parameters: [parameter(everything({ throws: /initialize\(\) was called before/ }))],
    args: () => [undefined],
    valid: { throws: /initialize\(\) was called before/ },
  }),
  member('stats', nothing, {
    parameters: [
      parameter(allBut('boolean')),
      parameter([
        ...everything('ERR_INVALID_ARG_TYPE'),
        ...[-1, 1].map((more) =>
          row(`a wrong length, ${more}`, new Float64Array(memoryStatNames.length + more), 'ERR_INVALID_ARG_TYPE'),
        ),
        row('a wrong type', new BigInt64Array(memoryStatNames.length), 'ERR_INVALID_ARG_TYPE'),
        row('a proxy of an array', new Proxy(new Float64Array(memoryStatNames.length), {}), 'ERR_INVALID_ARG_TYPE'),
      ]),
    ],
    args: () => [false, new Float64Array(memoryStatNames.length)],
  }),
  member('setBudget', nothing, {
    parameters: [integers(Number.MAX_SAFE_INTEGER, Infinity), parameter(allBut('boolean'))],
    args: () => [native.budget(), false],
  }),
  member('isPoisoned', (result) => assert.equal(result, true), {
    parameters: [
      parameter([...noBuffers('ERR_OUT_OF_RANGE'), row('a shorter buffer', new ArrayBuffer(99), 'ERR_OUT_OF_RANGE')]),
      integers(0),
      integers(100),
    ],
    args: () => [poison(), 0, 100],
  }),
  member('alignedOffset', isNumber, {
    parameters: [
      parameter(noBuffers('ERR_INVALID_ARG_TYPE')),
      parameter([...integers(4096).rows, ...rows([0, 3, 8192], 'ERR_OUT_OF_RANGE')]),
    ],
    args: () => [poison(), 64],
  }),
  member('clearMemory', nothing, {
    parameters: [parameter(noBuffers('ERR_INVALID_ARG_TYPE'))],
    args: () => [poison()],
  }),
  member('reduceStrided', (sum) => assertSame(sum, floatSum, 'sum'), {
    parameters: [
      parameter([...integers(reduceOps.length - 1).rows, row('dot', reduceOps.indexOf('dot'), 'ERR_OUT_OF_RANGE')]),
      integers(elementTypes.length - 1),
      parameter(elementData('f32', checkStrided, readFour)),
      parameter([...integers().rows, ...rows([1, 17, 2 ** 53 - 1], 'ERR_OUT_OF_RANGE')]),
      parameter([...integers().rows, ...rows([0, 3, 5, 2 ** 53 - 1], 'ERR_OUT_OF_RANGE')]),
      parameter([...integers(4, -1).rows, ...rows([-2, 2 ** 53 - 1], 'ERR_OUT_OF_RANGE')]),
      integers(),
    ],
    args: () => [0, F32, floatBytes, 0, 4, 4, 0],
  }),
];

/** The rows, by the name of the member. */
export const nativeMembers: ReadonlyMap<string, Member> = new Map(
  [...arenaMembers, ...poolMembers, ...sumMembers, ...streamingMembers, ...reduceMembers, ...restMembers].map((row) => [
    row.name,
    row,
  ]),
);

/** The receivers of methods, by the class. */
export const nativeSubjects: Readonly<Record<string, Subject>> = {
  NativeArena: { make: makeArena, state: words },
  NativePool: { make: makePool, state: (self) => ({ words: words(self), bytes: asPool(self).bytes(0) }) },
  NativeSumAccumulator: { make: () => new native.NativeSumAccumulator(), state: encoded },
  NativeReduction: {
    make: () => new native.NativeReduction(F32, Uint8Array.of(0), 0),
    state: (self) => asReduction(self).result(),
  },
};
