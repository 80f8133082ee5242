import assert from 'node:assert/strict';

import { kindOf } from '../support/element-types';
import { throwsCode } from '../support/errors';
import {
  assertOutcome,
  genericReductions,
  oddly,
  outcomeOf,
  randomElements,
  typedReductions,
  unaryOps,
} from '../support/reductions';

const unary = typedReductions.filter(({ op }) => op !== 'dot');

describe('typed reductions', () => {
  it('are there for every operation on the common types', () => {
    const expected = ['F32', 'F64', 'I32', 'U8'].flatMap((type) => [...unaryOps, 'dot'].map((op) => op + type));
    assert.deepEqual(typedReductions.map(({ name }) => name).sort(), [...expected, 'allBool', 'anyBool'].sort());
  });

  it('are named as they are exported', () => {
    for (const { name, reduce } of typedReductions) assert.equal(reduce.name, name);
  });

  for (const { name, op, type, reduce } of unary) {
    const generic = genericReductions.find(([candidate]) => candidate === op)![1];
    const kind = kindOf(type);

    it(`do what the generic function does: ${name}`, () => {
      for (const length of [0, 1, 2, 3, 9, 16, 17, 100]) {
        const bytes = randomElements(kind, length);
        const expected = outcomeOf(() => generic(bytes, type));
        const forms = [bytes, oddly(bytes), bytes.buffer, new DataView(bytes.buffer), new Uint8ClampedArray(bytes)];
        for (const data of kind.named.map((array): unknown => new array(bytes.buffer)).concat(forms)) {
          assertOutcome(() => reduce(data), expected, `${name}, length ${length}`);
        }
        if (length < 9) continue;
        const options = { offset: 2 * kind.bytes, stride: 3 * kind.bytes, count: 2, ddof: 1 };
        assertOutcome(
          () => reduce(bytes, options),
          outcomeOf(() => generic(bytes, type, options)),
          `${name}, stride`,
        );
      }
    });

    it(`refuse elements of another type, and parts of elements: ${name}`, () => {
      for (const length of [0, 4, 40]) {
        for (const other of [new Int16Array(length), new BigInt64Array(length)]) {
          throwsCode('ERR_ELEMENT_TYPE', () => reduce(other));
          throwsCode('ERR_ELEMENT_TYPE', () => reduce(other, { stride: 2 }));
        }
      }
      if (kind.bytes > 1) throwsCode('ERR_BYTE_LENGTH', () => reduce(Buffer.alloc(kind.bytes + 1)));
    });
  }

  for (const { name, type, reduce } of typedReductions.filter(({ op }) => op === 'dot')) {
    it(`do what the generic function does: ${name}`, () => {
      const [array] = kindOf(type).named;
      for (const length of [0, 1, 3, 16, 17, 100]) {
        const [a, b] = [randomElements(kindOf(type), length, 1), randomElements(kindOf(type), length, 2)];
        const expected = reduce(oddly(a), oddly(b)) as number;
        for (const [x, y] of [
          [new array!(a.buffer), new array!(b.buffer)],
          [new array!(a.buffer), b],
          [a, new array!(b.buffer)],
          [b, a],
        ]) {
          assertOutcome(() => reduce(x, y), expected, `${name}, length ${length}`);
        }
      }
      throwsCode('ERR_LENGTH_MISMATCH', () => reduce(new array!(8 as never), Buffer.alloc(0)));
      throwsCode('ERR_ELEMENT_TYPE', () => reduce(new array!(8 as never), new Int16Array(8)));
      throwsCode('ERR_INVALID_ARG_TYPE', () => reduce(new array!(8 as never)));
    });
  }
});
