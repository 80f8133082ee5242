import assert from 'node:assert/strict';

import { arenaStats, withArena } from 'simd-arena';

import { collectTwice } from '../support/runtime';
import { exitOf, messageOf, resultOf, runFixture, startWorker } from './support';

const MIB = 2 ** 20;

describe('workers', () => {
  it('may return, exit, throw or be terminated in the middle of scopes and holds, and leave nothing behind', async function () {
    this.timeout(60_000);
    const ends = { exit: 7, throw: 1, terminate: 1, 'terminate-idle': 1 };
    const before = arenaStats({ scope: 'process' });
    for (let round = 0; round < 4; round++) {
      const workers = Object.entries(ends).map(async ([end, expectedCode]) => {
        const worker = startWorker('churn-worker', { workerData: end });
        const errors: unknown[] = [];
        worker.on('error', (error) => errors.push(error));
        const exited = exitOf(worker);
        assert.equal(await messageOf(worker), 500_500);
        if (end.startsWith('terminate')) await worker.terminate();
        assert.equal(await exited, expectedCode, end);
        assert.equal(errors.length, end === 'throw' ? 1 : 0);
      });
      await Promise.all(workers);
    }
    const after = arenaStats({ scope: 'process' });
    for (const name of ['arenas', 'capacity', 'used', 'openScopes', 'held'] as const) {
      assert.equal(after[name], before[name], name);
    }
  });

  it('may load the package although the main thread never does', async function () {
    this.timeout(30_000);
    assert.deepEqual(await resultOf('only-workers'), [1, 7, 1, 7, 7, 1, 7, 7]);
  });

  it('end with their event loop, although arenas are open and holds never end', async () => {
    const worker = startWorker('churn-worker', { workerData: 'return' });
    const exited = exitOf(worker);
    assert.equal(await messageOf(worker), 500_500);
    assert.equal(await exited, 0);
  });

  it('show in the statistics of the process, and not in those of other threads', async () => {
    const worker = startWorker('arena-worker');
    interface Answer {
      stats: { used: number; arenas: number };
    }
    const ask = async (bytes: number): Promise<Answer> => {
      worker.postMessage(bytes);
      return (await messageOf(worker)) as Answer;
    };
    await ask(0);
    const threadBefore = arenaStats();
    const before = arenaStats({ scope: 'process' });

    const { stats } = await ask(3 * MIB);
    assert.equal(stats.used, 3 * MIB);
    assert.equal(stats.arenas, 1);
    const open = arenaStats({ scope: 'process' });
    assert.equal(open.used, before.used + 3 * MIB);
    assert.equal(open.capacity, before.capacity + 3 * MIB);
    assert.equal(open.arenas, before.arenas + 1);
    assert.equal(open.openScopes, before.openScopes + 1);
    assert.ok(open.oldestScopeAge > 0);
    assert.deepEqual(arenaStats(), threadBefore);

    await ask(0);
    assert.equal(arenaStats({ scope: 'process' }).used, before.used);
    assert.equal(arenaStats({ scope: 'process' }).openScopes, before.openScopes);
    await worker.terminate();
    assert.equal(arenaStats({ scope: 'process' }).arenas, before.arenas);
    assert.deepEqual(arenaStats(), threadBefore);
  });

  it('can be watched while they start, work and end', async function () {
    this.timeout(30_000);
    await collectTwice();
    const before = arenaStats({ scope: 'process' });
    let running = 4;
    const workers = Array.from({ length: running }, async () => {
      const worker = startWorker('churn-worker', { workerData: 'terminate' });
      await messageOf(worker);
      await new Promise((resolve) => setTimeout(resolve, 100));
      await worker.terminate();
      running -= 1;
    });
    let most = 0;
    while (running > 0) {
      for (let count = 0; count < 200; count++) {
        const { arenas, used, capacity } = arenaStats({ scope: 'process' });
        most = Math.max(most, arenas - before.arenas);
        // Each worker has arenas for its held, its leased, its asynchronous, and two nested scopes.
        assert.ok(arenas >= before.arenas && arenas <= before.arenas + 4 * 5, `${arenas} arenas`);
        assert.ok(used >= 0 && capacity >= 0);
      }
      await new Promise(setImmediate);
    }
    await Promise.all(workers);
    assert.ok(most >= 5, 'at least one worker was seen at work');
    assert.equal(arenaStats({ scope: 'process' }).arenas, before.arenas);
  });

  it('share one memory budget with the main thread', async () => {
    assert.deepEqual(await resultOf('budget-threads', ['spans']), {
      before: 'granted',
      during: 'ERR_MEMORY_BUDGET',
      rest: 'granted',
      refused: 'ERR_MEMORY_BUDGET',
      after: 'granted',
      afterEnd: 'granted',
    });
  });

  it('that compete for the budget have, together, exactly the budget', async () => {
    assert.deepEqual(await resultOf('budget-threads', ['exact']), {
      granted: 10,
      codes: ['ERR_MEMORY_BUDGET'],
      capacity: 10 * MIB,
      mainThread: 'ERR_MEMORY_BUDGET',
      afterEnd: 'granted',
    });
  });

  it('do not undo a configured budget with the SIMD_ARENA_BUDGET of their environment', async () => {
    assert.deepEqual(await resultOf('budget-threads', ['configured'], { SIMD_ARENA_BUDGET: '16m' }), {
      fromEnvironment: 16 * MIB,
      codes: [null, null],
      first: 32 * MIB,
      second: true,
      main: true,
    });
  });

  it('work although their process ends with them', async () => {
    const { code, signal, stderr } = await runFixture('teardown', ['exit-with-workers']);
    assert.deepEqual({ code, signal, stderr }, { code: 5, signal: null, stderr: '' });
    assert.equal(
      withArena((arena) => arena.alloc(Uint8Array, 1).length),
      1,
    );
  });
});
