// The rows of exact sums.
import assert from 'node:assert/strict';

import { SumAccumulator } from 'simd-arena';

import { decode, kindOf } from '../support/element-types';
import { exactSum } from '../support/exact-oracle';
import { floatBytes, floats, floatSum, hostileData } from '../support/hostile-data';
import { assertSame } from '../support/numbers';
import { parameter, type Member, type Row, type Subject } from './outcome';
import { valuesOf } from './reductions';
import { allBut, elementData, elementTypeNames, fail, optional, revoked, row, rows } from './values';

const exactMembers: readonly Member[] = (['f32', 'f64'] as const).map((type) => {
  const check = (result: unknown, bytes: Uint8Array): void =>
    assertSame(result, exactSum(decode(kindOf(type), bytes) as number[]), `exact sum of ${type}`);
  return {
    name: `sumExact${type.toUpperCase()}`,
    parameters: [parameter('data', elementData(type, check))],
    args: () => [valuesOf(type)],
    check: (result) => check(result, floatBytes),
  };
});

const asSum = (self: unknown): SumAccumulator => self as SumAccumulator;
const sums: Subject = {
  make: () => new SumAccumulator(),
  state: (self) => asSum(self).toBytes(),
};

/** Asserts that an accumulator has taken these float32 elements, and takes them back. */
function checkAdded(result: unknown, bytes: Uint8Array, self: unknown): void {
  assert.equal(result, self);
  const elements = decode(kindOf('f32'), bytes) as number[];
  assertSame(asSum(self).sum(), exactSum(elements), 'sum');
  for (const element of elements) asSum(self).add(-element);
}

const checkSum = (result: unknown, self: unknown): void => checkAdded(result, floatBytes, self);

const otherSums: readonly Row[] = [
  ...allBut(),
  revoked('ERR_INVALID_ARG_TYPE'),
  row('its bytes', new SumAccumulator().toBytes(), 'ERR_INVALID_ARG_TYPE'),
  row('an object that inherits', Object.create(new SumAccumulator()), 'ERR_INVALID_ARG_TYPE'),
  row('the prototype', SumAccumulator.prototype, 'ERR_INVALID_ARG_TYPE'),
  row('a proxy', new Proxy(new SumAccumulator(), {}), 'ERR_INVALID_ARG_TYPE'),
  row('a clone', structuredClone(new SumAccumulator()), 'ERR_INVALID_ARG_TYPE'),
  row('an object with its methods', { toBytes: fail, sum: fail }, 'ERR_INVALID_ARG_TYPE'),
  row('one that lies', Object.assign(new SumAccumulator().add(floatSum), { toBytes: fail, sum: fail }), 'right'),
];

const accumulatorMembers: readonly Member[] = [
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
    args: () => [new SumAccumulator().add(floatSum).toBytes()],
    check: (sum) => checkSum(sum, sum),
  },
  {
    name: 'SumAccumulator#add',
    parameters: [
      parameter('data', elementData('f32', checkAdded)),
      parameter('type', [...optional(elementTypeNames), ...rows(['f64', 'i32'], 'ERR_ELEMENT_TYPE')]),
    ],
    args: () => [Float32Array.from(floats), 'f32'],
    check: checkSum,
    changes: true,
  },
  {
    name: 'SumAccumulator#merge',
    parameters: [parameter('other', otherSums)],
    args: () => [new SumAccumulator().add(floatSum)],
    check: checkSum,
    changes: true,
  },
  { name: 'SumAccumulator#sum', parameters: [], args: () => [], check: (sum) => assertSame(sum, 0, 'sum') },
  {
    name: 'SumAccumulator#toBytes',
    parameters: [],
    args: () => [],
    check: (bytes) => assertSame(SumAccumulator.from(bytes as Uint8Array).sum(), 0, 'sum'),
  },
];

/** The rows of exact sums. */
export const sumMembers: readonly Member[] = [...exactMembers, ...accumulatorMembers];

/** The receivers of methods, by the class. */
export const sumSubjects: Readonly<Record<string, Subject>> = { SumAccumulator: sums };
