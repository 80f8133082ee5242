import assert from 'node:assert/strict';

import { backends, hasExternalBuffers } from '../support/runtime';
import { hasTransfer, resultOf, type Variables } from './support';

const MIB = 2 ** 20;

interface ScopesResult {
  readonly total: number;
  readonly used: number;
  readonly arenas: number;
  readonly openScopes: number;
  readonly resets: number;
  readonly rssGrowth: number;
  readonly externalGrowth: number;
  readonly arrayBuffersGrowth: number;
}

async function assertFlat(scenario: string, scopes: number, variables: Variables): Promise<void> {
  const result = (await resultOf('memory', [scenario], variables)) as ScopesResult;
  const bytes = Array.from({ length: scopes }, (_, index) => index % 3000).reduce((sum, length) => sum + length, 0);
  assert.equal(result.total, scopes * 100 + bytes);
  assert.equal(result.used, 0);
  assert.equal(result.openScopes, 0);
  assert.equal(result.arenas, 1, 'one arena serves all');
  assert.equal(result.resets, scopes + 20_000);
  // Noise of the collector and of the allocators below it, and far below one byte for each scope.
  for (const name of ['rssGrowth', 'externalGrowth', 'arrayBuffersGrowth'] as const) {
    assert.ok(result[name] < 32 * MIB, `${name}: ${result[name]} bytes`);
  }
}

describe('memory', () => {
  it('stays flat over a million synchronous scopes without a turn of the event loop', async function () {
    this.timeout(60_000);
    // Not with external memory on Node 20, where finalizers of revoked buffers wait for the event loop.
    await assertFlat('many-scopes', 1_000_000, { SIMD_ARENA_BACKEND: undefined });
  });

  for (const backend of backends) {
    it(`stays flat over many scopes where the event loop turns, in ${backend} memory`, async function () {
      this.timeout(60_000);
      await assertFlat('many-scopes-with-turns', 200_000, { SIMD_ARENA_BACKEND: backend });
    });

    it(`of arenas that were dropped without being closed comes back, in ${backend} memory`, async function () {
      this.timeout(30_000);
      interface Stats {
        readonly used: number;
        readonly capacity: number;
        readonly arenas: number;
        readonly allocations: number;
        readonly openScopes: number;
        readonly leaks: number;
      }
      const { before, after, again } = (await resultOf('memory', ['dropped'], { SIMD_ARENA_BACKEND: backend })) as {
        readonly before: Stats;
        readonly after: Stats;
        readonly again: Stats;
      };
      assert.equal(before.arenas, 50);
      assert.ok(before.capacity > 50 * 200_000);
      assert.equal(before.allocations, 75);
      assert.equal(before.leaks, 0);
      for (const [stats, allocations, leaks] of [[after, 75, 50] as const, [again, 150, 100] as const]) {
        const { used, capacity, arenas, openScopes } = stats;
        assert.deepEqual({ used, capacity, arenas, openScopes }, { used: 0, capacity: 0, arenas: 0, openScopes: 0 });
        assert.equal(stats.allocations, allocations);
        assert.equal(stats.leaks, leaks);
      }
    });

    it(`of dropped arenas is reused, in ${backend} memory`, async function () {
      this.timeout(30_000);
      const { growth, capacity } = (await resultOf('memory', ['dropped-again-and-again'], {
        SIMD_ARENA_BACKEND: backend,
      })) as { readonly growth: number; readonly capacity: number };
      assert.equal(capacity, 0);
      // Forty times what the first fifty arenas took would be 800 MiB.
      assert.ok(growth < 32 * MIB, `${growth} bytes`);
    });

    it(`of closed arenas is not kept by views that are, in ${backend} memory`, async () => {
      assert.deepEqual(await resultOf('memory', ['closed-views'], { SIMD_ARENA_BACKEND: backend }), {
        lengths: [0],
        capacity: 0,
        used: 0,
      });
    });

    it(`may be used in finalizers, in ${backend} memory`, async function () {
      this.timeout(30_000);
      assert.deepEqual(await resultOf('memory', ['finalizers'], { SIMD_ARENA_BACKEND: backend }), {
        finalized: 300,
        total: 300 * 110,
        used: 0,
        openScopes: 0,
      });
    });
  }

  it('of arenas that are held stays, although nobody keeps the arena or the hold', async function () {
    this.timeout(30_000);
    const stats = (await resultOf('memory', ['dropped-while-held'])) as Readonly<Record<string, number>>;
    const { arenas, used, openScopes } = stats;
    assert.deepEqual({ arenas, used, openScopes }, { arenas: 20, used: 20 * 200_000, openScopes: 20 });
  });
});

describe('memory of pools stays flat', () => {
  // On Node 20, external buffers that were detached wait for the event loop.
  const synchronous = hasTransfer || !hasExternalBuffers;
  const turns = synchronous ? 'without a turn of the event loop' : 'where the event loop turns';
  for (const [scenario, { count, perTurn, what }] of Object.entries({
    'one-size': {
      count: 1_000_000,
      perTurn: synchronous ? Infinity : 10_000,
      what: `while a buffer is taken and put back a million times, ${turns}`,
    },
    churn: { count: 2000, perTurn: 100, what: 'while buffers of all sizes come and go' },
    dropped: { count: 2000, perTurn: 100, what: 'while pools are dropped, with buffers that are idle and out' },
  })) {
    it(what, async function () {
      this.timeout(60_000);
      const growth = (await resultOf('pool-memory', [scenario, String(count), String(perTurn)])) as Readonly<
        Record<string, number>
      >;
      // Noise of the collector, and what waits for it; 500 MB and more go through the pools.
      for (const [name, bytes] of Object.entries(growth)) assert.ok(bytes < 96 * MIB, `${name}: ${bytes} bytes`);
    });
  }
});
