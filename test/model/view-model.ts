// What must be true of one view: while it is live nobody but its owner changes a byte of it; once it is cut it is empty.
import assert from 'node:assert/strict';

import type { ElementView } from 'simd-arena';

import { patternOf } from '../integration/support';

/** How much of each end of a long view is written and compared. */
const END_BYTES = 4096;

/** A view that was handed out. */
export interface ViewModel {
  /** Names the real view, and is the seed of its contents. */
  readonly id: number;
  readonly bytes: number;
  /** `live`: usable; `cut`: it has no memory any more; `stale`: its memory may be somebody else's. */
  state: 'live' | 'cut' | 'stale';
}

/** The bytes of `view` that are compared: its two ends; none if it has lost its memory. */
function endsOf({ buffer, byteOffset, byteLength }: ArrayBufferView): readonly Buffer[] {
  if (byteLength === 0) return [];
  const first = Math.min(byteLength, END_BYTES);
  const last = Math.min(byteLength - first, END_BYTES);
  return [Buffer.from(buffer, byteOffset, first), Buffer.from(buffer, byteOffset + byteLength - last, last)];
}

/** Writes what only `id` gives. */
export function writePattern(view: ArrayBufferView, id: number): void {
  for (const end of endsOf(view)) patternOf(end.length, id + 1).copy(end);
}

/** Asserts that `view` holds what {@link writePattern} wrote. */
export function assertPattern(view: ArrayBufferView, id: number, what: string): void {
  for (const end of endsOf(view)) assert.ok(end.equals(patternOf(end.length, id + 1)), `${what} ${id} was changed`);
}

/** Asserts that all bytes of `view` are `byte`, as far as it is looked at. */
export function assertFilled(view: ArrayBufferView, byte: number, what: string): void {
  for (const end of endsOf(view)) assert.ok(end.equals(Buffer.alloc(end.length, byte)), `${what}: not all ${byte}`);
}

/** Asserts what `model` says of `view`. */
export function checkView(model: ViewModel, view: ElementView): void {
  if (model.state === 'stale') return;
  assert.equal(view.byteLength, model.state === 'live' ? model.bytes : 0, `${model.state} view ${model.id}`);
  if (model.state === 'live') assertPattern(view, model.id, 'live view');
}
