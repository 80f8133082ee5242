// Reductions of a few elements, in JavaScript: up to 16 elements they take less time than a native call.
//
// They return the bits of the native kernels (native/kernels/README.md): for sums of floats the same tree of lanes.
import type { ElementType, ReduceOp } from './tables';

/** The longest input that is reduced here. */
export const MAX_SHORT_LENGTH = 16;

/** The elements of a short input: never longer than MAX_SHORT_LENGTH, never empty. */
type Elements = Float32Array | Int32Array | Uint8Array;

/** Reduces the `n` elements of `x`. */
export type ShortReduction = (x: Elements, n: number) => number | boolean;

/** Element `i`, or the -0 that pads the lanes: adding it changes nothing. */
function lane(x: Elements, n: number, i: number): number {
  return i < n ? x[i]! : -0;
}

/** Adds eight lanes, the upper half to the lower until one is left. */
function fold8(v0: number, v1: number, v2: number, v3: number, v4: number, v5: number, v6: number, v7: number): number {
  return v0 + v4 + (v2 + v6) + (v1 + v5 + (v3 + v7));
}

/** The sum of n <= 16 floats: element i is lane i, so that no lane has more than one; then the lanes are folded. */
function sumFloats(x: Elements, n: number): number {
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

/** The sum of n integers, which is exact in any order. */
function sumIntegers(x: Elements, n: number): number {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += x[i]!;
  return sum;
}

function countNonzero(x: Elements, n: number): number {
  let count = 0;
  for (let i = 0; i < n; i++) if (x[i] !== 0) count++;
  return count;
}

function all(x: Elements, n: number): boolean {
  for (let i = 0; i < n; i++) if (x[i] === 0) return false;
  return true;
}

function any(x: Elements, n: number): boolean {
  for (let i = 0; i < n; i++) if (x[i] !== 0) return true;
  return false;
}

/** Every reduction, by operation and element type. */
export const shortReductions: Readonly<Record<ReduceOp, Readonly<Record<ElementType, ShortReduction>>>> = {
  sum: { f32: sumFloats, i32: sumIntegers, u8: sumIntegers, bool: countNonzero },
  mean: {
    f32: (x, n) => sumFloats(x, n) / n,
    i32: (x, n) => sumIntegers(x, n) / n,
    u8: (x, n) => sumIntegers(x, n) / n,
    bool: (x, n) => countNonzero(x, n) / n,
  },
  all: { f32: all, i32: all, u8: all, bool: all },
  any: { f32: any, i32: any, u8: any, bool: any },
};
