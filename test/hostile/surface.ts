// Every member of the package: how it is called, and what its parameters take.
import assert from 'node:assert/strict';

import { arenaStats, createReduction, runtimeInfo } from 'simd-arena';

import { checkFloats, checkZeros, opensArenas } from './allocation';
import { arenaMembers, arenaSubjects, holdClass } from './arenas';
import { nothing, parameter, type Member, type Subject } from './outcome';
import { poolMembers, poolSubjects } from './pools';
import { reductionMembers, reductionSubjects } from './reductions';
import { sumMembers, sumSubjects } from './sums';
import { anyData, choices, integers, lengths, options, viewTypes } from './values';

/** What only looks like three floats of the heap. */
const heapMember = (name: string, check: (view: unknown) => void): Member => ({
  name,
  parameters: [parameter('type', viewTypes), parameter('length', lengths({ throws: /alloc|size|memory/i }))],
  args: () => [Float32Array, 3],
  check,
});

const restMembers: readonly Member[] = [
  heapMember('heapAllocator.alloc', checkZeros),
  heapMember('heapAllocator.allocUnsafe', checkFloats),
  {
    name: 'heapAllocator.free',
    parameters: [parameter('view', anyData(undefined))],
    args: () => [new Uint8Array(3)],
    check: nothing,
  },
  {
    name: 'configure',
    parameters: [
      parameter(
        'configuration',
        options(
          {
            staleViews: choices('revoke'),
            budgetBytes: integers(undefined, 0, [Infinity]),
            leakDetection: choices('all'),
          },
          { acts: [opensArenas], absent: 'ERR_INVALID_ARG_TYPE' },
        ),
      ),
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
    check: (stats) => assert.equal((stats as { held: number }).held, arenaStats().held),
  },
];

/** The rows, by the name of the member. */
export const members: ReadonlyMap<string, Member> = new Map(
  [...reductionMembers, ...sumMembers, ...arenaMembers, ...poolMembers, ...restMembers].map((row) => [row.name, row]),
);

/** The receivers of methods, by the class. */
export const subjects: Readonly<Record<string, Subject>> = {
  ...arenaSubjects,
  ...poolSubjects,
  ...sumSubjects,
  ...reductionSubjects,
};

/** The classes of objects that are handed out, and not exported. */
export const handedOut: Readonly<Record<string, object>> = {
  Hold: holdClass,
  Reduction: createReduction('f32', ['sum']).constructor,
};
