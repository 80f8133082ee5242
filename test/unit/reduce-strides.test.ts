import assert from 'node:assert/strict';

import fc from 'fast-check';

import { elementKinds, type ElementKind } from '../support/element-types';
import { throwsCode } from '../support/errors';
import { assertSame } from '../support/numbers';
import { acting } from '../support/options';
import { assertOutcome, genericReductions, outcomeOf, randomElements } from '../support/reductions';
import { detach } from '../support/runtime';

/** The elements that offset, stride and count name, in bytes, side by side. */
function picked(kind: ElementKind, bytes: Uint8Array, offset: number, stride: number, count: number): Uint8Array {
  const copy = new Uint8Array(count * kind.bytes);
  for (let i = 0; i < count; i++) {
    const start = offset + i * stride;
    copy.set(bytes.subarray(start, start + kind.bytes), i * kind.bytes);
  }
  return copy;
}

/** How many elements of `size` fit. */
function fitting(length: number, offset: number, stride: number, size: number): number {
  return offset + size > length ? 0 : Math.floor((length - offset - size) / stride) + 1;
}

describe('offset, stride and count', () => {
  it('name one field of interleaved records', () => {
    // A header of 2 bytes, then records of 7: a byte, a float32 at 1, an int16 at 5.
    const packet = Buffer.alloc(2 + 3 * 7 + 3);
    for (const [index, value] of [0.5, -2, 8].entries()) {
      packet.writeFloatLE(value, 2 + 7 * index + 1);
      packet.writeInt16LE(100 * value, 2 + 7 * index + 5);
    }
    const [sum, mean] = [genericReductions[0]![1], genericReductions[1]![1]];
    assertSame(sum(packet, 'f32', { offset: 3, stride: 7 }), 6.5, 'floats');
    assertSame(sum(packet, 'i16', { offset: 7, stride: 7 }), 650, 'int16');
    assertSame(mean(packet, 'f32', { offset: 3, stride: 7, count: 2 }), -0.75, 'two floats');
  });

  it('name one channel of an image', () => {
    const rgba = new Uint8Array(4 * 100).map((_, index) => (index % 4) * 10);
    const argmax = genericReductions.find(([op]) => op === 'argmax')![1];
    for (let channel = 0; channel < 4; channel++) {
      assertSame(genericReductions[0]![1](rgba, { offset: channel, stride: 4 }), 1000 * channel, `channel ${channel}`);
    }
    rgba[4 * 37 + 1] = 255;
    assertSame(argmax(rgba, { offset: 1, stride: 4 }), 37, 'an index counts the elements that are named');
  });

  for (const [op, reduce] of genericReductions) {
    it(`give what a copy of these elements gives, bit by bit: ${op}`, () => {
      const kinds = fc.constantFrom(...elementKinds);
      fc.assert(
        fc.property(kinds, fc.nat(400), fc.nat(20), fc.nat(12), fc.nat(), (kind, length, offset, more, seed) => {
          const bytes = randomElements(kind, length, seed);
          const [array] = kind.named;
          const count = seed % (fitting(length, offset, 1 + more, 1) + 1);
          const expected = (n: number, step: number, from: number): ReturnType<typeof outcomeOf> =>
            outcomeOf(() => reduce(picked(kind, bytes, from, step, n), kind.type));

          if (array !== undefined && offset <= length) {
            const data = new array(bytes.buffer);
            const stride = 1 + more;
            const all = fitting(length, offset, stride, 1);
            const [from, step] = [offset * kind.bytes, stride * kind.bytes];
            const what = `${kind.type} ${length}, ${offset}, ${stride}`;
            assertOutcome(() => reduce(data, kind.type, { offset, stride }), expected(all, step, from), what);
            assertOutcome(() => reduce(data, kind.type, { offset, stride, count }), expected(count, step, from), what);
          }
          if (offset <= bytes.length) {
            const stride = kind.bytes + more;
            const all = fitting(bytes.length, offset, stride, kind.bytes);
            const what = `bytes of ${kind.type} ${length}, ${offset}, ${stride}`;
            assertOutcome(() => reduce(bytes, kind.type, { offset, stride }), expected(all, stride, offset), what);
          }
        }),
        { numRuns: 200 },
      );
    });

    it(`are checked: ${op}`, () => {
      const data = new Float32Array(10);
      for (const key of ['offset', 'stride', 'count']) {
        for (const value of ['1', 1n, null, true, {}, [1]]) {
          throwsCode('ERR_INVALID_ARG_TYPE', () => reduce(data, { [key]: value }));
        }
        for (const value of [-1, 0.5, NaN, Infinity, 2 ** 53]) {
          throwsCode('ERR_OUT_OF_RANGE', () => reduce(data, { [key]: value }));
        }
      }
      for (const options of [
        { offset: 11 },
        { offset: 2 ** 53 - 1 },
        { count: 11 },
        { offset: 10, count: 1 },
        { stride: 0 },
        { stride: 5, count: 3 },
        { stride: 2 ** 53 - 1, count: 2 },
        { count: 2 ** 53 - 1 },
      ]) {
        assert.match(throwsCode('ERR_OUT_OF_RANGE', () => reduce(data, options)).message, /overlap, or reach beyond/);
      }
      for (const stride of [10, 2 ** 50, 2 ** 53 - 1]) {
        assert.deepEqual(reduce(data, { stride }), reduce(data.subarray(0, 1)), `stride ${stride}`);
      }
      // Of bytes, the stride is at least an element; the last one need not be whole.
      const bytes = new Uint8Array(43);
      throwsCode('ERR_OUT_OF_RANGE', () => reduce(bytes, 'f32', { stride: 3 }));
      throwsCode('ERR_OUT_OF_RANGE', () => reduce(bytes, 'f32', { count: 11 }));
      assert.doesNotThrow(() => reduce(bytes, 'f32', { offset: 3, count: 10 }));
      assert.doesNotThrow(() => reduce(bytes, 'f32', { stride: 4 }));
      for (const options of [null, 1, 'f32', true]) {
        throwsCode('ERR_INVALID_ARG_TYPE', () => reduce(data, 'f32', options));
      }
    });

    it(`change nothing where none is given: ${op}`, () => {
      const data = Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17);
      for (const options of [{}, { offset: undefined, stride: undefined, count: undefined, ddof: undefined }]) {
        assert.deepEqual(reduce(data, options), reduce(data));
        assert.deepEqual(reduce(data, 'f32', options), reduce(data));
        throwsCode('ERR_BYTE_LENGTH', () => reduce(new Uint8Array(7), 'f32', options));
      }
    });

    it(`are read before the data is looked at: ${op}`, () => {
      for (const key of ['offset', 'stride', 'count', 'ddof']) {
        for (const length of [4, 4000]) {
          const data = new Float32Array(length);
          const options = acting(key, 1, () => detach(data.buffer));
          throwsCode('ERR_DETACHED', () => reduce(data, options));
        }
      }
    });
  }
});

