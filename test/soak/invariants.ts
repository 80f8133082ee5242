// What must hold whenever the actors of the main thread have let go of all that they had.
import assert from 'node:assert/strict';

import { arenaStats, type PoolStats } from 'simd-arena';

import { budgetInUse } from '../support/budget';
import { backend, collectGarbage, nextTurn } from '../support/runtime';
import type { AnyAccount } from './pool-account';
import type { World } from './world';

const MIB = 2 ** 20;
/**
 * How much more than in the warm-up there may be: noise of the collector and of the system's allocator, and far below what
 * a leak would take. Resident memory has that of V8's young generation, too, whose pages come and go as it likes.
 */
const MAX_GROWTH = { rss: 64 * MIB, heap: 16 * MIB, external: 16 * MIB };
/** Checks in a row that find more: what V8 and the system's allocator keep for later comes and goes, a leak stays. */
const MOST_EXCESSES = 6;
/** Collections after which everything that was dropped has been found. */
const MOST_COLLECTIONS = 100;

/** Memory of the process, in bytes. Only what is pooled may grow, up to the limits of the pools. */
export interface Memory {
  readonly rss: number;
  readonly heap: number;
  /** Counts what spare WebAssembly memories reserve, though they hold no memory: not asserted of the wasm backend. */
  readonly external: number;
  readonly pooled: number;
}

/** See the head of this file. */
export class Invariants {
  readonly #world: World;
  readonly #accounts: readonly AnyAccount[];
  /** The most that the warm-up has taken. */
  readonly #warm = { rss: 0, heap: 0, external: 0 };
  readonly #excesses = { rss: 0, heap: 0, external: 0 };

  constructor(world: World, accounts: readonly AnyAccount[]) {
    this.#world = world;
    this.#accounts = accounts;
  }

  /** Asserts all of them; while the process warms up, its memory may still grow. */
  async check(isWarm: boolean): Promise<Memory> {
    const pooled = this.#sum(({ pooledBytes }) => pooledBytes);
    await this.#collect();
    const stats = arenaStats();
    const { used, openScopes, oldestScopeAge, held, wasted } = stats;
    assert.deepEqual(
      { used, openScopes, oldestScopeAge, held, wasted },
      { used: 0, openScopes: 0, oldestScopeAge: 0, held: 0, wasted: 0 },
    );
    this.#world.arenas.check('arenas', stats);
    for (const account of this.#accounts) account.check();
    this.#checkProcess();
    await this.#checkBudget();
    return { ...this.#checkMemory(isWarm), pooled };
  }

  /** Collects garbage until nothing is left that somebody dropped. */
  async #collect(): Promise<void> {
    const left = (): number => arenaStats().openScopes + this.#sum(({ inUse }) => inUse);
    for (let turn = 0; turn < MOST_COLLECTIONS && (turn < 4 || left() > 0); turn++) {
      await collect();
    }
  }

  /** Where no worker lives, the process is this thread. */
  #checkProcess(): void {
    const { used, capacity, wasted, arenas, openScopes, oldestScopeAge, held } = arenaStats({ scope: 'process' });
    const thread = arenaStats();
    for (const [name, value] of Object.entries({ used, capacity, wasted, arenas, openScopes, oldestScopeAge, held })) {
      assert.equal(value, thread[name as keyof typeof thread], `${name} of the process`);
    }
  }

  /** Nothing but idle memory takes of the budget; finding out lets that go, too. */
  async #checkBudget(): Promise<void> {
    // What an exhausted stack left of a pool that is gone is found by one collection after another.
    for (let turn = 0; turn < MOST_COLLECTIONS && budgetInUse() > 0; turn++) await collect();
    const inUse = budgetInUse();
    const capacity = arenaStats().capacity + this.#sum((stats) => stats.capacity);
    assert.deepEqual({ inUse, capacity }, { inUse: 0, capacity: 0 }, 'the budget in use');
  }

  #sum(of: (stats: PoolStats) => number): number {
    return this.#accounts.reduce((sum, { pool }) => sum + of(pool.stats()), 0);
  }

  #checkMemory(isWarm: boolean): Omit<Memory, 'pooled'> {
    collectGarbage();
    const { rss, heapUsed, external } = process.memoryUsage();
    const memory = { rss, heap: heapUsed, external };
    for (const name of ['rss', 'heap', 'external'] as const) {
      if (name === 'external' && backend === 'wasm') continue;
      if (!isWarm) this.#warm[name] = Math.max(this.#warm[name], memory[name]);
      const growth = memory[name] - this.#warm[name];
      this.#excesses[name] = growth > MAX_GROWTH[name] ? this.#excesses[name] + 1 : 0;
      assert.ok(this.#excesses[name] < MOST_EXCESSES, `${name} has grown by ${growth} bytes since the warm-up`);
    }
    return memory;
  }
}

async function collect(): Promise<void> {
  collectGarbage();
  await nextTurn();
}
