// What a program does with pools, mistakes included.
import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';

import fc from 'fast-check';

import type { ErrorCode } from 'simd-arena';

import { throwsCode } from '../support/errors';
import { nextTurn } from '../support/runtime';
import type { Model, PutModel } from './model';
import { classOf, type PooledView, type PoolModel } from './pool-model';
import type { Real } from './real';
import { adoptTrim, alignments, attempt, elementsOf, keepView, poolSizes, which } from './requests';
import { pick, step } from './step';
import { assertFilled, checkView } from './view-model';

/** Whether a view is the one that its pool takes back. */
function canPut({ id, slot }: PooledView): boolean {
  return slot.state === 'out' && slot.view.id === id;
}

function hasPut(model: Model): boolean {
  return model.pooledViews(canPut).length > 0;
}

function hasPooled(model: Model): boolean {
  return model.pooledViews(() => true).length > 0;
}

function allocate(
  model: Model,
  real: Real,
  poolNumber: number,
  size: number,
  typeNumber: number,
  alignment: number | undefined,
  special: boolean,
): void {
  const index = poolNumber % real.pools.length;
  const pool = model.pools[index]!;
  const { typed } = real.pools[index]!;
  const { type, length, bytes } = elementsOf(size, typed ? typeNumber : 0);
  const sizeClass = classOf(bytes, alignment);

  const outcome = attempt(() => real.pools[index]!.allocate({ type, length, alignment, special }));
  const hit = pool.take(sizeClass);
  if ('code' in outcome) {
    assert.equal(outcome.code, 'ERR_MEMORY_BUDGET');
    assert.ok(model.limited && hit === undefined, 'nothing is refused without need');
    adoptTrim(model, real);
    return;
  }
  const { value: view } = outcome;
  if (hit === undefined && special && !typed) {
    assert.equal(view, null, 'nothing is pooled');
    return;
  }
  assert.ok(view);
  if (hit === undefined) adoptTrim(model, real);
  if (special && typed) assertFilled(view, 0, 'zeros');
  const id = model.newId();
  keepView(model, real, id, pool.handOut(hit ?? pool.make(sizeClass), id, bytes), view);
}

function put(model: Model, real: Real, viewNumber: number): void {
  const { id, slot } = pick(model.pooledViews(canPut), viewNumber);
  real.pools[model.pools.indexOf(slot.pool)]!.put(real.views.get(id));
  comeBack(slot, real);
}

/** A buffer has come back; asserts what its pool has done to its views. */
function comeBack(slot: PooledView['slot'], real: Real): void {
  const { view } = slot;
  slot.pool.put(slot);
  const actual = real.views.get(view.id)!;
  checkView(view, actual);
  if (view.state === 'stale' && slot.pool.limits.staleViews === 'poison') assertFilled(actual, 0xff, 'poison');
}

/** Why `pool` does not take `view`, which is not {@link canPut}, or not to that pool. */
function refusal(pool: PoolModel, { id, slot }: PooledView): ErrorCode {
  if (!slot.views.some((view) => view.id === id)) return 'ERR_POOL_DOUBLE_PUT';
  const others = slot.pool !== pool || (slot.state === 'out' && slot.view.id !== id);
  return others ? 'ERR_POOL_NOT_OWNED' : 'ERR_POOL_DOUBLE_PUT';
}

function putWrong(model: Model, real: Real, viewNumber: number, poolNumber: number): void {
  const view = pick(
    model.pooledViews(() => true),
    viewNumber,
  );
  let index = poolNumber % real.pools.length;
  if (canPut(view) && model.pools[index] === view.slot.pool) index = (index + 1) % real.pools.length;
  const code = refusal(model.pools[index]!, view);
  throwsCode(code, () => real.pools[index]!.put(real.views.get(view.id)));
  throwsCode(code, () => real.pools[index]!.putAfter(real.views.get(view.id), Promise.resolve()));
}

function putSlice(model: Model, real: Real, viewNumber: number): void {
  const { id, slot, state } = pick(model.pooledViews(canPut), viewNumber);
  if (state !== 'live') return;
  const view = real.views.get(id)!;
  const slice = Buffer.from(view.buffer as ArrayBuffer, view.byteOffset, view.byteLength);
  throwsCode('ERR_POOL_NOT_OWNED', () => real.pools[model.pools.indexOf(slot.pool)]!.put(slice));
}

function putForeign(model: Model, real: Real, viewNumber: number, poolNumber: number): void {
  const pool = pick(real.pools, poolNumber);
  throwsCode('ERR_POOL_NOT_OWNED', () => pool.put(Buffer.alloc(viewNumber)));
  throwsCode('ERR_POOL_NOT_OWNED', () => pool.put(new DataView(new ArrayBuffer(8))));
  throwsCode('ERR_INVALID_ARG_TYPE', () => pool.put({ length: viewNumber }));
  for (const stolen of real.stolen.values()) throwsCode('ERR_POOL_NOT_OWNED', () => pool.put(stolen));
  for (const [id, view] of model.views) {
    if ('arena' in view) throwsCode('ERR_POOL_NOT_OWNED', () => pool.put(real.views.get(id)));
  }
}

