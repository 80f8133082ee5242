import assert from 'node:assert/strict';

import {
  allBool,
  allF32,
  allI32,
  allU8,
  anyBool,
  anyF32,
  anyI32,
  anyU8,
  meanF32,
  meanI32,
  meanU8,
  sumF32,
  sumI32,
  sumU8,
  type RawBytes,
} from 'simd-arena';

import { assertSame, atOffset, randomFloats, randomWords } from '../support/numbers';
import { CHUNK_LENGTH, referenceSumF32, referenceSumIntegers } from '../support/reference-sum';

/** Every way to hand bytes to a reduction. */
function rawForms(bytes: Uint8Array): RawBytes[] {
  const copy = new Uint8Array(bytes);
  const shared = new SharedArrayBuffer(bytes.length);
  new Uint8Array(shared).set(bytes);
  return [
    copy,
    new Uint8ClampedArray(copy),
    Buffer.from(copy),
    new DataView(copy.buffer),
    copy.buffer,
    shared,
    new Uint8Array(shared),
  ];
}

/** Every length up to 300, and around the ends of chunks. */
const lengths = [
  ...Array.from({ length: 301 }, (_, length) => length),
  ...[1, 2, 3].flatMap((chunks) => [-33, -1, 0, 1, 31, 32, 33].map((more) => chunks * CHUNK_LENGTH + more)),
];

describe('sumF32', () => {
  it('gives the bits of the specification for every length', () => {
    for (const length of lengths) {
      const data = randomFloats(length);
      assertSame(sumF32(data), referenceSumF32(data), `length ${length}`);
    }
  });

  it('gives the same bits for bytes at every offset', () => {
    for (const length of [1, 2, 15, 16, 17, 33, 64, 300, CHUNK_LENGTH + 5]) {
      const data = randomFloats(length, 7);
      const expected = referenceSumF32(data);
      for (let offset = 0; offset < 64; offset++) {
        assertSame(sumF32(atOffset(data, offset)), expected, `length ${length}, offset ${offset}`);
      }
    }
  });

  it('gives the same bits on the short path and the native one', () => {
    for (let length = 0; length <= 64; length++) {
      const data = randomFloats(length, 100 + length);
      const bytes = new Uint8Array(data.buffer);
      // Bytes always take the native path, arrays up to some length the short one.
      assertSame(sumF32(data), sumF32(bytes), `length ${length}`);
      assertSame(meanF32(data), meanF32(bytes), `mean of length ${length}`);
    }
  });

  it('gives the same bits for every kind of bytes', () => {
    const data = randomFloats(1000);
    for (const raw of rawForms(new Uint8Array(data.buffer))) {
      assertSame(sumF32(raw), referenceSumF32(data), raw.constructor.name);
    }
  });

  it('compensates between chunks', () => {
    const data = new Float32Array(3 * CHUNK_LENGTH);
    data[0] = 2 ** 100;
    data[CHUNK_LENGTH] = 1;
    data[2 * CHUNK_LENGTH] = -(2 ** 100);
    assertSame(sumF32(data), 1, 'sum');
  });

  it('keeps the sign of zero, NaN and infinities', () => {
    const cases: [number[], number][] = [
      [[], 0],
      [[-0], -0],
      [[-0, -0, -0], -0],
      [[-0, 0], 0],
      [[1, -1], 0],
      [[NaN], NaN],
      [[1, NaN, 2], NaN],
      [[Infinity, 1], Infinity],
      [[-Infinity, 1], -Infinity],
      [[Infinity, -Infinity], NaN],
      [[Infinity, NaN], NaN],
    ];
    for (const [values, expected] of cases) {
      for (const padding of [0, 40, CHUNK_LENGTH, 2 * CHUNK_LENGTH]) {
        // -0 is what adding changes nothing.
        const data = new Float32Array(values.length === 0 ? 0 : values.length + padding).fill(-0);
        data.set(values, 0);
        assertSame(sumF32(data), expected, `[${values.join()}] and ${padding} times -0`);
        assertSame(sumF32(new Uint8Array(data.buffer)), expected, `bytes of [${values.join()}]`);
      }
    }
  });

  it('gives infinity, not NaN, where infinities of one sign lie in several chunks', () => {
    const data = new Float32Array(3 * CHUNK_LENGTH).fill(1e30);
    data[5] = Infinity;
    data[2 * CHUNK_LENGTH + 5] = Infinity;
    assertSame(sumF32(data), Infinity, 'sum');
  });
});

