// Every member of the package: how it is called, and what its parameters take.
//
// Rows of reductions are made from the tables of operations and element types; all others are written down.
import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';

import { maxChunkBytes } from '#internal/native';
import { reduceOps, type ElementType, type ReduceOp } from '#internal/tables';
import * as simdArena from 'simd-arena';
import {
  Arena,
  BufferPool,
  createReduction,
  PoolAllocator,
  runtimeInfo,
  SumAccumulator,
  type PoolStats,
  type Reduction,
} from 'simd-arena';

import { decode, kindOf } from '../support/element-types';
import { floatBytes, floats, hostileData } from '../support/hostile-data';
import { assertSame } from '../support/numbers';
import { referenceDot, referenceReduce } from '../support/reference-reductions';
import { assertOutcome as assertReduction, assertReduces } from '../support/reductions';
import { detach } from '../support/runtime';
import type { Member, Outcome, Parameter, Row, Subject } from './outcome';
import {
  alignments,
  allBut,
  awaited,
  callbacks,
  choices,
  elementData,
  elementTypeNames,
  fail,
  failure,
  foreignBuffers,
  integers,
  lengths,
  operationLists,
  optional,
  options,
  reducedData,
  revoked,
  row,
  rows,
  strings,
  viewTypes,
  type Act,
} from './values';

const EXACT_SUM = 2 ** 20 + 2.5;
const nothing = (result: unknown): void => assert.equal(result, undefined);
const parameter = (name: string, values: readonly Row[]): Parameter => ({ name, rows: values });

/** The floats of the catalogue, in the array that brings `type` along, or as bytes. */
function valuesOf(type: ElementType): object {
  const bytes = Uint8Array.from(floatBytes);
  return new (kindOf(type).named[0] ?? Uint8Array)(bytes.buffer);
}

// Reductions.

/** What the elements of a reduction may lose while its options are read. */
const detaching: Act = {
  what: 'detaches the data',
  act: ([data]) => detach((data as Uint8Array).buffer as ArrayBuffer),
  outcome: 'ERR_DETACHED',
};

function strideOptions(op: ReduceOp, type: ElementType, length: number, call: () => unknown): Row[] {
  const beyond = [2 ** 32 + 5, Number.MAX_SAFE_INTEGER].map((value) => row(`${value}`, value, 'ERR_OUT_OF_RANGE'));
  const first = decode(kindOf(type), floatBytes).slice(0, 1);
  const ofFirst: Outcome = (result) =>
    assertReduction(() => result, referenceReduce(op as never, kindOf(type), first), op);
  const isVariance = op === 'variance' || op === 'std';
  const noFreedom: Outcome = isVariance ? (result) => assertSame(result, NaN, op) : 'right';
  return options(
    {
      offset: [...integers(), ...beyond, row('past the end', length + 1, 'ERR_OUT_OF_RANGE')],
      stride: [...integers(), row('0', 0, 'ERR_OUT_OF_RANGE'), row('2^53 - 1', Number.MAX_SAFE_INTEGER, ofFirst)],
      count: [...integers(), ...beyond, row('past the end', length + 1, 'ERR_OUT_OF_RANGE')],
      ddof: [...integers(), row('2^32 + 5', 2 ** 32 + 5, noFreedom)],
    },
    { acts: [detaching, { what: 'calls again', act: call, outcome: 'right' }] },
  );
}

/** Asserts what a reduction makes of the floats of the catalogue. */
function checkReduction(op: ReduceOp, type: ElementType): (result: unknown) => void {
  const kind = kindOf(type);
  if (op !== 'dot') return (result) => assertReduces(() => result, op, kind, floatBytes, `${op} of ${type}`);
  const elements = decode(kind, floatBytes);
  return (result) => assertSame(result, referenceDot(kind, elements, elements), `dot of ${type}`);
}

