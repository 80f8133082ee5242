// Arenas and pools of the addon, without the package around them.
import assert from 'node:assert/strict';

import { native, type NativeArena, type NativePool } from '#internal/native';
import { PoolWord, SizeClass } from '#internal/tables';

/** Bytes of the smallest chunk. */
export const CHUNK = 2 ** 16;

/** Words of the state of an arena. */
export const ARENA_WORDS = 16;

/** Buffers that a bucket of {@link newPool} keeps. */
export const MAX_BUFFERS = 4;

/** Words of the state of {@link newPool}. */
export const POOL_WORDS: number = PoolWord.stacks + SizeClass.Count * MAX_BUFFERS;

/** The state of an arena without limits. */
export function newArenaState(): Uint32Array {
  const state = new Uint32Array(new SharedArrayBuffer(4 * ARENA_WORDS));
  state[3] = 2 ** 32 - 1;
  return state;
}

/** A native arena with one chunk. */
export function newArena(): { arena: NativeArena; state: Uint32Array } {
  const state = newArenaState();
  const arena = new native.NativeArena(state);
  assert.equal(arena.grow(1, CHUNK), CHUNK);
  return { arena, state };
}

/** A native pool, whose slots are foreign if it says so. */
export function newPool(foreign = false): { pool: NativePool; state: Uint32Array } {
  const state = new Uint32Array(new SharedArrayBuffer(4 * POOL_WORDS));
  return { pool: new native.NativePool(state, 2 ** 26, MAX_BUFFERS, foreign), state };
}

/** A buffer of the size of a chunk that is no chunk's, as native code can tell: it begins in the middle of a page. */
export function strangeBuffer(): ArrayBuffer {
  const tried = [new ArrayBuffer(CHUNK)];
  while (native.alignedOffset(tried.at(-1)!, 4096) === 0) tried.push(new ArrayBuffer(CHUNK));
  return tried.at(-1)!;
}
