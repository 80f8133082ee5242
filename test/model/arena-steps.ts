// What a program does with arenas and scopes.
import assert from 'node:assert/strict';

import fc from 'fast-check';

import { Arena, withArena, type ElementView, type StaleViews } from 'simd-arena';

import { nextTurn } from '../support/runtime';
import { granuleBytes, type ArenaModel, type ArenaView } from './arena-model';
import { checkStep } from './check';
import type { HoldModel, Model } from './model';
import { LABEL, type Real } from './real';
import { adoptTrim, alignments, attempt, elementsOf, keepView, sizes, which } from './requests';
import { pick, step } from './step';
import { assertFilled, assertPattern, checkView } from './view-model';

type Mode = 'alloc' | 'allocUnsafe' | 'copyIn';

const mode = fc.constantFrom<Mode>('alloc', 'allocUnsafe', 'copyIn');

function hasArena(model: Model): boolean {
  return model.arenas.size > 0;
}

/** The level of an arena: that of the run, or, for one in four, one of its own. */
function levelOf(model: Model, number: number): StaleViews {
  return ([model.staleViews, 'revoke', 'poison', 'allow'] as const)[number % 16] ?? model.staleViews;
}

function open(model: Model, real: Real, level: number, maxBytes: number, leased: boolean): void {
  const arena = model.openArena(levelOf(model, level), maxBytes);
  const options = { label: LABEL, staleViews: arena.staleViews, maxBytes };
  real.arenas.set(arena.id, leased ? Arena.lease(options) : new Arena(options));
}

function allocate(
  model: Model,
  real: Real,
  arenaNumber: number,
  size: number,
  typeNumber: number,
  alignment: number | undefined,
  how: Mode,
): void {
  allocateIn(pick(model.arenas.values(), arenaNumber), model, real, size, typeNumber, alignment, how);
}

function allocateIn(
  arena: ArenaModel,
  model: Model,
  real: Real,
  size: number,
  typeNumber: number,
  alignment: number | undefined,
  how: Mode,
): void {
  const actual = real.arenas.get(arena.id)!;
  const { type, length, bytes } = elementsOf(size, typeNumber);
  const allowed = arena.allows(bytes);
  const outcome = attempt((): ElementView => {
    if (how !== 'copyIn')
      return actual[how](type, length, alignment === undefined ? undefined : { alignment }) as ElementView;
    return actual.copyIn(Buffer.alloc(bytes, 0xc0));
  });
  adoptTrim(model, real);
  if ('code' in outcome) {
    model.thread.limitHits++;
    assert.equal(outcome.code, allowed ? 'ERR_MEMORY_BUDGET' : 'ERR_ARENA_LIMIT');
    assert.ok(!allowed || model.limited, 'nothing is refused without need');
    return;
  }
  assert.ok(allowed, 'maxBytes');
  const { value: view } = outcome;
  if (how === 'alloc') assertFilled(view, 0, 'zeros');
  if (how === 'copyIn') assertFilled(view, 0xc0, 'a copy');
  const step = how === 'copyIn' ? 64 : Math.max(alignment ?? 64, 64);
  assert.equal(view.byteOffset % step, 0, 'alignment');
  const padding = actual.stats().used - arena.lease.used - granuleBytes(bytes);
  assert.ok(padding >= 0 && padding < step, `padding of ${padding} bytes`);
  const id = model.newId();
  keepView(model, real, id, arena.allocate(id, bytes, padding), view);
}

function copyOut(model: Model, real: Real, arenaNumber: number, viewNumber: number): void {
  const live = [...model.views.values()].filter(({ state }) => state === 'live');
  if (live.length === 0) return;
  const { id } = pick(live, viewNumber);
  const copy = pick(real.arenas.values(), arenaNumber).copyOut(real.views.get(id)!);
  assertPattern(copy, id, 'a copy of view');
}

/** Asserts what has become of views whose memory was released. */
function checkEnded(ended: readonly ArenaView[], real: Real): void {
  for (const view of ended) {
    const actual = real.views.get(view.id)!;
    checkView(view, actual);
    if (view.arena.staleViews === 'poison') assertFilled(actual, 0xff, 'poison');
  }
}