function reductionMember(name: string, op: ReduceOp, type: ElementType, named: Parameter[]): Member {
  const data = (): object => valuesOf(type);
  const call = (): unknown => Reflect.apply(Reflect.get(simdArena, name) as () => unknown, undefined, args());
  const args = (): unknown[] => {
    const operands = op === 'dot' ? [data(), data()] : [data()];
    const others = op === 'dot' ? [] : [{}];
    return [...operands, ...named.map(() => type), ...others];
  };
  const length = decode(kindOf(type), floatBytes).length;
  const operands = op === 'dot' ? ['data', 'data'] : ['data'];
  const last = op === 'dot' ? [] : [parameter('options', strideOptions(op, type, length, call))];
  return {
    name,
    parameters: [...operands.map((what) => parameter(what, reducedData(op, type))), ...named, ...last],
    args,
    check: checkReduction(op, type),
  };
}

/** The element types that have short forms of their own. */
const shortTypes = ['f32', 'f64', 'i32', 'u8'] satisfies ElementType[];

function capitalized(name: string): string {
  return name[0]!.toUpperCase() + name.slice(1);
}

const reductionMembers: readonly Member[] = reduceOps.flatMap((op) => [
  reductionMember(op, op, 'f32', [
    parameter('type', [...optional(elementTypeNames), row('another type', 'i32', 'ERR_ELEMENT_TYPE')]),
  ]),
  ...(op === 'all' || op === 'any' ? [...shortTypes, 'bool' as const] : shortTypes).map((type) =>
    reductionMember(`${op}${capitalized(type)}`, op, type, []),
  ),
]);

const exactMembers: readonly Member[] = (['f32', 'f64'] as const).map((type) => {
  const elements = decode(kindOf(type), floatBytes) as number[];
  // Few enough, and of a size, that they add up exactly in any order.
  const exact = elements.reduce((total, value) => total + value);
  const check = (result: unknown): void => assertSame(result, exact, `exact sum of ${type}`);
  return {
    name: `sumExact${capitalized(type)}`,
    parameters: [
      parameter(
        'data',
        elementData(type, (result, bytes) => {
          if (bytes.length === floatBytes.length) check(result);
        }),
      ),
    ],
    args: () => [valuesOf(type)],
    check,
  };
});

// Options of arenas and pools.

/** Asserts that an arena works, and closes it. */
function checkArena(arena: unknown): void {
  using open = arena as Arena;
  assert.deepEqual([...open.alloc(Uint8Array, 3)], [0, 0, 0]);
}

const opensArenas: Act = {
  what: 'opens other arenas',
  act: () => simdArena.withArena((arena) => arena.alloc(Uint8Array, 1000).fill(1).length),
  outcome: 'right',
};

function arenaOptions(accepted: string[] = []): Row[] {
  const anyNumber = rows([64, 2 ** 32 + 5, Number.MAX_SAFE_INTEGER], 'right');
  return options(
    {
      label: strings,
      initialBytes: integers(maxChunkBytes),
      maxBytes: [...integers().filter(({ what }) => !what.includes('"Infinity"')), ...anyNumber],
      retainBytes: [...integers(), ...anyNumber],
      staleViews: choices('revoke'),
    },
    { prefix: 'options.', acts: [opensArenas], accepted },
  );
}

const poolOptions: readonly Row[] = options(
  {
    label: strings,
    maxPoolBytes: [...integers(), ...rows([0, 2 ** 32 + 5, Number.MAX_SAFE_INTEGER], 'right')],
    maxBuffersPerBucket: [...integers(65_536), ...rows([0, 65_536], 'right')],
    maxIdleMs: [...integers(2 ** 31 - 1, 1), ...rows([1, 2 ** 31 - 1], 'right')],
    staleViews: choices('revoke'),
    leakDetection: choices('all'),
  },
  { prefix: 'options.', acts: [opensArenas] },
);

/** The parameters of whatever allocates views. */
function allocation(tooLong: Outcome, acts: readonly Act[], ...tooLongHere: number[]): Parameter[] {
  return [
    parameter('type', viewTypes),
    parameter('length', lengths(tooLong, ...tooLongHere)),
    parameter('options', options({ alignment: alignments }, { prefix: 'options.', acts })),
  ];
}

/** Asserts that a view is what was asked for: three floats, which are written to. */
function checkFloats(view: unknown): void {
  assert.ok(view instanceof Float32Array && view.length === 3);
  assert.deepEqual([...view.fill(1.5)], [1.5, 1.5, 1.5]);
}

