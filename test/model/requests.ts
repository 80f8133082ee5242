// What steps ask for, and what they do with what they get.
import assert from 'node:assert/strict';

import fc from 'fast-check';

import type { ElementView, SimdArenaError, ViewConstructor } from 'simd-arena';

import type { Model } from './model';
import type { Real } from './real';
import { writePattern, type ViewModel } from './view-model';

/** The types of views. */
const types: readonly (ViewConstructor & { readonly BYTES_PER_ELEMENT?: number })[] = [
  Uint8Array,
  Uint16Array,
  Float32Array,
  BigInt64Array,
  Buffer,
];

/** How many elements of which type. */
export interface Elements {
  readonly type: ViewConstructor;
  readonly length: number;
  readonly bytes: number;
}

/** As many elements of a type as fit `bytes`. */
export function elementsOf(bytes: number, which: number): Elements {
  const type = types[which % types.length]!;
  const { BYTES_PER_ELEMENT: elementBytes = 1 } = type;
  const length = Math.floor(bytes / elementBytes);
  return { type, length, bytes: length * elementBytes };
}

/** Any natural number, to {@link pick} with. */
export const which: fc.Arbitrary<number> = fc.nat(1000);

/** Sizes in bytes: mostly small, around the limits of size classes and chunks, now and then large. */
export const sizes: fc.Arbitrary<number> = fc.oneof(
  { weight: 6, arbitrary: fc.nat(300) },
  { weight: 3, arbitrary: fc.tuple(fc.integer({ min: 6, max: 17 }), fc.constantFrom(-1, 0, 1)).map(nearPower) },
  { weight: 2, arbitrary: fc.integer({ min: 301, max: 2 ** 18 }) },
);

/** {@link sizes}, and rarely more than any size class holds. */
export const poolSizes: fc.Arbitrary<number> = fc.oneof(
  { weight: 60, arbitrary: sizes },
  { weight: 1, arbitrary: fc.constant(2 ** 27 + 1) },
);

function nearPower([exponent, difference]: [number, number]): number {
  return 2 ** exponent + difference;
}

/** Mostly none. */
export const alignments: fc.Arbitrary<number | undefined> = fc.option(fc.constantFrom(1, 64, 128, 4096), {
  nil: undefined,
  freq: 8,
});

/** What `run` returns, or the code of the error that it throws. */
export function attempt<T>(run: () => T): { readonly value: T } | { readonly code: string } {
  try {
    return { value: run() };
  } catch (error) {
    assert.ok(error instanceof Error);
    const { code = error.stack } = error as Partial<SimdArenaError>;
    return { code: String(code) };
  }
}

/**
 * Where the budget was exhausted, the package has given the idle memory of all pools back, if that helped or not: as it
 * has with one, it must have with all.
 */
export function adoptTrim(model: Model, real: Real): void {
  if (!model.limited) return;
  const trimmed = real.pools.some((pool, index) => pool.stats().pooledBuffers < model.pools[index]!.idle.length);
  if (trimmed) for (const pool of model.pools) pool.trim(0);
}

/** Keeps a new view, and makes its contents unique. */
export function keepView(model: Model, real: Real, id: number, expected: ViewModel, view: ElementView): void {
  assert.equal(view.byteLength, expected.bytes, 'the size that was asked for');
  writePattern(view, id);
  model.views.set(id, expected as never);
  real.views.set(id, view);
}