describe('ddof', () => {
  const [variance, std] = ['variance', 'std'].map((name) => genericReductions.find(([op]) => op === name)![1]);
  const data = Float64Array.of(2, 4, 4, 4, 5, 5, 7, 9);

  it('is what is subtracted from the number of elements', () => {
    assertSame(variance!(data), 4, 'population');
    assertSame(std!(data), 2, 'population');
    assertSame(variance!(data, { ddof: 1 }), 32 / 7, 'sample');
    assertSame(variance!(data, 'f64', { ddof: 4 }), 8, 'more');
    assertSame(variance!(Buffer.from(data.buffer), 'f64', { ddof: 4, offset: 0 }), 8, 'with a stride');
  });

  it('gives NaN where nothing is left', () => {
    for (const ddof of [8, 9, 2 ** 53 - 1]) assertSame(variance!(data, { ddof }), NaN, `ddof ${ddof}`);
    assertSame(variance!(data, { ddof: 2, count: 2 }), NaN, 'count 2');
    assertSame(variance!(data.subarray(0, 0)), NaN, 'empty');
  });

  it('is a number of elements', () => {
    for (const ddof of ['1', 1n, null, true]) throwsCode('ERR_INVALID_ARG_TYPE', () => variance!(data, { ddof }));
    for (const ddof of [-1, 0.5, NaN, Infinity]) throwsCode('ERR_OUT_OF_RANGE', () => std!(data, { ddof }));
  });
});