function checkZeros(view: unknown): void {
  assert.deepEqual([...(view as Float32Array)], [0, 0, 0]);
  checkFloats(view);
}

const threeFloats = (): unknown[] => [Float32Array, 3, {}];

/** What is waited for, when it has come already. */
const closedStream = (): PassThrough => new PassThrough().destroy();
const settled = (): Promise<void> => Promise.resolve();

const untils: readonly Row[] = [
  ...awaited('once'),
  row('a stream that throws', { once: fail }, { throws: failure }),
  row('a thenable that throws', { then: fail }, 'right'),
  row('a thenable that settles twice', { then: (done: () => void) => [done(), done()] }, 'right'),
];

// Arenas.

const asArena = (self: unknown): Arena => self as Arena;

const arenas: Subject = {
  make: () => {
    const arena = new Arena({ label: 'hostile', maxBytes: 2 ** 20 });
    arena.alloc(Uint8Array, 100).fill(7);
    return arena;
  },
  state: (self) => asArena(self).stats(),
  end: (self) => asArena(self).close(),
  closed: 'ERR_ARENA_CLOSED',
};

const arenaActs: readonly Act[] = [
  { what: 'resets the arena', act: (_, self) => asArena(self).reset(), outcome: 'right' },
  { what: 'fills the arena', act: (_, self) => asArena(self).alloc(Uint8Array, 300_000).fill(7), outcome: 'right' },
  {
    what: 'resets the arena under a hold',
    act: (_, self) => {
      const hold = asArena(self).hold();
      asArena(self).reset();
      hold[Symbol.dispose]();
    },
    outcome: 'right',
  },
  opensArenas,
  { what: 'closes the arena', act: (_, self) => asArena(self).close(), outcome: 'ERR_ARENA_CLOSED', closes: true },
];

function checkCopy(copy: unknown, original: unknown): void {
  const { byteLength } = copy as ArrayBufferView;
  if (byteLength === 16) assert.deepEqual(copied(copy), copied(original));
}

/** The bytes of a view of a plain type, whatever the view says. */
function copied(view: unknown): Uint8Array {
  return simdArena.withArena((arena) => {
    const { buffer, byteOffset, byteLength } = arena.copyOut(view as Uint8Array);
    return Uint8Array.from(new Uint8Array(buffer, byteOffset, byteLength));
  });
}

const copies = (column: 'copiedIn' | 'copiedOut'): Row[] =>
  hostileData.map(({ what, make, ...row }) => {
    const outcome = row[column];
    return { what, make, outcome: outcome === 'copied' ? (copy): void => checkCopy(copy, make()) : outcome };
  });
const anything = (result: unknown): Row[] =>
  hostileData.map(({ what, make }) => ({ what, make, outcome: (actual) => assert.equal(actual, result) }));

/** Past the 31 bits of the fast path, and past 32, where a wrapped length would be small. */
const beyondMaxBytes = [2 ** 28, 2 ** 31, 2 ** 32 + 5, 2 ** 40 + 1];

