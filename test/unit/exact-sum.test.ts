import fc from 'fast-check';

import { sumExactF32, sumExactF64 } from 'simd-arena';

import { exactSum } from '../support/exact-oracle';
import { assertSame, atOffset, randomFloats, randomWords } from '../support/numbers';

const offset = fc.nat(63);

/** Doubles of all magnitudes, where every second one nearly cancels the one before. */
function cancellingDoubles(length: number): Float64Array {
  const next = randomWords(length);
  const x = new Float64Array(length);
  for (let i = 0; i < length; i++) {
    const random = (next() / 2 ** 32 - 0.5) * 2 ** ((next() % 1800) - 900);
    x[i] = i % 2 === 0 ? random : -x[i - 1]! * (1 + next() * 2 ** -80);
  }
  return x;
}

describe('sumExactF64', () => {
  const cases: readonly (readonly [what: string, x: readonly number[], expected: number])[] = [
    ['nothing', [], 0],
    ['-0', [-0, -0], -0],
    ['both zeros', [-0, 0], 0],
    ['what cancels', [-0, 0.1, -0.1], 0],
    ['an overflow on the way', [1e308, 1e308, -1e308], 1e308],
    ['an overflow at the end', [Number.MAX_VALUE, 2 ** 970], Infinity],
    ['less than half a unit above the largest', [Number.MAX_VALUE, 2 ** 970, -Number.MIN_VALUE], Number.MAX_VALUE],
    ['a tie, to even', [1, 2 ** -53], 1],
    ['a tie, to even, up', [1, 2 ** -52, 2 ** -53], 1 + 2 ** -51],
    ['a tie with a bit below it', [1, 2 ** -53, Number.MIN_VALUE], 1 + 2 ** -52],
    ['a tie with less than nothing below it', [-1, -(2 ** -53), Number.MIN_VALUE], -1],
    ['a massive cancellation', [2 ** 1023, 1, Number.MIN_VALUE, -(2 ** 1023), -1], Number.MIN_VALUE],
    ['a subnormal difference', [2 ** -1022, -Number.MIN_VALUE], 2 ** -1022 - Number.MIN_VALUE],
    ['an infinity', [1, Infinity, -Number.MAX_VALUE], Infinity],
    ['both infinities', [Infinity, -Infinity], NaN],
    ['NaN', [NaN, Infinity], NaN],
  ];

  for (const [what, x, expected] of cases) {
    it(`is right for ${what}`, () => {
      assertSame(sumExactF64(Float64Array.from(x)), expected, what);
      assertSame(sumExactF64(Float64Array.from(x).reverse()), expected, `${what}, reversed`);
      assertSame(exactSum(x), expected, 'the oracle');
    });
  }

  it('adds subnormals without loss', () => {
    assertSame(sumExactF64(new Float64Array(2 ** 20).fill(Number.MIN_VALUE)), 2 ** -1054, '2^20 times 2^-1074');
  });

  it('is the exact sum, rounded once, for any numbers at any offset', () => {
    fc.assert(
      fc.property(fc.float64Array({ maxLength: 200 }), offset, (x, at) => {
        assertSame(sumExactF64(x), exactSum(x), 'f64');
        assertSame(sumExactF64(atOffset(x, at)), exactSum(x), 'bytes of f64');
      }),
    );
  });

  it('is exact for long arrays, which are added by another path', () => {
    for (const length of [4095, 4096, 4097, 4098, 20_000]) {
      const x = cancellingDoubles(length);
      assertSame(sumExactF64(x), exactSum(x), `length ${length}`);
      assertSame(sumExactF64(atOffset(x, 3)), exactSum(x), `bytes of length ${length}`);
    }
  });

  it('is exact for more elements than a bucket counts', () => {
    const length = 2 ** 20 + 1001;
    assertSame(sumExactF64(new Float64Array(length).fill(3 - 2 ** -51)), length * 3 - length * 2 ** -51, 'sum');
  });
});

describe('sumExactF32', () => {
  it('is the exact sum, rounded once, for any numbers at any offset', () => {
    fc.assert(
      fc.property(fc.float32Array({ maxLength: 400 }), offset, (x, at) => {
        assertSame(sumExactF32(x), exactSum(x), 'f32');
        assertSame(sumExactF32(atOffset(x, at)), exactSum(x), 'bytes of f32');
      }),
    );
  });

  it('is exact for long arrays, which are added by another path', () => {
    for (const length of [255, 256, 257, 258, 20_000]) {
      const x = randomFloats(length);
      assertSame(sumExactF32(x), exactSum(x), `length ${length}`);
    }
  });

  it('keeps the sign of zero, infinities and NaN', () => {
    for (const x of [[], [-0, -0], [-0, 0], [-Infinity, 1], [Infinity, -Infinity], [NaN]]) {
      assertSame(sumExactF32(Float32Array.from(x)), exactSum(x), String(x));
    }
  });
});
