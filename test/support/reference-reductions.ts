// What every operation returns, written down as plainly as it can be: for floats the bits of the specification, for
// integers the exact result. Only the variance is not the same to the bit: it is close.
import type { ReductionOp } from 'simd-arena';

import type { ElementKind } from './element-types';
import { referenceSumF32, referenceSumF64 } from './reference-sum';

type Element = number | bigint;

/** What a reduction returns, or the code of its error. */
export type Outcome = number | bigint | boolean | { readonly min: Element; readonly max: Element } | 'ERR_EMPTY_INPUT';

/** The exact sum of integers, as bigints have it. */
const exactSum = (x: readonly Element[]): bigint => x.reduce<bigint>((total, value) => total + BigInt(value), 0n);

/** The sum of floats in the structure of their type. */
function floatSum({ type }: ElementKind, x: readonly number[]): number {
  return type === 'f64' ? referenceSumF64(x) : referenceSumF32(x);
}

function sumOf(kind: ElementKind, x: readonly Element[]): Element {
  if (kind.isFloat) return floatSum(kind, x as number[]);
  return kind.isBigInt ? exactSum(x) : Number(exactSum(x));
}

/** The dot product. */
export function referenceDot(kind: ElementKind, a: readonly Element[], b: readonly Element[]): Element {
  if (kind.isFloat)
    return floatSum(
      kind,
      (a as number[]).map((value, index) => value * (b[index] as number)),
    );
  const exact = exactSum(a.map((value, index) => BigInt(value) * BigInt(b[index]!)));
  return kind.isBigInt ? exact : Number(exact);
}

function normOf(kind: ElementKind, x: readonly Element[]): number {
  const plain = Number(referenceDot(kind, x, x));
  if (kind.type !== 'f64' || x.length === 0 || (plain < Infinity && plain >= 2 ** -960)) return Math.sqrt(plain);
  // Scaled by a power of two, so that the squares neither over- nor underflow.
  const scale = plain < 1 ? 2 ** 600 : 2 ** -600;
  const scaled = (x as number[]).map((value) => value * scale);
  return Math.sqrt(Number(referenceDot(kind, scaled, scaled))) / scale;
}

function varianceOf(kind: ElementKind, x: readonly Element[]): number {
  const mean = Number(sumOf(kind, x)) / x.length;
  return referenceSumF64(x.map((value) => (Number(value) - mean) ** 2)) / x.length;
}

/** Whether `a` comes before `b`: NaN before everything, -0 before 0. */
function isLess(a: Element, b: Element): boolean {
  if (Number.isNaN(b)) return false;
  return Number.isNaN(a) || a < b || (Object.is(a, -0) && Object.is(b, 0));
}

function argminOf(x: readonly Element[]): number {
  return x.reduce<number>((least, value, index) => (isLess(value, x[least]!) ? index : least), 0);
}

function argmaxOf(x: readonly Element[]): number {
  const isGreater = (a: Element, b: Element): boolean => !Number.isNaN(b) && (Number.isNaN(a) || isLess(b, a));
  return x.reduce<number>((greatest, value, index) => (isGreater(value, x[greatest]!) ? index : greatest), 0);
}

const needElements: readonly ReductionOp[] = ['min', 'max', 'minmax', 'argmin', 'argmax'];

/** The outcome of an operation on elements. */
export function referenceReduce(op: ReductionOp, kind: ElementKind, x: readonly Element[]): Outcome {
  if (x.length === 0 && needElements.includes(op)) return 'ERR_EMPTY_INPUT';
  const nonzero = x.filter((value) => Number(value) !== 0).length;
  const outcomes: Record<ReductionOp, () => Outcome> = {
    sum: () => sumOf(kind, x),
    mean: () => Number(sumOf(kind, x)) / x.length,
    min: () => x[argminOf(x)]!,
    max: () => x[argmaxOf(x)]!,
    minmax: () => ({ min: x[argminOf(x)]!, max: x[argmaxOf(x)]! }),
    argmin: () => argminOf(x),
    argmax: () => argmaxOf(x),
    all: () => nonzero === x.length,
    any: () => nonzero > 0,
    countNonzero: () => nonzero,
    norm: () => normOf(kind, x),
    variance: () => varianceOf(kind, x),
    std: () => Math.sqrt(varianceOf(kind, x)),
  };
  return outcomes[op]();
}