const arenaMembers: readonly Member[] = [
  {
    name: 'Arena#alloc',
    parameters: allocation('ERR_ARENA_LIMIT', arenaActs, ...beyondMaxBytes),
    args: threeFloats,
    check: checkZeros,
  },
  {
    name: 'Arena#allocUnsafe',
    parameters: allocation('ERR_ARENA_LIMIT', arenaActs, ...beyondMaxBytes),
    args: threeFloats,
    check: checkFloats,
  },
  {
    name: 'Arena#copyIn',
    parameters: [parameter('view', copies('copiedIn'))],
    args: () => [Float32Array.from(floats)],
    check: (copy, self, [view]) => {
      checkCopy(copy, view);
      assert.ok(asArena(self).owns(copy as Float32Array));
    },
  },
  {
    name: 'Arena#copyOut',
    parameters: [parameter('view', copies('copiedOut'))],
    args: () => [Float32Array.from(floats)],
    check: (copy, _, [view]) => checkCopy(copy, view),
  },
  {
    name: 'Arena#owns',
    parameters: [parameter('view', anything(false))],
    args: (self) => [asArena(self).alloc(Buffer, 3)],
    check: (owns) => assert.equal(owns, true),
  },
  {
    name: 'Arena#free',
    parameters: [parameter('view', anything(undefined))],
    args: () => [new Uint8Array(3)],
    check: nothing,
  },
  { name: 'Arena#reset', parameters: [], args: () => [], check: nothing },
  { name: 'Arena#close', parameters: [], args: () => [], check: nothing },
  { name: 'Arena#[Symbol.dispose]', parameters: [], args: () => [], check: nothing, delegates: true },
  {
    name: 'Arena#hold',
    parameters: [],
    args: () => [],
    check: (hold) => (hold as Disposable)[Symbol.dispose](),
  },
  {
    name: 'Arena#waitUntil',
    parameters: [parameter('promise', [...awaited('then'), row('a thenable that throws', { then: fail }, 'right')])],
    args: () => [settled()],
    check: nothing,
  },
  {
    name: 'Arena#closeAfter',
    parameters: [
      parameter('stream', [...awaited('once'), row('a stream that throws', { once: fail }, { throws: failure })]),
    ],
    args: () => [closedStream()],
    check: (result, self) => assert.equal(result, self),
  },
  {
    name: 'Arena#stats',
    parameters: [],
    args: () => [],
    check: (stats) => assert.equal((stats as { label: string }).label, 'hostile'),
  },
];

// Pools.

/** What a refused call must not change; that a miss was counted before it is right. */
function poolState(stats: PoolStats): unknown {
  const { misses, hitRate, ...others } = stats;
  return { ...others, hitRate: typeof hitRate, misses: typeof misses };
}

const asPool = (self: unknown): BufferPool => self as BufferPool;
const asAllocator = (self: unknown): PoolAllocator => self as PoolAllocator;

const pools: Subject = {
  make: () => {
    const pool = new BufferPool({ label: 'hostile' });
    pool.put(pool.getOrAlloc(100).fill(7));
    pool.getOrAlloc(1000).fill(7);
    return pool;
  },
  state: (self) => poolState(asPool(self).stats()),
  end: (self) => asPool(self).close(),
  closed: 'ERR_POOL_CLOSED',
};

const allocators: Subject = {
  make: () => {
    const allocator = new PoolAllocator({ label: 'hostile' });
    allocator.free(allocator.alloc(Uint8Array, 64).fill(7));
    allocator.alloc(Float32Array, 1000).fill(7);
    return allocator;
  },
  state: (self) => poolState(asAllocator(self).stats()),
  end: (self) => asAllocator(self).close(),
  closed: 'ERR_POOL_CLOSED',
};

const poolActs: readonly Act[] = [
  { what: 'reclaims all', act: (_, self) => asPool(self).reclaimAll(), outcome: 'right' },
  { what: 'trims the pool', act: (_, self) => asPool(self).trim(), outcome: 'right' },
  opensArenas,
  { what: 'closes the pool', act: (_, self) => asPool(self).close(), outcome: 'ERR_POOL_CLOSED', closes: true },
];

const sizes: readonly Row[] = [
  ...integers(),
  row('-0', -0, (view) => assert.ok((view as Buffer | null)?.length !== 1)),
];
const tooLarge: readonly Row[] = rows([2 ** 48 + 5, 2 ** 52, Number.MAX_SAFE_INTEGER], 'ERR_POOL_OUT_OF_MEMORY');
const request = (tooMuch: readonly Row[]): Parameter[] => [
  parameter('size', [...sizes, ...tooMuch]),
  parameter('options', options({ alignment: alignments }, { prefix: 'options.', acts: poolActs })),
];

function checkBuffer(buffer: unknown): void {
  assert.ok(Buffer.isBuffer(buffer) && buffer.length === 100);
  assert.ok(buffer.fill(9).every((byte) => byte === 9));
}

