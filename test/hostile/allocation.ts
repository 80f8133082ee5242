// What arenas, pools and allocators have in common: how memory is asked for, and what is waited for before it comes back.
import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';

import { withArena } from 'simd-arena';

import { parameter, type Outcome, type Parameter, type Row } from './outcome';
import { alignments, awaited, fail, failure, lengths, options, row, viewTypes, type Act } from './values';

/** Opens other scopes, which works anywhere. */
export const opensArenas: Act = {
  what: 'opens other arenas',
  act: () => withArena((arena) => arena.alloc(Uint8Array, 1000).fill(1).length),
  outcome: 'right',
};

/** The parameters of whatever allocates views. */
export function allocation(tooLong: Outcome, acts: readonly Act[], ...tooLongHere: number[]): Parameter[] {
  return [
    parameter('type', viewTypes),
    parameter('length', lengths(tooLong, ...tooLongHere)),
    parameter('options', options({ alignment: alignments }, { prefix: 'options.', acts })),
  ];
}

/** Asserts that a view is what was asked for: three floats, which are written to. */
export function checkFloats(view: unknown): void {
  assert.ok(view instanceof Float32Array && view.length === 3);
  assert.deepEqual([...view.fill(1.5)], [1.5, 1.5, 1.5]);
}

/** Asserts the same, and that they were zero. */
export function checkZeros(view: unknown): void {
  assert.deepEqual([...(view as Float32Array)], [0, 0, 0]);
  checkFloats(view);
}

/** Asks for three floats. */
export const threeFloats = (): unknown[] => [Float32Array, 3, {}];

/** What is waited for, when it has come already. */
export const closedStream = (): PassThrough => new PassThrough().destroy();

/** What a buffer may be held for. */
export const untils: readonly Row[] = [
  ...awaited('once'),
  row('a stream that throws', { once: fail }, { throws: failure }),
  row('a thenable that throws', { then: fail }, 'right'),
  row('a thenable that settles twice', { then: (done: () => void) => [done(), done()] }, 'right'),
];
