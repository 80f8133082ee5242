// Compares what is real with the model.
import assert from 'node:assert/strict';

import type { Model } from './model';
import { LABEL, type Real } from './real';
import { assertPattern, checkView } from './view-model';

/** Views that are looked at after every step, in turn. */
const VIEWS_PER_STEP = 6;

/** Asserts that all statistics are those of the model, and some views. */
export function checkStep(model: Model, real: Real): void {
  checkPools(model, real);
  checkArenas(model, real);
  checkThread(model, real);
  const ids = [...model.views.keys()];
  for (let count = 0; count < Math.min(VIEWS_PER_STEP, ids.length); count++) {
    checkViewOf(ids[model.steps++ % ids.length]!, model, real);
  }
}

/** Asserts what the model says of every view, and that nobody has touched what was stolen. */
export function checkAllViews(model: Model, real: Real): void {
  for (const id of model.views.keys()) checkViewOf(id, model, real);
  for (const [id, bytes] of real.stolen) assertPattern(bytes, id, 'stolen memory of view');
}

function checkViewOf(id: number, model: Model, real: Real): void {
  checkView(model.views.get(id)!, real.views.get(id)!);
}

function checkPools(model: Model, real: Real): void {
  for (const [index, pool] of real.pools.entries()) {
    const expected = model.pools[index]!;
    const { label, capacity, ...stats } = pool.stats();
    assert.equal(label, LABEL);
    assert.deepEqual(stats, expected.stats(), `pool ${index}`);
    assert.ok(capacity >= stats.pooledBytes + stats.bytesInUse + stats.wastedBytes, 'capacity');
    assert.ok(stats.pooledBytes <= expected.limits.maxPoolBytes, 'maxPoolBytes');
    assert.ok(
      stats.buckets.every(({ idle }) => idle <= expected.limits.maxBuffersPerBucket),
      'maxBuffersPerBucket',
    );
  }
}

function checkArenas(model: Model, real: Real): void {
  for (const [id, arena] of real.arenas) {
    const { used, allocations, resets, holds } = arena.stats();
    assert.deepEqual({ used, allocations, resets, holds }, model.arenas.get(id)!.stats(), `arena ${id}`);
  }
}

function checkThread(model: Model, real: Real): void {
  for (const [name, expected] of Object.entries(model.threadStats())) {
    assert.equal(real.threadStat(name as keyof ReturnType<Model['threadStats']>), expected, `${name} of the thread`);
  }
  assert.ok(real.threadStat('chunksLost') <= model.stolenChunks, 'no chunk is lost that was not stolen');
}
