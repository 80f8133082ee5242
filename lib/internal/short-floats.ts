// Reductions of a few floats, in JavaScript, with the bits of the native kernels: native/kernels/README.md.
//
// They take less time than a native call up to MAX_SHORT_LENGTH elements. Apart from those of integers, because V8 knows
// an access to an element well only where it has met no more than four kinds of arrays.
import type { MinMax } from '../reduction-types';

/** The elements of a short input: never longer than MAX_SHORT_LENGTH, never empty. */
export type Floats = Float32Array | Float64Array;

/** Element `i`, or the -0 that pads the lanes: adding it changes nothing. */
function lane(x: Floats, n: number, i: number): number {
  return i < n ? x[i]! : -0;
}

/** Adds eight lanes, the upper half to the lower until one is left. */
function fold8(v0: number, v1: number, v2: number, v3: number, v4: number, v5: number, v6: number, v7: number): number {
  return v0 + v4 + (v2 + v6) + (v1 + v5 + (v3 + v7));
}

/** SumF32 of n <= 16 elements: element i is lane i, so that no lane has more than one; then the lanes are folded. */
export function sumF32(x: Floats, n: number): number {
  if (n <= 8) {
    return fold8(
      lane(x, n, 0),
      lane(x, n, 1),
      lane(x, n, 2),
      lane(x, n, 3),
      lane(x, n, 4),
      lane(x, n, 5),
      lane(x, n, 6),
      lane(x, n, 7),
    );
  }
  return fold8(
    x[0]! + lane(x, n, 8),
    x[1]! + lane(x, n, 9),
    x[2]! + lane(x, n, 10),
    x[3]! + lane(x, n, 11),
    x[4]! + lane(x, n, 12),
    x[5]! + lane(x, n, 13),
    x[6]! + lane(x, n, 14),
    x[7]! + lane(x, n, 15),
  );
}

/**
 * SumF64 of n <= 16 elements: a block with two rows of eight lanes, which are added with a compensation. The sum of a
 * lane is a single addition, so that the lane itself has lost nothing that SumF64 would know of.
 */
export function sumF64(x: Floats, n: number): number {
  let sum = x[0]! + lane(x, n, 8);
  let lost = 0;
  for (let l = 1; l < 8; l++) {
    const value = lane(x, n, l) + lane(x, n, l + 8);
    const next = sum + value;
    const back = next - sum;
    lost += sum - (next - back) + (value - back);
    sum = next;
  }
  return lost === 0 || !Number.isFinite(sum + lost) ? sum : sum + lost;
}

/** Room for the products of a short input. */
const products = new Float64Array(16);

/** The dot product of n <= 16 elements of f32: their products, which are exact in float64, in the structure of SumF32. */
export function dotF32(a: Floats, b: Floats, n: number): number {
  for (let i = 0; i < n; i++) products[i] = a[i]! * b[i]!;
  return sumF32(products, n);
}

/** The Euclidean norm of n <= 16 elements of f32. */
export function normF32(x: Floats, n: number): number {
  return Math.sqrt(dotF32(x, x, n));
}

/** The least element: NaN if there is one; -0 is less than 0. */
export function min(x: Floats, n: number): number {
  let least = x[0]!;
  for (let i = 1; i < n; i++) least = Math.min(least, x[i]!);
  return least;
}

/** The greatest element: NaN if there is one; 0 is greater than -0. */
export function max(x: Floats, n: number): number {
  let greatest = x[0]!;
  for (let i = 1; i < n; i++) greatest = Math.max(greatest, x[i]!);
  return greatest;
}

/** The least and the greatest element. */
export function minmax(x: Floats, n: number): MinMax {
  return { min: min(x, n), max: max(x, n) };
}

/**
 * The first index of `value`, which is an element; NaN is the same as NaN, -0 is not the same as 0. The last index where
 * it is none any more, because another thread has overwritten it.
 */
function indexOf(x: Floats, n: number, value: number): number {
  let i = 0;
  while (i < n - 1 && !Object.is(x[i], value)) i++;
  return i;
}

/** The first index of the least element. */
export function argmin(x: Floats, n: number): number {
  return indexOf(x, n, min(x, n));
}

/** The first index of the greatest element. */
export function argmax(x: Floats, n: number): number {
  return indexOf(x, n, max(x, n));
}

/** How many elements are not 0; NaN is not. */
export function countNonzero(x: Floats, n: number): number {
  let count = 0;
  for (let i = 0; i < n; i++) if (x[i] !== 0) count++;
  return count;
}

/** Whether no element is 0. */
export function all(x: Floats, n: number): boolean {
  for (let i = 0; i < n; i++) if (x[i] === 0) return false;
  return true;
}

/** Whether some element is not 0. */
export function any(x: Floats, n: number): boolean {
  for (let i = 0; i < n; i++) if (x[i] !== 0) return true;
  return false;
}
