// The rows of exact sums.
import assert from 'node:assert/strict';

import { SumAccumulator } from 'simd-arena';

import { decode, kindOf } from '../support/element-types';
import { floatBytes, floats, floatSum, hostileData } from '../support/hostile-data';
import { assertSame } from '../support/numbers';
import { parameter, type Member, type Row, type Subject } from './outcome';
import { valuesOf } from './reductions';
import { allBut, elementData, elementTypeNames, fail, optional, revoked, row, rows } from './values';

const exactMembers: readonly Member[] = (['f32', 'f64'] as const).map((type) => {
  const elements = decode(kindOf(type), floatBytes) as number[];
  // Few enough, and of a size, that they add up exactly in any order.
  const exact = elements.reduce((total, value) => total + value);
  const check = (result: unknown): void => assertSame(result, exact, `exact sum of ${type}`);
  return {
    name: `sumExact${type.toUpperCase()}`,
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

const asSum = (self: unknown): SumAccumulator => self as SumAccumulator;
const sums: Subject = {
  make: () => new SumAccumulator(),
  state: (self) => asSum(self).toBytes(),
};

const checkSum = (result: unknown, self: unknown): void => {
  assert.equal(result, self);
  assertSame(asSum(self).sum(), floatSum, 'sum');
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
    args: () => [new SumAccumulator().add(floatSum)],
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

/** The rows of exact sums. */
export const sumMembers: readonly Member[] = [...exactMembers, ...accumulatorMembers];

/** The receivers of methods, by the class. */
export const sumSubjects: Readonly<Record<string, Subject>> = { SumAccumulator: sums };
