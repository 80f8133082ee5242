// What happens to memory beside its use: it is dropped and collected, taken away, and limited.
import assert from 'node:assert/strict';

import fc from 'fast-check';

import { configure, type ElementView } from 'simd-arena';

import { backend, collectTwice, collectUntil, hasTransfer, readByob, transferBuffer } from '../support/runtime';
import type { ArenaView } from './arena-model';
import type { Model } from './model';
import type { PooledView, SlotModel } from './pool-model';
import type { Real } from './real';
import { which } from './requests';
import { pick, step } from './step';
import { writePattern } from './view-model';

/** Forgets buffers without putting them back, and collects them. */
async function dropBuffers(model: Model, real: Real, first: number, count: number): Promise<void> {
  for (let dropped = 0; dropped < count; dropped++) {
    const droppable = slotsOut(model);
    if (droppable.length > 0) dropSlot(pick(droppable, first), model);
  }
  real.forgetViews(model);
  const leaks = (index: number): number => real.pools[index]!.stats().leaks;
  await collectUntil(() => model.pools.every((pool, index) => pool.stats().leaks === leaks(index)));
}

function slotsOut(model: Model): SlotModel[] {
  return model.pools.flatMap(({ out }) => [...out]).filter(({ state }) => state === 'out');
}

/** Under 'allow' and 'poison', older views would keep the buffer alive. */
function dropSlot(slot: SlotModel, model: Model): void {
  for (const { id } of slot.views) model.views.delete(id);
  slot.pool.leak(slot);
}

async function dropArena(model: Model, real: Real, arenaNumber: number): Promise<void> {
  const arena = pick(model.arenas.values(), arenaNumber);
  if (arena.lease.holds > 0) return;
  model.arenas.delete(arena.id);
  real.arenas.delete(arena.id);
  arena.leak();
  await collectUntil(() => real.threadStat('leaks') === model.thread.leaks);
}

function collect(): Promise<void> {
  return collectTwice();
}

/** Views whose memory can be taken: live ones, and stale ones of buffers that nobody has now. */
function stealable(model: Model): (PooledView | ArenaView)[] {
  return [...model.views.values()].filter((view) => {
    if (view.bytes === 0) return false;
    return view.state === 'live' || (view.state === 'stale' && 'slot' in view && view.slot.state === 'idle');
  });
}

/** Takes the memory of a view away, as a byte stream does, or by `transfer()`. */
async function steal(model: Model, real: Real, viewNumber: number, byTransfer: boolean): Promise<void> {
  const view = pick(stealable(model), viewNumber);
  const bytes = bytesOf(real.views.get(view.id)!);
  if ('arena' in view && backend === 'wasm') {
    await assert.rejects(readByob(bytes), TypeError);
    return;
  }
  const chunk = viewsOf(bytes.buffer, model, real);
  const moved = byTransfer && hasTransfer ? transferBuffer(bytes) : (await readByob(bytes)).buffer;
  for (const { id, byteOffset, byteLength } of chunk) {
    const stolen = new Uint8Array(moved, byteOffset, byteLength);
    if (id === view.id) writePattern(stolen, id);
    real.stolen.set(id, stolen);
  }
  if ('slot' in view) {
    view.slot.steal();
  } else {
    for (const { id } of chunk) model.views.get(id)!.state = 'cut';
    model.stolenChunks++;
  }
}

function bytesOf({ buffer, byteOffset, byteLength }: ElementView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** Where the live views of `buffer` lie. */
function viewsOf(
  buffer: ArrayBufferLike,
  model: Model,
  real: Real,
): { readonly id: number; readonly byteOffset: number; readonly byteLength: number }[] {
  return [...real.views]
    .filter(([id, view]) => view.buffer === buffer && model.views.get(id)!.state === 'live')
    .map(([id, { byteOffset, byteLength }]) => ({ id, byteOffset, byteLength }));
}

/** Whoever took memory has no use for it any more. */
function dropStolen(_model: Model, real: Real): void {
  real.stolen.clear();
}

function limit(model: Model, _real: Real, budgetBytes: number): void {
  configure({ budgetBytes });
  model.limited = budgetBytes !== Infinity;
}

const budget = fc.oneof(fc.constant(Infinity), fc.constant(0), fc.nat(2 ** 22));

/** Steps with memory itself. */
export const memorySteps = [
  step(dropBuffers, [which, fc.integer({ min: 1, max: 4 })], (model) => slotsOut(model).length > 0),
  step(dropArena, [which], ({ arenas }) => arenas.size > 0),
  step(collect, []),
  ...Array.from({ length: 2 }, () => step(steal, [which, fc.boolean()], (model) => stealable(model).length > 0)),
  step(dropStolen, []),
  ...Array.from({ length: 2 }, () => step(limit, [budget])),
];
