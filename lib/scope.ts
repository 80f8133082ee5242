// Scopes: a function runs with an arena whose memory is released when the function has returned, thrown or settled.
import { types } from 'node:util';

import { Arena, coreOf, type ArenaOptions } from './arena';
import { escapeChannel } from './diagnostics';
import { createError } from './errors';
import type { ArenaCore } from './internal/arena-core';
import { counters } from './internal/counters';
import { bufferOf } from './internal/inspect-view';
import { ArenaState, MemoryStat, Status } from './internal/tables';
import { wrongType } from './internal/validate';

/** How many properties of a result are looked at for views of the arena. */
const MAX_PROPERTIES = 16;

/**
 * Runs `fn` with an arena of this thread. Everything allocated in it is released when `fn` returns or throws or, if it
 * returns a promise, when that settles; the promise that `withArena` then returns settles after the release.
 *
 * Scopes nest and interleave freely: each has an arena of its own.
 *
 * @throws `ERR_ARENA_ESCAPE`, also by rejection, if the result is a view of the arena, an object or array with one among
 *   its first 16 properties, or a generator. Nothing is kept of it; return `arena.copyOut(view)`.
 *
 * @example
 * ```ts
 * const mean = withArena((arena) => {
 *   const samples = arena.allocUnsafe(Float32Array, 1024);
 *   fill(samples);
 *   return meanF32(samples);
 * });
 * ```
 */
export function withArena<T>(fn: (arena: Arena) => T): T;
export function withArena<T>(options: ArenaOptions, fn: (arena: Arena) => T): T;
export function withArena<T>(first: ArenaOptions | ((arena: Arena) => T), second?: (arena: Arena) => T): T {
  if (typeof first === 'function') return run(undefined, first);
  if (typeof second !== 'function') throw wrongType('fn', 'a function', second);
  return run(first, second);
}

function run<T>(options: ArenaOptions | undefined, fn: (arena: Arena) => T): T {
  const arena = new Arena(options);
  let result: T;
  let thenable = false;
  try {
    result = fn(arena);
    if (isObject(result)) {
      thenable = isThenable(result);
      if (!thenable) checkEscape(arena, result);
    }
  } catch (error) {
    arena.close();
    throw error;
  }
  if (thenable) return settle(arena, result as PromiseLike<unknown>) as T;
  arena.close();
  return result;
}

async function settle(arena: Arena, promise: PromiseLike<unknown>): Promise<unknown> {
  coreOf(arena)?.startClock();
  try {
    const value = await promise;
    if (isObject(value)) checkEscape(arena, value);
    return value;
  } finally {
    arena.close();
  }
}

function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}

function isThenable(value: object): boolean {
  return value instanceof Promise || typeof (value as { then?: unknown }).then === 'function';
}

/** Throws if `value` is, or holds, memory of the arena. Runs no code of the user. */
function checkEscape(arena: Arena, value: object): void {
  const core = coreOf(arena);
  if (core === undefined || !escapes(core, value)) return;
  const { label } = core.lease;
  counters[MemoryStat.escapes]! += 1;
  escapeChannel.publish({ label });
  const what = types.isGeneratorObject(value)
    ? 'a generator, whose body would run after its scope, was returned'
    : undefined;
  const scope = label === undefined ? undefined : `scope ${JSON.stringify(label)}`;
  throw createError(Status.ArenaEscape, [what, scope].filter(Boolean).join(', ') || undefined, { label });
}

function escapes(core: ArenaCore, value: object): boolean {
  if (isMemoryOf(core, value)) return true;
  // The body of a generator runs after its scope.
  if (types.isGeneratorObject(value)) return true;
  // Where nothing was allocated, nothing can escape; and listing the keys of a large object takes a while.
  if (core.state[ArenaState.allocations] === 0 || types.isProxy(value)) return false;
  if (Array.isArray(value)) return arrayHolds(core, value);
  return isPlain(value) && objectHolds(core, value);
}

function arrayHolds(core: ArenaCore, array: readonly unknown[]): boolean {
  const end = Math.min(array.length, MAX_PROPERTIES);
  for (let index = 0; index < end; index++) if (propertyHolds(core, array, index)) return true;
  return false;
}

function objectHolds(core: ArenaCore, object: object): boolean {
  let looked = 0;
  for (const key in object) {
    if (looked++ === MAX_PROPERTIES) return false;
    if (propertyHolds(core, object, key)) return true;
  }
  return false;
}

function propertyHolds(core: ArenaCore, object: object, key: PropertyKey): boolean {
  const value: unknown = Object.getOwnPropertyDescriptor(object, key)?.value;
  return isObject(value) && isMemoryOf(core, value);
}

function isMemoryOf(core: ArenaCore, value: object): boolean {
  if (ArrayBuffer.isView(value)) return core.chunks.owns(bufferOf(value));
  return types.isArrayBuffer(value) && core.chunks.owns(value);
}

/** Whether an object is a plain one, of this realm or another. */
function isPlain(object: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(object);
  if (prototype === Object.prototype || prototype === null) return true;
  return (
    !types.isProxy(prototype) &&
    Object.getPrototypeOf(prototype) === null &&
    Object.hasOwn(prototype as object, 'isPrototypeOf')
  );
}