function putAfter(model: Model, real: Real, viewNumber: number, until: 'promise' | 'stream' | 'closed' | 'none'): void {
  const { id, slot } = pick(model.pooledViews(canPut), viewNumber);
  const pool = real.pools[model.pools.indexOf(slot.pool)]!;
  const stream = new EventEmitter();
  if (until === 'none') {
    throwsCode('ERR_INVALID_ARG_TYPE', () => pool.putAfter(real.views.get(id), undefined));
    return;
  }
  if (until === 'closed') {
    pool.putAfter(real.views.get(id), Object.assign(stream, { closed: true }));
    comeBack(slot, real);
    return;
  }
  const heldId = model.newId();
  if (until === 'stream') {
    pool.putAfter(real.views.get(id), stream);
    real.releases.set(heldId, () => stream.emit('close'));
  } else {
    let resolve: ((value: unknown) => void) | undefined;
    pool.putAfter(real.views.get(id), new Promise((settle) => (resolve = settle)));
    // Every other promise is rejected.
    real.releases.set(heldId, () => resolve!(viewNumber % 2 === 0 ? undefined : Promise.reject(new Error('rejected'))));
  }
  slot.state = 'held';
  model.puts.push({ id: heldId, slot });
}

/** Ends a wait of {@link putAfter}. */
export async function settle(model: Model, real: Real, putNumber: number): Promise<void> {
  const held = pick<PutModel>(model.puts, putNumber);
  model.puts.splice(model.puts.indexOf(held), 1);
  const release = real.releases.get(held.id)!;
  real.releases.delete(held.id);
  release();
  await nextTurn();
  comeBack(held.slot, real);
}

function reclaimAll(model: Model, real: Real, poolNumber: number): void {
  const index = poolNumber % real.pools.length;
  real.pools[index]!.reclaimAll();
  model.pools[index]!.reclaimAll(real.pools[index]!.stats());
}

function trim(model: Model, real: Real, poolNumber: number, target: number): void {
  const index = poolNumber % real.pools.length;
  assert.equal(real.pools[index]!.trim(target), model.pools[index]!.trim(target), 'bytes given back');
}

function reopen(model: Model, real: Real, poolNumber: number): void {
  const index = poolNumber % real.pools.length;
  const closed = real.pools[index]!;
  real.reopenPool(index);
  model.reopenPool(index);
  closed.close();
  throwsCode('ERR_POOL_CLOSED', () => closed.stats());
  throwsCode('ERR_POOL_CLOSED', () => closed.put(Buffer.alloc(1)));
}

/** A write through a view that was given back: it reaches nobody, and is noticed where such views are poisoned. */
function writeStale(model: Model, real: Real, viewNumber: number): void {
  const ended = [...model.views.values()].filter(isWritable);
  if (ended.length === 0) return;
  const view = pick(ended, viewNumber);
  const actual = real.views.get(view.id)!;
  if (view.state === 'cut') {
    const one = actual instanceof BigInt64Array ? 1n : 1;
    (actual as unknown as Record<number, unknown>)[0] = one;
    return;
  }
  new Uint8Array(actual.buffer)[0] = 1;
  (view as PooledView).slot.dirty = true;
}

/** Whether a write breaks nothing: the view is cut, or the memory is poisoned and nobody's. */
function isWritable(view: { readonly state: string; readonly slot?: PooledView['slot'] }): boolean {
  if (view.state === 'cut') return true;
  if (view.state === 'live' || view.slot === undefined) return false;
  const { slot } = view;
  return slot.state === 'idle' && slot.pool.limits.staleViews === 'poison' && slot.view.bytes > 0;
}

const until = fc.constantFrom('promise', 'stream', 'closed', 'none');

/** Steps with pools, the most frequent ones more than once. */
export const poolSteps = [
  ...Array.from({ length: 12 }, () => step(allocate, [which, poolSizes, which, alignments, fc.boolean()])),
  ...Array.from({ length: 8 }, () => step(put, [which], hasPut)),
  step(putWrong, [which, which], hasPooled),
  step(putSlice, [which], hasPut),
  step(putForeign, [which, which]),
  step(putAfter, [which, until], hasPut),
  step(settle, [which], ({ puts }) => puts.length > 0),
  step(reclaimAll, [which]),
  step(trim, [which, poolSizes]),
  step(reopen, [which]),
  step(writeStale, [which]),
];
