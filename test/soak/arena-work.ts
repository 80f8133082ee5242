// What scopes do with their arenas, whether they last for a turn or longer: allocate, mark, check.
import assert from 'node:assert/strict';

import type { Arena, ArenaOptions } from 'simd-arena';

import { viewKinds, type AnyView } from '../support/typed-arrays';
import { checkMarks, checkZeros, markView, type Marked } from './marks';
import type { Random } from './random';
import type { World } from './world';

const LABELS = 8;
const MEDIAN_BYTES = 400;
const MOST_BYTES = 2 ** 20;

/** A label, of which each needs another size. */
export function labelled(
  random: Random,
  options: Omit<ArenaOptions, 'label'> = {},
): ArenaOptions & { readonly label: string } {
  return { label: `soak ${random.below(LABELS)}`, ...options };
}

/** Bytes that a scope of this label asks for at once. */
export function sizeFor(label: string | undefined, random: Random): number {
  const rank = label === undefined ? 0 : Number(label.slice(-1));
  return random.size(MEDIAN_BYTES << rank, MOST_BYTES);
}

/** Allocates about `bytes` in one of many ways, and marks them; undefined where memory is scarce. */
export function allocateMarked(world: World, arena: Arena, bytes: number, random: Random): Marked | undefined {
  const { type, elementBytes } = random.pick(viewKinds);
  const length = Math.ceil(bytes / elementBytes);
  const options = random.oneIn(8) ? { alignment: 64 << random.below(7) } : undefined;
  const isZero = random.oneIn(4);
  const view = world.allocate(
    () => (isZero ? arena.alloc(type, length, options) : arena.allocUnsafe(type, length, options)) as AnyView,
  );
  if (view === undefined) return undefined;
  if (isZero) checkZeros(view);
  return markView(view, random.word());
}

/** Copies heap memory in and out again. */
export function copyThrough(world: World, arena: Arena, random: Random): void {
  const data = Float64Array.from({ length: random.below(50) }, () => random.fraction());
  const copy = world.allocate(() => arena.copyIn(data));
  if (copy !== undefined) assert.deepEqual(arena.copyOut(copy), data);
}

/** Allocates a few times. */
export function fillArena(world: World, arena: Arena, label: string | undefined, random: Random): Marked[] {
  const marked: Marked[] = [];
  for (let count = random.below(6); count >= 0; count--) {
    const one = allocateMarked(world, arena, sizeFor(label, random), random);
    if (one !== undefined) marked.push(one);
  }
  if (random.oneIn(4)) copyThrough(world, arena, random);
  return marked;
}

/** Asserts that all marks are there. */
export function checkAll(marked: readonly Marked[]): void {
  for (const one of marked) checkMarks(one);
}
