import assert from 'node:assert/strict';

import {
  native,
  nativeReduce,
  type Addon,
  type NativeArena,
  type NativePool,
  type NativeSumAccumulator,
  type NativeReduction,
} from '#internal/native';
import { elementTypes, reduceOps } from '#internal/tables';

// The compiler checks that these name every member of the interfaces, and no other.
const addonMembers = {
  napi: 'number',
  isas: 'object',
  NativeArena: 'function',
  NativePool: 'function',
  NativeSumAccumulator: 'function',
  NativeReduction: 'function',
  reduceStrided: 'function',
  canExpose: 'function',
  alignedOffset: 'function',
  clearMemory: 'function',
  initialize: 'function',
  stats: 'function',
  setBudget: 'function',
  budget: 'function',
  now: 'function',
  isPoisoned: 'function',
  sumExactF32: 'function',
  sumExactF64: 'function',
} satisfies Record<keyof Addon, string>;

const arenaMembers = {
  grow: 'function',
  undoGrow: 'function',
  expose: 'function',
  renew: 'function',
  retire: 'function',
  lose: 'function',
} satisfies Record<keyof NativeArena, string>;

const poolMembers = {
  make: 'function',
  bytes: 'function',
  expose: 'function',
  renew: 'function',
  retire: 'function',
  lose: 'function',
  reclaimLost: 'function',
  takeColdest: 'function',
  takeUnused: 'function',
  markAge: 'function',
} satisfies Record<keyof NativePool, string>;

const sumAccumulatorMembers = {
  addF32: 'function',
  addF64: 'function',
  addNumber: 'function',
  merge: 'function',
  sum: 'function',
  encode: 'function',
} satisfies Record<keyof NativeSumAccumulator, string>;

const reductionMembers = {
  update: 'function',
  result: 'function',
} satisfies Record<keyof NativeReduction, string>;

function typesOf(object: object): Record<string, string> {
  return Object.fromEntries(
    Object.getOwnPropertyNames(object)
      .filter((name) => name !== 'constructor')
      .map((name) => [name, typeof (object as Record<string, unknown>)[name]]),
  );
}

describe('the native addon', () => {
  it('exports what its TypeScript interface names, and nothing else', () => {
    assert.deepEqual(typesOf(native), addonMembers);
  });

  it('gives its arenas the methods that their interface names, and no others', () => {
    assert.deepEqual(typesOf(native.NativeArena.prototype as object), arenaMembers);
  });

  it('gives its pools the methods that their interface names, and no others', () => {
    assert.deepEqual(typesOf(native.NativePool.prototype as object), poolMembers);
  });

  it('gives its sum accumulators the methods that their interface names, and no others', () => {
    assert.deepEqual(typesOf(native.NativeSumAccumulator.prototype as object), sumAccumulatorMembers);
  });

  it('gives its reductions the methods that their interface names, and no others', () => {
    assert.deepEqual(typesOf(native.NativeReduction.prototype as object), reductionMembers);
  });

  it('has a reduction for every operation and element type', () => {
    assert.equal(nativeReduce.length, reduceOps.length);
    for (const functions of nativeReduce) {
      assert.deepEqual(
        functions.map((reduce) => typeof reduce),
        elementTypes.map(() => 'function'),
      );
    }
  });
});