/** Methods that pools and allocators have in common, by the class. */
const poolMembers = (name: string): Member[] => [
  { name: `${name}#reclaimAll`, parameters: [], args: () => [], check: nothing },
  {
    name: `${name}#trim`,
    parameters: [
      parameter(
        'targetBytes',
        optional(integers(), (bytes) => assert.ok((bytes as number) >= 0)),
      ),
    ],
    args: () => [2 ** 32 + 5],
    check: (bytes) => assert.equal(bytes, 0),
  },
  {
    name: `${name}#stats`,
    parameters: [],
    args: () => [],
    check: (stats) => assert.equal((stats as { label: string }).label, 'hostile'),
  },
  { name: `${name}#close`, parameters: [], args: () => [], check: nothing },
  { name: `${name}#[Symbol.dispose]`, parameters: [], args: () => [], check: nothing, delegates: true },
];

/** Past 32 bits, where a wrapped size would be small. */
const neverPooled = rows([2 ** 31, 2 ** 32, 2 ** 32 + 5, 2 ** 52], (buffer) => assert.equal(buffer, null));

const bufferPoolMembers: readonly Member[] = [
  {
    name: 'BufferPool#get',
    parameters: request(neverPooled),
    args: () => [100, {}],
    check: (buffer) => {
      if (buffer !== null) checkBuffer(buffer);
    },
  },
  { name: 'BufferPool#getOrAlloc', parameters: request(tooLarge), args: () => [100, {}], check: checkBuffer },
  {
    name: 'BufferPool#put',
    parameters: [parameter('buffer', foreignBuffers)],
    args: (self) => [asPool(self).getOrAlloc(100)],
    check: nothing,
  },
  {
    name: 'BufferPool#putAfter',
    parameters: [parameter('buffer', foreignBuffers), parameter('until', untils)],
    args: (self) => [asPool(self).getOrAlloc(100), closedStream()],
    check: nothing,
  },
  ...poolMembers('BufferPool'),
];

const allocatorMembers: readonly Member[] = [
  {
    name: 'PoolAllocator#alloc',
    parameters: allocation('ERR_POOL_OUT_OF_MEMORY', poolActs),
    args: threeFloats,
    check: checkZeros,
  },
  {
    name: 'PoolAllocator#allocUnsafe',
    parameters: allocation('ERR_POOL_OUT_OF_MEMORY', poolActs),
    args: threeFloats,
    check: checkFloats,
  },
  {
    name: 'PoolAllocator#free',
    parameters: [parameter('view', foreignBuffers)],
    args: (self) => [asAllocator(self).alloc(Float64Array, 9)],
    check: nothing,
  },
  {
    name: 'PoolAllocator#freeAfter',
    parameters: [parameter('view', foreignBuffers), parameter('until', untils)],
    args: (self) => [asAllocator(self).alloc(Float64Array, 9), closedStream()],
    check: nothing,
  },
  ...poolMembers('PoolAllocator'),
];

/** What only looks like three floats of the heap. */
const heapMember = (name: string, check: (view: unknown) => void): Member => ({
  name,
  parameters: [parameter('type', viewTypes), parameter('length', lengths({ throws: /alloc|size/i }))],
  args: () => [Float32Array, 3],
  check,
});

// Sums and reductions of data that comes in pieces.

const asSum = (self: unknown): SumAccumulator => self as SumAccumulator;
const sums: Subject = {
  make: () => new SumAccumulator(),
  state: (self) => asSum(self).toBytes(),
};

const checkSum = (result: unknown, self: unknown): void => {
  assert.equal(result, self);
  assertSame(asSum(self).sum(), EXACT_SUM, 'sum');
};

const otherSums: readonly Row[] = [
  ...allBut(),
  revoked('ERR_INVALID_ARG_TYPE'),
  row('its bytes', new SumAccumulator().toBytes(), 'ERR_INVALID_ARG_TYPE'),
  row('an object that inherits', Object.create(new SumAccumulator()), 'ERR_INVALID_ARG_TYPE'),
  row('the prototype', SumAccumulator.prototype, 'ERR_INVALID_ARG_TYPE'),
  row('a proxy', new Proxy(new SumAccumulator(), {}), 'ERR_INVALID_ARG_TYPE'),
  row('a clone', structuredClone(new SumAccumulator()), 'ERR_INVALID_ARG_TYPE'),
  row('an object with its methods', { toBytes: fail, sum: fail }, 'ERR_INVALID_ARG_TYPE'),
  row('one that lies', Object.assign(new SumAccumulator().add(EXACT_SUM), { toBytes: fail, sum: fail }), 'right'),
];