describe('sumI32 and sumU8', () => {
  it('are exact for every length', () => {
    for (const length of lengths) {
      const next = randomWords(length + 1);
      const words = Int32Array.from({ length }, () => next() | 0);
      const bytes = Uint8Array.from({ length }, () => next());
      assertSame(sumI32(words), referenceSumIntegers(words), `i32, length ${length}`);
      assertSame(sumU8(bytes), referenceSumIntegers(bytes), `u8, length ${length}`);
      assertSame(meanI32(words), referenceSumIntegers(words) / length, `mean of i32, length ${length}`);
      assertSame(meanU8(bytes), referenceSumIntegers(bytes) / length, `mean of u8, length ${length}`);
    }
  });

  it('are exact for bytes at every offset', () => {
    const next = randomWords(3);
    const words = Int32Array.from({ length: 301 }, () => next() | 0);
    for (let offset = 0; offset < 64; offset++) {
      const bytes = atOffset(words, offset);
      assertSame(sumI32(bytes), referenceSumIntegers(words), `i32, offset ${offset}`);
      assertSame(sumU8(bytes), referenceSumIntegers(bytes), `u8, offset ${offset}`);
    }
  });

  it('hold the extremes of their types', () => {
    for (const length of [1, 16, 17, 300, 100_000]) {
      for (const value of [-(2 ** 31), 2 ** 31 - 1]) {
        assertSame(sumI32(new Int32Array(length).fill(value)), value * length, `${length} times ${value}`);
      }
      assertSame(sumU8(new Uint8Array(length).fill(255)), 255 * length, `${length} times 255`);
    }
  });

  it('round once, to the nearest double, past 2 ** 53', () => {
    const data = new Int32Array(2 ** 22 + 3).fill(-(2 ** 31));
    for (const tail of [
      [-1, 0, 0],
      [-1, -1, -1],
      [-2, -1, 0],
      [-(2 ** 31), 1, 0],
      [-(2 ** 31), 3, 0],
    ]) {
      data.set(tail, 2 ** 22);
      const exact = -(2n ** 53n) + tail.reduce((total, value) => total + BigInt(value), 0n);
      assertSame(sumI32(data), Number(exact), `tail ${tail.join()}`);
    }
  });

  it('give +0 for no elements, and NaN for their mean', () => {
    assertSame(sumI32(new Int32Array(0)), 0, 'i32');
    assertSame(sumU8(Buffer.alloc(0)), 0, 'u8');
    for (const result of [meanF32, meanI32, meanU8].map((f) => f(new Uint8Array(0)))) assertSame(result, NaN, 'mean');
  });
});

describe('all and any', () => {
  const empty = new Uint8Array(0);

  it('are true and false for no elements', () => {
    for (const allOf of [allF32, allI32, allU8, allBool]) assert.equal(allOf(empty), true);
    for (const anyOf of [anyF32, anyI32, anyU8, anyBool]) assert.equal(anyOf(empty), false);
  });

  it('find a single different element wherever it is', () => {
    for (const length of [1, 2, 15, 16, 17, 31, 33, 64, 65, 300, 5000]) {
      const positions = new Set([0, 1, length >> 1, length - 2, length - 1]);
      for (const position of positions) {
        if (position < 0 || position >= length) continue;
        const what = `length ${length}, element ${position}`;
        const zeros = { f32: new Float32Array(length), i32: new Int32Array(length), u8: new Uint8Array(length) };
        assert.deepEqual(
          [anyF32(zeros.f32), anyI32(zeros.i32), anyU8(zeros.u8), anyBool(zeros.u8)],
          Array(4).fill(false),
        );
        for (const zero of Object.values(zeros)) zero[position] = 1;
        assert.deepEqual([anyF32(zeros.f32), anyI32(zeros.i32), anyU8(zeros.u8)], [true, true, true], what);
        assert.equal(anyBool(zeros.u8), true, what);

        const ones = { f32: zeros.f32.fill(2), i32: zeros.i32.fill(-1), u8: zeros.u8.fill(255) };
        assert.deepEqual([allF32(ones.f32), allI32(ones.i32), allU8(ones.u8), allBool(ones.u8)], Array(4).fill(true));
        for (const one of Object.values(ones)) one[position] = 0;
        assert.deepEqual([allF32(ones.f32), allI32(ones.i32), allU8(ones.u8)], [false, false, false], what);
        assert.equal(allBool(ones.u8), false, what);
      }
    }
  });

  it('see elements at every offset of bytes', () => {
    const data = new Int32Array(70);
    data[69] = 1;
    for (let offset = 0; offset < 64; offset++) {
      const bytes = atOffset(data, offset);
      assert.equal(anyI32(bytes), true);
      assert.equal(allI32(bytes), false);
      assert.equal(anyF32(bytes), true);
      assert.equal(anyI32(bytes.subarray(0, 69 * 4)), false);
    }
  });

  it('take NaN as true and -0 as false', () => {
    for (const length of [1, 16, 17, 100]) {
      assert.equal(allF32(new Float32Array(length).fill(NaN)), true);
      assert.equal(anyF32(new Float32Array(length).fill(-0)), false);
      assert.equal(allF32(new Uint8Array(new Float32Array(length).fill(-0).buffer)), false);
    }
  });
});
