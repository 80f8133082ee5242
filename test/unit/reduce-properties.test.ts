import fc from 'fast-check';

import { all, any, mean, sum, sumF32, sumI32, sumU8, withArena } from 'simd-arena';

import { assertSame, atOffset } from '../support/numbers';
import { CHUNK_LENGTH, referenceSumF32, referenceSumIntegers } from '../support/reference-sum';

const floats = fc.float32Array({ maxLength: 400 });
const words = fc.int32Array({ maxLength: 400 });
const bytes = fc.uint8Array({ maxLength: 400 });
const offset = fc.nat(63);

describe('properties of reductions', () => {
  it('sums of integers are exact, at any offset', () => {
    fc.assert(
      fc.property(words, bytes, offset, (i32, u8, at) => {
        assertSame(sumI32(i32), referenceSumIntegers(i32), 'i32');
        assertSame(sumI32(atOffset(i32, at)), referenceSumIntegers(i32), 'bytes of i32');
        assertSame(sumU8(u8), referenceSumIntegers(u8), 'u8');
        assertSame(sumU8(atOffset(u8, at)), referenceSumIntegers(u8), 'Buffer of u8');
      }),
    );
  });

  it('sums of floats have the bits of the specification, NaN and infinities included', () => {
    fc.assert(
      fc.property(floats, offset, (f32, at) => {
        assertSame(sumF32(f32), referenceSumF32(f32), 'f32');
        assertSame(sumF32(atOffset(f32, at)), referenceSumF32(f32), 'bytes of f32');
      }),
    );
  });

  it('sums of many chunks have the bits of the specification', () => {
    fc.assert(
      fc.property(floats, fc.integer({ min: CHUNK_LENGTH - 40, max: 3 * CHUNK_LENGTH }), (f32, length) => {
        const data = Float32Array.from({ length }, (_, index) => f32[index % f32.length] ?? index);
        assertSame(sumF32(data), referenceSumF32(data), `length ${length}`);
      }),
      { numRuns: 30 },
    );
  });

  it('integers may come in any order', () => {
    fc.assert(
      fc.property(words, (i32) => {
        const expected = sum(i32);
        assertSame(sum(Int32Array.from(i32).sort()), expected, 'sorted');
        assertSame(sum(Int32Array.from(i32).reverse()), expected, 'reversed');
      }),
    );
  });

  it('a sum is the same in an arena as on the heap', () => {
    fc.assert(
      fc.property(floats, (f32) => {
        assertSame(
          withArena((arena) => sum(arena.copyIn(f32))),
          sum(f32),
          'sum',
        );
      }),
    );
  });

  it('the mean is the sum by the number of elements', () => {
    fc.assert(
      fc.property(floats, words, (f32, i32) => {
        assertSame(mean(f32), f32.length === 0 ? NaN : sum(f32) / f32.length, 'f32');
        assertSame(mean(i32), i32.length === 0 ? NaN : sum(i32) / i32.length, 'i32');
      }),
    );
  });

  it('all and any agree with every and some', () => {
    const sparseBytes = fc.array(fc.constantFrom(0, 0, 0, 1, 255), { maxLength: 200 });
    fc.assert(
      fc.property(sparseBytes, floats, (values, f32) => {
        const mask = Uint8Array.from(values);
        const inverted = mask.map((value) => (value === 0 ? 1 : 0));
        assertSame(
          any(mask, 'bool'),
          mask.some((value) => value !== 0),
          'any',
        );
        assertSame(
          all(inverted, 'bool'),
          inverted.every((value) => value !== 0),
          'all',
        );
        assertSame(
          any(f32),
          f32.some((value) => value !== 0),
          'any of f32',
        );
        assertSame(
          all(f32),
          f32.every((value) => value !== 0),
          'all of f32',
        );
      }),
    );
  });
});
