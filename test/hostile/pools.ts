// The rows of pools and their allocators.
import assert from 'node:assert/strict';

import { BufferPool, PoolAllocator, type PoolStats } from 'simd-arena';

import { allocation, checkFloats, checkZeros, closedStream, opensArenas, threeFloats, untils } from './allocation';
import { nothing, parameter, type Member, type Parameter, type Row, type Subject } from './outcome';
import {
  alignments,
  choices,
  foreignBuffers,
  integers,
  optional,
  options,
  row,
  rows,
  strings,
  type Act,
} from './values';

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
const commonMembers = (name: string): Member[] => [
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
    changes: true,
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
const neverPooled = rows([2 ** 31, 2 ** 32, 2 ** 32 + 5, 2 ** 52], (buffer) => assert.equal(buffer, null)).map(
  (large): Row => ({ ...large, changes: false }),
);

const bufferPoolMembers: readonly Member[] = [
  {
    name: 'BufferPool#get',
    parameters: request(neverPooled),
    args: () => [100, {}],
    check: (buffer) => {
      if (buffer !== null) checkBuffer(buffer);
    },
    changes: true,
  },
  {
    name: 'BufferPool#getOrAlloc',
    parameters: request(tooLarge),
    args: () => [100, {}],
    check: checkBuffer,
    changes: true,
  },
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
    changes: true,
  },
  ...commonMembers('BufferPool'),
];

const allocatorMembers: readonly Member[] = [
  {
    name: 'PoolAllocator#alloc',
    parameters: allocation('ERR_POOL_OUT_OF_MEMORY', poolActs),
    args: threeFloats,
    check: checkZeros,
    changes: true,
  },
  {
    name: 'PoolAllocator#allocUnsafe',
    parameters: allocation('ERR_POOL_OUT_OF_MEMORY', poolActs),
    args: threeFloats,
    check: checkFloats,
    changes: true,
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
    changes: true,
  },
  ...commonMembers('PoolAllocator'),
];

const constructors: readonly Member[] = [
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
];

/** The rows of pools and allocators. */
export const poolMembers: readonly Member[] = [...constructors, ...bufferPoolMembers, ...allocatorMembers];

/** The receivers of methods, by the class. */
export const poolSubjects: Readonly<Record<string, Subject>> = { BufferPool: pools, PoolAllocator: allocators };
