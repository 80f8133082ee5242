import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

import { memoryStatNames } from '#internal/tables';
import { Arena, arenaStats, type ThreadArenaStats } from 'simd-arena';

import { collectTwice, collectUntil, forgetIdleArenas } from '../support/runtime';

const CHUNK = 2 ** 16;

describe('arenaStats', () => {
  it('has a number of every kind', () => {
    for (const stats of [arenaStats(), arenaStats({}), arenaStats({ scope: 'process' })]) {
      assert.deepEqual(Object.keys(stats), [...memoryStatNames]);
      for (const [name, value] of Object.entries(stats)) assert.ok(Number.isFinite(value) && value >= 0, name);
    }
  });

  it('follows an arena from its start to its end', () => {
    forgetIdleArenas();
    const before = arenaStats();
    const changed = (): Record<string, number> => {
      const now = arenaStats();
      const changes = memoryStatNames.map((name): [string, number] => [name, now[name] - before[name]]);
      return Object.fromEntries(changes.filter(([name, change]) => name !== 'peak' && change !== 0));
    };
    const arena = new Arena({ initialBytes: CHUNK, staleViews: 'allow' });
    assert.deepEqual(changed(), { arenas: 1, openScopes: 1 });
    arena.alloc(Uint8Array, 1);
    arena.alloc(Uint8Array, 1, { alignment: 1024 });
    assert.deepEqual(changed(), {
      used: 1088,
      capacity: CHUNK,
      wasted: 960,
      arenas: 1,
      openScopes: 1,
      allocations: 2,
      grows: 1,
    });
    const hold = arena.hold();
    arena.close();
    assert.equal(changed()['held'], 1);
    assert.equal(changed()['used'], 1088);
    hold[Symbol.dispose]();
    assert.deepEqual(changed(), { capacity: CHUNK, arenas: 1, allocations: 2, resets: 1, grows: 1 });
  });

  it('counts the end of an arena once, also when the idle arena is let go later', async () => {
    forgetIdleArenas();
    await collectTwice();
    const open = Array.from({ length: 3 }, () => new Arena());
    for (const arena of open.splice(0)) arena.close();
    const { resets, arenas } = arenaStats();
    forgetIdleArenas();
    await collectUntil(() => arenaStats().arenas <= arenas - 3);
    assert.equal(arenaStats().resets, resets);
  });

  it('remembers the peak', () => {
    const { peak, used } = arenaStats();
    const arena = new Arena();
    const bytes = peak - used + 64_000;
    arena.allocUnsafe(Uint8Array, bytes);
    assert.ok(arenaStats().peak >= used + bytes);
    const reached = arenaStats().peak;
    arena.close();
    assert.equal(arenaStats().peak, reached);
  });

  it('counts an arena that is dropped as one that is closed, but for its memory', async () => {
    forgetIdleArenas();
    await collectTwice();
    const before = arenaStats();
    const bytes = before.peak - before.used + 64_000;
    const drop = (): void => {
      const arena = Arena.lease();
      arena.allocUnsafe(Uint8Array, bytes);
      assert.equal(arenaStats().used, before.used + bytes);
    };
    drop();
    // Not the number of arenas: one that an earlier test dropped may go first.
    await collectUntil(() => arenaStats().openScopes === before.openScopes);
    const after = arenaStats();
    const { used, capacity, openScopes, oldestScopeAge } = before;
    assert.deepEqual(
      {
        used: after.used,
        capacity: after.capacity,
        openScopes: after.openScopes,
        oldestScopeAge: after.oldestScopeAge,
        peak: after.peak,
        allocations: after.allocations,
      },
      { used, capacity, openScopes, oldestScopeAge, peak: used + bytes, allocations: before.allocations + 1 },
    );
    assert.equal(oldestScopeAge, 0);
  });

  it('remembers at most 1024 idle arenas, however many there were at once', async () => {
    forgetIdleArenas();
    await collectTwice();
    const { arenas } = arenaStats();
    const use = (): void => {
      const open = Array.from({ length: 3000 }, () => new Arena());
      assert.equal(arenaStats().arenas, arenas + 3000);
      for (const arena of open) arena.close();
    };
    use();
    await collectUntil(() => arenaStats().arenas <= arenas + 1024);
    forgetIdleArenas();
    await collectUntil(() => arenaStats().arenas <= arenas);
  });

  it('knows the age of a lease', () => {
    assert.equal(arenaStats().oldestScopeAge, 0);
    const first = Arena.lease();
    const second = Arena.lease();
    first.close();
    assert.ok(arenaStats().oldestScopeAge >= 0);
    second.close();
    assert.equal(arenaStats().oldestScopeAge, 0);
  });

  it('knows the age of a lease that was reset under a hold', async () => {
    const arena = Arena.lease();
    const hold = arena.hold();
    arena.reset();
    hold[Symbol.dispose]();
    await new Promise((resolve) => setTimeout(resolve, 2));
    assert.ok(arenaStats().oldestScopeAge > 0);
    arena.close();
  });

  it('counts the arenas of other threads for the process only', async () => {
    const code = `
      const { parentPort, workerData } = require('node:worker_threads');
      const { Arena } = require(workerData);
      const arena = new Arena({ initialBytes: ${CHUNK} });
      arena.alloc(Uint8Array, 6400);
      parentPort.postMessage('open');
      parentPort.once('message', () => arena.close());`;
    const worker = new Worker(code, { eval: true, workerData: require.resolve('simd-arena') });
    await once(worker, 'message');
    const [thread, process] = [arenaStats(), arenaStats({ scope: 'process' })];
    assert.equal(process.used - thread.used, 6400);
    assert.equal(process.capacity - thread.capacity, CHUNK);
    assert.equal(process.openScopes - thread.openScopes, 1);
    worker.postMessage('close');
    await once(worker, 'exit');
    assert.equal(arenaStats({ scope: 'process' }).used, arenaStats().used);
    assert.equal(arenaStats({ scope: 'process' }).arenas, arenaStats().arenas);
  });

  it('keeps the events of threads that have ended in those of the process', async () => {
    const before = arenaStats({ scope: 'process' });
    const code = `
      const { Arena, arenaStats, withArena } = require(require('node:worker_threads').workerData);
      for (let count = 0; count < 10; count++) withArena((arena) => arena.alloc(Uint8Array, 1).length);
      const arena = new Arena({ maxBytes: 640 });
      for (let count = 0; count < 10; count++) arena.alloc(Uint8Array, 1);
      try { arena.alloc(Uint8Array, 1) } catch {}
      arena.close(); // Bun would, between the message and the end of the thread
      require('node:worker_threads').parentPort.postMessage(arenaStats());`;
    const worker = new Worker(code, { eval: true, workerData: require.resolve('simd-arena') });
    const [[stats]] = (await Promise.all([once(worker, 'message'), once(worker, 'exit')])) as unknown as [
      [ThreadArenaStats],
    ];
    const after = arenaStats({ scope: 'process' });
    assert.equal(stats.allocations, 20);
    for (const name of ['allocations', 'resets', 'grows', 'limitHits'] as const) {
      assert.ok(stats[name] > 0, name);
      assert.equal(after[name], before[name] + stats[name], name);
    }
    for (const name of ['used', 'capacity', 'arenas', 'openScopes'] as const) {
      assert.equal(after[name], before[name], name);
    }
  });
});
