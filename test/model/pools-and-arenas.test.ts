// Pools and arenas together, in any order of steps, against a model: test/model/pool-model.ts and arena-model.ts say what
// must be true, and step.ts when it is checked. fast-check prints the seed and the shortest sequence that fails.
import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';

import fc from 'fast-check';

import { arenaStats, BufferPool, configure, type StaleViews } from 'simd-arena';

import { budgetInUse } from '../support/budget';
import { collectTwice, forgetIdleArenas } from '../support/runtime';
import { arenaSteps, unhold } from './arena-steps';
import { checkAllViews, checkStep } from './check';
import { memorySteps } from './memory-steps';
import { Model, type ModelOptions } from './model';
import { poolSteps, settle } from './pool-steps';
import { Real } from './real';

const RUNS = 80;
/** As many as one run can have of a size. */
const SMALL_SLABS = 40;

/** What is left of a run: bytes of the budget, and what the process has open. */
interface Leftover {
  readonly budget: number;
  readonly used: number;
  readonly capacity: number;
  readonly openScopes: number;
  readonly held: number;
}

function leftover(): Leftover {
  forgetIdleArenas();
  const { used, capacity, openScopes, held } = arenaStats({ scope: 'process' });
  return { budget: budgetInUse(), used, capacity, openScopes, held };
}

/** Ends all holds; nothing changes but what they held. */
async function endHolds(model: Model, real: Real): Promise<void> {
  while (model.puts.length > 0) await settle(model, real, 0);
  while (model.holds.length > 0) await unhold(model, real, 0);
  checkStep(model, real);
}

/** Closes everything: no view of a pool has memory then, whatever its level. */
function closeAll(model: Model, real: Real): void {
  for (const [id, arena] of model.arenas) {
    real.arenas.get(id)!.close();
    arena.close();
  }
  for (const [index, pool] of model.pools.entries()) {
    real.pools[index]!.close();
    pool.close();
  }
  checkAllViews(model, real);
}

function dropAll(real: Real): void {
  for (const map of [real.arenas, real.views, real.stolen, real.releases]) map.clear();
  real.pools.length = 0;
}

/** One run, which ends with everything closed, or just dropped; afterwards nothing is left. */
async function run(
  options: ModelOptions,
  steps: Iterable<fc.AsyncCommand<Model, Real>>,
  close: boolean,
  before: Leftover,
): Promise<void> {
  const model = new Model(options);
  const real = new Real(options);
  try {
    await fc.asyncModelRun(() => ({ model, real }), steps);
    checkAllViews(model, real);
    await endHolds(model, real);
    if (close) closeAll(model, real);
  } catch (error) {
    // A stack that is not formatted yet keeps what its functions had, and so what the next run must not find.
    assert.ok(error instanceof Error && error.stack !== undefined);
    throw error;
  } finally {
    configure({ budgetBytes: Infinity });
    for (const release of real.releases.values()) release();
    dropAll(real);
    // Also after a failure: the next run must not find what this one has dropped.
    await collectTwice();
  }
  await assertNothingLeft(before);
}

/** Not by collectUntil(): looking at weak references, as giving idle memory back does, keeps what they lead to for a turn. */
async function assertNothingLeft(before: Leftover): Promise<void> {
  for (let turn = 0; turn < 10; turn++) {
    if (isDeepStrictEqual(leftover(), before)) return;
    await collectTwice();
  }
  assert.deepEqual(leftover(), before, 'left over');
}

/**
 * Has the memory that a run may need for small buffers: where pools lie in ordinary buffers, it stays charged to the budget,
 * for the next ones of its size.
 */
function makeSmallBuffers(): void {
  const pools = Array.from({ length: SMALL_SLABS }, () => new BufferPool());
  for (const pool of pools) {
    for (let bytes = 64; bytes < 65_536; bytes *= 2) pool.put(pool.getOrAlloc(bytes));
  }
  for (const pool of pools) pool.close();
}

const someLimits = fc.record({
  maxPoolBytes: fc.constantFrom(0, 1000, 2 ** 17, 2 ** 20, 2 ** 26),
  maxBuffersPerBucket: fc.constantFrom(0, 1, 2, 3, 8),
});
const poolLimits = fc.array(someLimits, { minLength: 3, maxLength: 3 });
const steps = fc.commands([...poolSteps, ...arenaSteps, ...memorySteps], { maxCommands: 40, size: '+1' });

describe('pools and arenas, against a model', () => {
  let atStart: Leftover;

  // What other tests have dropped must not be found while a run counts.
  before(async () => {
    makeSmallBuffers();
    for (let turn = 0; turn < 3; turn++) {
      forgetIdleArenas();
      await collectTwice();
    }
    atStart = leftover();
  });

  for (const staleViews of ['revoke', 'poison', 'allow'] satisfies StaleViews[]) {
    it(`agree with it in any order of steps, with stale views ${staleViews}`, async function () {
      this.timeout(120_000);
      await fc.assert(
        fc.asyncProperty(poolLimits, steps, fc.boolean(), (limits, commands, close) =>
          run({ staleViews, limits }, commands, close, atStart),
        ),
        { numRuns: RUNS },
      );
    });
  }
});
