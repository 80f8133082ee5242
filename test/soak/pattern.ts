// Bodies whose every byte follows from a seed and its place: they can be compared piece by piece, without a copy.
import assert from 'node:assert/strict';

function byteAt(seed: number, index: number): number {
  return Math.imul(index ^ seed, 0x9e3779b1) >>> 24;
}

/** Fills `bytes` with the pattern of `seed`. */
export function fillPattern(bytes: Uint8Array, seed: number): void {
  for (let index = 0; index < bytes.length; index++) bytes[index] = byteAt(seed, index);
}

/** Asserts that `piece` is what the pattern of `seed` has from `start` on. */
export function checkPattern(piece: Uint8Array, seed: number, start: number, what: string): void {
  for (let index = 0; index < piece.length; index++) {
    if (piece[index] !== byteAt(seed, start + index)) assert.fail(`${what}: a foreign byte at ${start + index}`);
  }
}
