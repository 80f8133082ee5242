// The reductions as a table for tests: the functions, data for every element type, and how their outcomes are compared.
import assert from 'node:assert/strict';

import * as simdArena from 'simd-arena';
import type { ElementType, ReductionOp } from 'simd-arena';

import { decode, type ElementKind } from './element-types';
import { throwsCode } from './errors';
import { assertSame, atOffset, randomWords } from './numbers';
import { referenceReduce, type Outcome } from './reference-reductions';

/** A generic reduction, as JavaScript calls it. */
export type AnyReduction = (data: unknown, type?: unknown, options?: unknown) => unknown;

const { sum, mean, min, max, minmax, argmin, argmax, all, any, countNonzero, norm, variance, std } = simdArena;

/** The generic functions of one input. */
export const genericReductions = Object.entries({
  sum,
  mean,
  min,
  max,
  minmax,
  argmin,
  argmax,
  all,
  any,
  countNonzero,
  norm,
  variance,
  std,
}) as [ReductionOp, AnyReduction][];

/** Their names. */
export const unaryOps: readonly ReductionOp[] = genericReductions.map(([op]) => op);

/** A short form, as JavaScript calls it. */
export interface TypedReduction {
  readonly name: string;
  readonly op: ReductionOp | 'dot';
  readonly type: ElementType;
  readonly reduce: (data: unknown, other?: unknown) => unknown;
}

/** Every short form that the package exports. */
export const typedReductions: readonly TypedReduction[] = Object.entries(simdArena).flatMap(([name, reduce]) => {
  const [, op, type] = /^([a-zA-Z]+?)(F32|F64|I32|U8|Bool)$/.exec(name) ?? [];
  if (type === undefined || ![...unaryOps, 'dot'].includes(op!)) return [];
  return [{ name, op, type: type.toLowerCase(), reduce } as TypedReduction];
});

/** Random bits: of floats, NaN and infinities are among them. */
export function randomBytes(length: number, seed = length): Uint8Array {
  const next = randomWords(seed);
  return Uint8Array.from({ length }, () => next() >>> 11);
}

/** Random elements; floats are finite, of either sign, and not far from 1. */
export function randomElements({ type, bytes }: ElementKind, length: number, seed = length): Uint8Array {
  const data = randomBytes(length * bytes, seed);
  const view = new DataView(data.buffer);
  const next = randomWords(seed);
  const value = (): number => (next() / 2 ** 32 - 0.5) * 2 ** (next() % 8);
  for (let at = 0; at < data.length; at += bytes) {
    if (type === 'f64') view.setFloat64(at, value(), true);
    if (type === 'f32') view.setFloat32(at, value(), true);
    if (type === 'f16') view.setUint16(at, view.getUint16(at) & 0xbfff, true);
    if (type === 'bf16') view.setUint16(at, (view.getUint16(at) & 0x83ff) | 0x3c00, true);
  }
  return data;
}

/** The same bytes at an odd offset, which no short form and no aligned access takes. */
export function oddly(data: Uint8Array): Buffer {
  return atOffset(data, 13);
}

const isVariance = (op: ReductionOp): boolean => op === 'variance' || op === 'std';

/** Asserts that `run` returns `expected`, or throws the error that it names. */
export function assertOutcome(run: () => unknown, expected: Outcome, what: string): void {
  if (typeof expected === 'string') {
    throwsCode(expected, run);
  } else if (typeof expected === 'object') {
    const actual = run() as { min: unknown; max: unknown };
    assert.deepEqual(Object.keys(actual), ['min', 'max'], what);
    assertSame(actual.min, expected.min, `${what}: min`);
    assertSame(actual.max, expected.max, `${what}: max`);
  } else {
    assertSame(run(), expected, what);
  }
}

/** Asserts that `run` gives what the reference gives for the elements that `bytes` spell. */
export function assertReduces(
  run: () => unknown,
  op: ReductionOp,
  kind: ElementKind,
  bytes: Uint8Array,
  what: string,
): void {
  const expected = referenceReduce(op, kind, decode(kind, bytes));
  if (!isVariance(op) || typeof expected !== 'number') return assertOutcome(run, expected, what);
  const actual = run() as number;
  const isClose = Object.is(actual, expected) || Math.abs(actual - expected) <= 1e-12 * expected;
  assert.ok(isClose, `${what}: ${actual} instead of ${expected}`);
}

/** What `run` returns, or the code of its error: to be compared with another outcome. */
export function outcomeOf(run: () => unknown): Outcome {
  try {
    return run() as Outcome;
  } catch (error) {
    const { code } = error as { code?: unknown };
    if (code === 'ERR_EMPTY_INPUT') return code;
    throw error;
  }
}
