// The reductions that are done in JavaScript while the input is short, by operation and element type; what is not here
// always is a native call.
import type { MinMax } from '../reduction-types';
import * as floats from './short-floats';
import * as integers from './short-integers';
import type { ElementType, ReduceOp } from './tables';

/** The longest input that is reduced here: 16 elements took 5 to 45 ns, and twice as long or more in a native call. */
export const MAX_SHORT_LENGTH = 16;

/** Reduces the `n` elements of `x`: 1 to MAX_SHORT_LENGTH, of the type that the table says. */
export type ShortReduction = (x: never, n: number) => number | boolean | MinMax;

/** Multiplies the `n` elements of `a` and `b`. */
export type ShortDot = (a: never, b: never, n: number) => number;

type Row = Readonly<Partial<Record<ElementType, ShortReduction>>>;

/** The functions, by operation and element type. */
export const shortReductions: Readonly<Partial<Record<Exclude<ReduceOp, 'dot'>, Row>>> = {
  sum: { f32: floats.sumF32, f64: floats.sumF64, i32: integers.sum, u8: integers.sum, bool: integers.countNonzero },
  mean: {
    f32: (x, n) => floats.sumF32(x, n) / n,
    f64: (x, n) => floats.sumF64(x, n) / n,
    i32: (x, n) => integers.sum(x, n) / n,
    u8: (x, n) => integers.sum(x, n) / n,
    bool: (x, n) => integers.countNonzero(x, n) / n,
  },
  min: { f32: floats.min, f64: floats.min, i32: integers.min, u8: integers.min },
  max: { f32: floats.max, f64: floats.max, i32: integers.max, u8: integers.max },
  minmax: { f32: floats.minmax, f64: floats.minmax, i32: integers.minmax, u8: integers.minmax },
  argmin: { f32: floats.argmin, f64: floats.argmin, i32: integers.argmin, u8: integers.argmin },
  argmax: { f32: floats.argmax, f64: floats.argmax, i32: integers.argmax, u8: integers.argmax },
  all: { f32: floats.all, f64: floats.all, i32: integers.all, u8: integers.all, bool: integers.all },
  any: { f32: floats.any, f64: floats.any, i32: integers.any, u8: integers.any, bool: integers.any },
  countNonzero: {
    f32: floats.countNonzero,
    f64: floats.countNonzero,
    i32: integers.countNonzero,
    u8: integers.countNonzero,
    bool: integers.countNonzero,
  },
  norm: { f32: floats.normF32 },
};

/** The dot products, by element type. */
export const shortDots: Readonly<Partial<Record<ElementType, ShortDot>>> = { f32: floats.dotF32 };
