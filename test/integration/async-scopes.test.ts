import assert from 'node:assert/strict';
import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';

import { arenaStats, sumU8, withArena } from 'simd-arena';

import { fillPattern, overwriteReleasedMemory, patternOf } from './support';

/** Small, deterministic random numbers: 0 … 2^31 - 1. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return state;
  };
}

function isPattern(bytes: Uint8Array, seed: number): boolean {
  return Buffer.compare(bytes, patternOf(bytes.length, seed)) === 0;
}

async function pause(random: () => number): Promise<void> {
  const kind = random() % 4;
  if (kind === 0) return;
  if (kind === 1) await nextTurn();
  else if (kind === 2) await delay(random() % 20);
  else await Promise.resolve();
}

describe('asynchronous scopes', () => {
  afterEach(() => {
    const { used, openScopes, held, oldestScopeAge } = arenaStats();
    assert.deepEqual(
      { used, openScopes, held, oldestScopeAge },
      { used: 0, openScopes: 0, held: 0, oldestScopeAge: 0 },
    );
  });

  it('by the thousand have memory of their own, whatever their sizes, delays, nesting and errors', async function () {
    this.timeout(30_000);
    const escapes: Uint8Array[] = [];

    async function scope(seed: number, depth: number): Promise<number> {
      const random = randomFrom(seed);
      const fails = random() % 10 === 0;
      const staleViews = (['revoke', 'revoke', 'poison', 'allow'] as const)[random() % 4]!;
      const maximum = random() % 50 === 0 ? 300_000 : 6000;
      return withArena({ label: `depth ${depth}`, staleViews }, async (arena) => {
        const views: Uint8Array[] = [];
        for (let count = 1 + (random() % 4); count > 0; count--) {
          const view = arena.allocUnsafe(Uint8Array, random() % maximum);
          fillPattern(view, seed + views.length);
          views.push(view);
          await pause(random);
        }
        let inner = 0;
        if (depth > 0 && random() % 2 === 0) {
          inner = await scope(seed + 7919, depth - 1).catch((error: unknown) => {
            assert.equal((error as Error).message, 'on purpose');
            return 0;
          });
        }
        await pause(random);
        for (const [index, view] of views.entries()) assert.ok(isPattern(view, seed + index), `scope ${seed}`);
        if (staleViews === 'revoke') escapes.push(views[0]!);
        if (fails) throw new Error('on purpose');
        return views.reduce((sum, view) => sum + sumU8(view), inner);
      });
    }

    const results = await Promise.allSettled(Array.from({ length: 3000 }, (_, seed) => scope(seed + 1, 2)));
    const failed = results.filter((result) => result.status === 'rejected');
    for (const { reason } of failed) assert.equal((reason as Error).message, 'on purpose');
    assert.ok(failed.length > 100 && failed.length < 1000, `${failed.length} failed`);
    assert.ok(escapes.length > 1000);
    assert.ok(escapes.every((view) => view.length === 0));
  });

  it('interleave with synchronous ones in their middle', async () => {
    await Promise.all(
      Array.from({ length: 200 }, (_, seed) =>
        withArena(async (arena) => {
          const view = arena.allocUnsafe(Uint8Array, 1000);
          fillPattern(view, seed);
          for (let turn = 0; turn < 5; turn++) {
            overwriteReleasedMemory(5000, 2);
            await nextTurn();
          }
          assert.ok(isPattern(view, seed));
        }),
      ),
    );
  });

  it('take away the memory of a loser of Promise.race that did not hold it', async () => {
    let seenByLoser: number | undefined;
    let loser: Promise<void> | undefined;
    await withArena(async (arena) => {
      const view = arena.allocUnsafe(Uint8Array, 100).fill(1);
      loser = delay(10).then(() => {
        seenByLoser = view.length;
      });
      await Promise.race([loser, nextTurn()]);
    });
    overwriteReleasedMemory(100);
    await loser;
    assert.equal(seenByLoser, 0);
  });

  it('leave their memory to a loser of Promise.race with waitUntil, until it has settled', async () => {
    const losers: Promise<void>[] = [];
    const views: Uint8Array[] = [];
    let settle!: () => void;
    const scopesAreOver = new Promise<void>((resolve) => (settle = resolve));
    await Promise.all(
      Array.from({ length: 100 }, (_, seed) =>
        withArena(async (arena) => {
          const view = arena.allocUnsafe(Uint8Array, 500 + seed);
          fillPattern(view, seed);
          const loser = scopesAreOver.then(async () => {
            await delay(seed % 10);
            assert.ok(isPattern(view, seed));
            view.fill(0);
            if (seed % 3 === 0) throw new Error('on purpose');
          });
          losers.push(loser);
          views.push(view);
          arena.waitUntil(loser);
          await Promise.race([loser, nextTurn()]);
        }),
      ),
    );
    assert.equal(arenaStats().held, 100);
    assert.ok(views.every((view, seed) => view.length === 500 + seed));
    overwriteReleasedMemory(1000, 20);
    settle();
    const results = await Promise.allSettled(losers);
    for (const result of results) {
      if (result.status === 'rejected') assert.equal((result.reason as Error).message, 'on purpose');
    }
    await nextTurn();
    assert.ok(views.every((view) => view.length === 0));
  });
});
