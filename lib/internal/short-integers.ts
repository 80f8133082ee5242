// Reductions of a few integers, in JavaScript, where they take less time than a native call. All of them are exact.
import type { MinMax } from '../reduction-types';

/** The elements of a short input: never longer than MAX_SHORT_LENGTH, never empty. */
export type Integers = Int32Array | Uint8Array;

/** The sum of n integers, which is exact in any order. */
export function sum(x: Integers, n: number): number {
  let total = 0;
  for (let i = 0; i < n; i++) total += x[i]!;
  return total;
}

/** The first index of the least element. */
export function argmin(x: Integers, n: number): number {
  let index = 0;
  for (let i = 1; i < n; i++) if (x[i]! < x[index]!) index = i;
  return index;
}

/** The first index of the greatest element. */
export function argmax(x: Integers, n: number): number {
  let index = 0;
  for (let i = 1; i < n; i++) if (x[i]! > x[index]!) index = i;
  return index;
}

/** The least element. */
export function min(x: Integers, n: number): number {
  return x[argmin(x, n)]!;
}

/** The greatest element. */
export function max(x: Integers, n: number): number {
  return x[argmax(x, n)]!;
}

/** The least and the greatest element. */
export function minmax(x: Integers, n: number): MinMax {
  return { min: min(x, n), max: max(x, n) };
}

/** How many elements are not 0. */
export function countNonzero(x: Integers, n: number): number {
  let count = 0;
  for (let i = 0; i < n; i++) if (x[i] !== 0) count++;
  return count;
}

/** Whether no element is 0. */
export function all(x: Integers, n: number): boolean {
  for (let i = 0; i < n; i++) if (x[i] === 0) return false;
  return true;
}

/** Whether some element is not 0. */
export function any(x: Integers, n: number): boolean {
  for (let i = 0; i < n; i++) if (x[i] !== 0) return true;
  return false;
}