const sumMembers: readonly Member[] = [
  {
    name: 'SumAccumulator',
    parameters: [],
    args: () => [],
    check: (sum) => assertSame(asSum(sum).sum(), 0, 'sum'),
  },
  {
    name: 'SumAccumulator.from',
    parameters: [
      parameter(
        '',
        hostileData.map(({ what, make, reduced }) => {
          const isBytes = reduced === 'raw' || reduced === 'ragged';
          const isArray = reduced === 'f32' || reduced === 'other';
          return {
            what,
            make,
            outcome: isBytes ? 'ERR_INVALID_ACCUMULATOR' : isArray ? 'ERR_INVALID_ARG_TYPE' : reduced,
          };
        }),
      ),
    ],
    args: () => [new SumAccumulator().add(EXACT_SUM).toBytes()],
    check: (sum) => checkSum(sum, sum),
  },
  {
    name: 'SumAccumulator#add',
    parameters: [
      parameter(
        'data',
        elementData('f32', (result, bytes, self) => {
          if (bytes.length === floatBytes.length) checkSum(result, self);
        }),
      ),
      parameter('type', [...optional(elementTypeNames), ...rows(['f64', 'i32'], 'ERR_ELEMENT_TYPE')]),
    ],
    args: () => [Float32Array.from(floats), 'f32'],
    check: checkSum,
  },
  {
    name: 'SumAccumulator#merge',
    parameters: [parameter('other', otherSums)],
    args: () => [new SumAccumulator().add(EXACT_SUM)],
    check: checkSum,
  },
  { name: 'SumAccumulator#sum', parameters: [], args: () => [], check: (sum) => assertSame(sum, 0, 'sum') },
  {
    name: 'SumAccumulator#toBytes',
    parameters: [],
    args: () => [],
    check: (bytes) => assertSame(SumAccumulator.from(bytes as Uint8Array).sum(), 0, 'sum'),
  },
];

const asReduction = (self: unknown): Reduction<'f32', 'sum'> => self as Reduction<'f32', 'sum'>;
const reductions: Subject = {
  make: () => createReduction('f32', ['sum']),
  state: (self) => asReduction(self).result(),
};

/** Asserts that a reduction has taken the floats of the catalogue; some rows only have a part of an element. */
const checkUpdate = (result: unknown, self: unknown): void => {
  assert.equal(result, self);
  assertSame(asReduction(self).result().sum, EXACT_SUM, 'sum');
};

const updates: readonly Row[] = hostileData.map(({ what, make, reduced }) => {
  if (reduced === 'f32' || reduced === 'raw') return { what, make, outcome: checkUpdate };
  if (reduced === 'other') return { what, make, outcome: 'ERR_ELEMENT_TYPE' };
  // More may follow.
  if (reduced === 'ragged') return { what, make, outcome: (result, self) => assert.equal(result, self) };
  return { what, make, outcome: reduced };
});

const streamingMembers: readonly Member[] = [
  {
    name: 'createReduction',
    parameters: [
      parameter('type', elementTypeNames),
      parameter('operations', operationLists),
      parameter('options', options({ ddof: [...integers(), row('2^32 + 5', 2 ** 32 + 5, 'right')] })),
    ],
    args: () => ['f32', ['sum'], {}],
    check: (reduction) => checkUpdate(asReduction(reduction).update(Float32Array.from(floats)), reduction),
  },
  {
    name: 'Reduction#update',
    parameters: [parameter('data', updates)],
    args: () => [Float32Array.from(floats)],
    check: checkUpdate,
  },
  {
    name: 'Reduction#result',
    parameters: [],
    args: () => [],
    check: (result) => assert.deepEqual(result, { sum: 0 }),
  },
  {
    name: 'Reduction#writable',
    parameters: [],
    args: () => [],
    check: (stream) => assert.ok((stream as PassThrough).writable),
    delegates: true,
  },
];