function reset(model: Model, real: Real, arenaNumber: number): void {
  const arena = pick(model.arenas.values(), arenaNumber);
  real.arenas.get(arena.id)!.reset();
  checkEnded(arena.reset(), real);
}

function closeArena(arena: ArenaModel, model: Model, real: Real): void {
  real.arenas.get(arena.id)!.close();
  endArena(arena, model, real);
}

function endArena(arena: ArenaModel, model: Model, real: Real): void {
  real.arenas.delete(arena.id);
  model.arenas.delete(arena.id);
  checkEnded(arena.close(), real);
}

function close(model: Model, real: Real, arenaNumber: number): void {
  closeArena(pick(model.arenas.values(), arenaNumber), model, real);
}

function hold(model: Model, real: Real, arenaNumber: number, byPromise: boolean): void {
  const arena = pick(model.arenas.values(), arenaNumber);
  const actual = real.arenas.get(arena.id)!;
  const id = model.newId();
  if (byPromise) {
    actual.waitUntil(new Promise<void>((resolve) => real.releases.set(id, resolve)));
  } else {
    const held = actual.hold();
    real.releases.set(id, () => held[Symbol.dispose]());
  }
  arena.lease.holds++;
  model.holds.push({ id, arena, lease: arena.lease });
}

/** Ends a hold. */
export async function unhold(model: Model, real: Real, holdNumber: number): Promise<void> {
  const held = pick<HoldModel>(model.holds, holdNumber);
  model.holds.splice(model.holds.indexOf(held), 1);
  const release = real.releases.get(held.id)!;
  real.releases.delete(held.id);
  release();
  await nextTurn();
  checkEnded(held.arena.unhold(held.lease), real);
}

const thrown = new Error('thrown by a scope');

/** Scopes in scopes, one for each element of `plan`, which says what they allocate; the innermost one may throw. */
function nest(model: Model, real: Real, level: number, plan: readonly (readonly number[])[], throws: boolean): void {
  const [requests, ...inner] = plan;
  if (requests === undefined) {
    if (throws) throw thrown;
    return;
  }
  const arena = model.openArena(levelOf(model, level), Infinity);
  try {
    withArena({ label: LABEL, staleViews: arena.staleViews }, (actual) => {
      real.arenas.set(arena.id, actual);
      for (const size of requests) allocateIn(arena, model, real, size, size, undefined, 'allocUnsafe');
      checkStep(model, real);
      nest(model, real, level + 1, inner, throws);
    });
  } catch (error) {
    if (error === thrown) endArena(arena, model, real);
    throw error;
  }
  endArena(arena, model, real);
}

function scopes(model: Model, real: Real, level: number, plan: readonly (readonly number[])[], throws: boolean): void {
  if (throws) assert.throws(() => nest(model, real, level, plan, throws), thrown);
  else nest(model, real, level, plan, throws);
}

async function asyncScope(model: Model, real: Real, level: number, requests: readonly number[]): Promise<void> {
  const arena = model.openArena(levelOf(model, level), Infinity);
  await withArena({ label: LABEL, staleViews: arena.staleViews }, async (actual) => {
    real.arenas.set(arena.id, actual);
    for (const size of requests) {
      allocateIn(arena, model, real, size, size, undefined, 'allocUnsafe');
      await nextTurn();
      checkStep(model, real);
    }
  });
  endArena(arena, model, real);
}

const maximum = fc.oneof(fc.constant(Infinity), fc.constant(Infinity), fc.nat(5000), fc.nat(200_000));
const requests = fc.array(sizes, { maxLength: 3 });
const plan = fc.array(requests, { minLength: 1, maxLength: 3 });

/** Steps with arenas, the most frequent ones more than once. */
export const arenaSteps = [
  ...Array.from({ length: 3 }, () => step(open, [which, maximum, fc.boolean()])),
  ...Array.from({ length: 8 }, () => step(allocate, [which, sizes, which, alignments, mode], hasArena)),
  step(copyOut, [which, which], hasArena),
  step(reset, [which], hasArena),
  step(close, [which], hasArena),
  step(hold, [which, fc.boolean()], hasArena),
  step(unhold, [which], ({ holds }) => holds.length > 0),
  step(scopes, [which, plan, fc.boolean()]),
  step(asyncScope, [which, requests]),
];
