// The rows of reductions, made from the tables of operations and element types, and of those of data that comes in pieces.
import assert from 'node:assert/strict';
import type { PassThrough } from 'node:stream';

import { reduceOps, type ElementType, type ReduceOp } from '#internal/tables';
import * as simdArena from 'simd-arena';
import { createReduction, type Reduction } from 'simd-arena';

import { decode, kindOf } from '../support/element-types';
import { throwsCode } from '../support/errors';
import { floatBytes, floats, floatSum, hostileData } from '../support/hostile-data';
import { assertSame } from '../support/numbers';
import { referenceDot, referenceReduce } from '../support/reference-reductions';
import { assertOutcome as assertReduction, assertReduces } from '../support/reductions';
import { detach } from '../support/runtime';
import { parameter, type Member, type Outcome, type Parameter, type Row, type Subject } from './outcome';
import { elementTypeNames, integers, operationLists, optional, options, reducedData, row, type Act } from './values';

/** The floats of the catalogue, in the array that brings `type` along, or as bytes. */
export function valuesOf(type: ElementType): object {
  const bytes = Uint8Array.from(floatBytes);
  return new (kindOf(type).named[0] ?? Uint8Array)(bytes.buffer);
}

/** What the elements of a reduction may lose while its options are read. */
const detaching: Act = {
  what: 'detaches the data',
  act: ([data]) => detach((data as Uint8Array).buffer as ArrayBuffer),
  outcome: 'ERR_DETACHED',
};

/** Elements that are not all in the data, which the three options say together. */
const outside = (value: number): Row => ({
  ...row(`${value}`, value, 'ERR_OUT_OF_RANGE'),
  names: 'offset, stride and count:',
});

function strideOptions(op: ReduceOp, type: ElementType, length: number, call: () => unknown): Row[] {
  const beyond = [2 ** 32 + 5, Number.MAX_SAFE_INTEGER, length + 1].map(outside);
  const first = decode(kindOf(type), floatBytes).slice(0, 1);
  const ofFirst: Outcome = (result) =>
    assertReduction(() => result, referenceReduce(op as never, kindOf(type), first), op);
  const isVariance = op === 'variance' || op === 'std';
  const noFreedom: Outcome = isVariance ? (result) => assertSame(result, NaN, op) : 'right';
  return options(
    {
      offset: [...integers(), ...beyond],
      stride: [...integers(), outside(0), row('2^53 - 1', Number.MAX_SAFE_INTEGER, ofFirst)],
      count: [...integers(), ...beyond],
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

const functions: readonly Member[] = reduceOps.flatMap((op) => [
  reductionMember(op, op, 'f32', [
    parameter('type', [...optional(elementTypeNames), row('another type', 'i32', 'ERR_ELEMENT_TYPE')]),
  ]),
  ...(op === 'all' || op === 'any' ? [...shortTypes, 'bool' as const] : shortTypes).map((type) =>
    reductionMember(`${op}${capitalized(type)}`, op, type, []),
  ),
]);

const asReduction = (self: unknown): Reduction<'f32', 'sum'> => self as Reduction<'f32', 'sum'>;
const reductions: Subject = {
  make: () => createReduction('f32', ['sum']),
  state: (self) => asReduction(self).result(),
};

/** Asserts that a reduction has taken the floats of the catalogue, and takes them back. */
const checkUpdate = (result: unknown, self: unknown): void => {
  assert.equal(result, self);
  assertSame(asReduction(self).result().sum, floatSum, 'sum');
  asReduction(self).update(Float32Array.from(floats, (value) => -value));
};

/** Asserts that a reduction waits for the rest of an element of zeros, if it has a part of one, and gives it. */
const checkRagged = (result: unknown, self: unknown, length: number): void => {
  assert.equal(result, self);
  if (length % 4 !== 0) throwsCode('ERR_BYTE_LENGTH', () => asReduction(self).result());
  asReduction(self).update(new Uint8Array(4 - (length % 4)));
  assertSame(asReduction(self).result().sum, 0, 'sum');
};

const updates: readonly Row[] = hostileData.map(({ what, make, reduced }) => {
  if (reduced === 'f32' || reduced === 'raw') return { what, make, outcome: checkUpdate };
  if (reduced === 'other') return { what, make, outcome: 'ERR_ELEMENT_TYPE' };
  if (reduced === 'ragged') {
    const { length } = make() as Uint8Array;
    return { what, make, outcome: (result, self) => checkRagged(result, self, length) };
  }
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
    changes: true,
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

/** The rows of reductions. */
export const reductionMembers: readonly Member[] = [...functions, ...streamingMembers];

/** The receivers of methods, by the class. */
export const reductionSubjects: Readonly<Record<string, Subject>> = { Reduction: reductions };