// The rest.

const restMembers: readonly Member[] = [
  {
    name: 'Arena',
    parameters: [parameter('options', arenaOptions())],
    args: () => [{}],
    check: checkArena,
  },
  {
    name: 'Arena.lease',
    parameters: [parameter('options', arenaOptions())],
    args: () => [{}],
    check: checkArena,
  },
  {
    name: 'withArena',
    parameters: [
      // A function there is the one to run.
      parameter('options', arenaOptions(['function'])),
      parameter(
        'fn',
        callbacks.filter(({ what }) => what !== 'a class'),
      ),
    ],
    args: () => [{}, (arena: Arena) => arena.alloc(Uint8Array, 3).length],
    check: (length) => assert.equal(length, 3),
  },
  {
    name: 'BufferPool',
    parameters: [parameter('options', poolOptions)],
    args: () => [{}],
    check: (pool) => {
      using open = pool as BufferPool;
      assert.equal(open.getOrAlloc(10).length, 10);
    },
  },
  {
    name: 'PoolAllocator',
    parameters: [parameter('options', poolOptions)],
    args: () => [{}],
    check: (allocator) => {
      using open = allocator as PoolAllocator;
      assert.deepEqual([...open.alloc(Uint8Array, 2)], [0, 0]);
    },
  },
  heapMember('heapAllocator.alloc', checkZeros),
  heapMember('heapAllocator.allocUnsafe', checkFloats),
  {
    name: 'heapAllocator.free',
    parameters: [parameter('view', anything(undefined))],
    args: () => [new Uint8Array(3)],
    check: nothing,
  },
  {
    name: 'configure',
    parameters: [
      parameter('configuration', [
        ...options(
          {
            staleViews: choices('revoke'),
            budgetBytes: integers().filter(({ what }) => !what.includes('"Infinity"')),
            leakDetection: choices('all'),
          },
          { acts: [opensArenas] },
        ).filter(({ what }) => what !== 'undefined'),
        row('undefined', undefined, 'ERR_INVALID_ARG_TYPE'),
      ]),
    ],
    args: () => [{}],
    check: nothing,
  },
  { name: 'runtimeInfo', parameters: [], args: () => [], check: (info) => assert.deepEqual(info, runtimeInfo()) },
  {
    name: 'arenaStats',
    parameters: [
      parameter('options', options({ scope: choices('thread') }, { prefix: 'options.', acts: [opensArenas] })),
    ],
    args: () => [{}],
    check: (stats) => assert.equal((stats as { held: number }).held, simdArena.arenaStats().held),
  },
  { name: 'Hold#[Symbol.dispose]', parameters: [], args: () => [], check: nothing },
];

/** The rows, by the name of the member. */
export const members: ReadonlyMap<string, Member> = new Map(
  [
    ...reductionMembers,
    ...exactMembers,
    ...arenaMembers,
    ...bufferPoolMembers,
    ...allocatorMembers,
    ...sumMembers,
    ...streamingMembers,
    ...restMembers,
  ].map((member) => [member.name, member]),
);

/** A hold on an arena that is closed, and lives as long as the hold. */
function makeHold(): Disposable {
  using arena = new Arena();
  return arena.hold();
}

using firstHold = makeHold();
const holdPrototype = Object.getPrototypeOf(firstHold) as Disposable;
const holds: Subject = {
  make: makeHold,
  state: () => undefined,
  end: (self) => holdPrototype[Symbol.dispose].call(self),
};

/** The receivers of methods, by the class. */
export const subjects: Readonly<Record<string, Subject>> = {
  Arena: arenas,
  BufferPool: pools,
  PoolAllocator: allocators,
  SumAccumulator: sums,
  Hold: holds,
  Reduction: reductions,
};

/** The classes of objects that are handed out, and not exported. */
export const handedOut: Readonly<Record<string, object>> = {
  Hold: firstHold.constructor,
  Reduction: createReduction('f32', ['sum']).constructor,
};
