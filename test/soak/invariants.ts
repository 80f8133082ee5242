// What must hold whenever the actors of the main thread have let go of all that they had.
import assert from 'node:assert/strict';

import { arenaStats, type BufferPool, type PoolAllocator } from 'simd-arena';

import { budgetInUse } from '../support/budget';
import { backend, collectGarbage, nextTurn } from '../support/runtime';
import type { PoolAccount } from './pool-account';
import type { World } from './world';

const MIB = 2 ** 20;
/** Noise of the collector and of the system's allocator, and far below what a leak would take. */
const MAX_GROWTH = 16 * MIB;
/** Checks in a row that find more: what V8 and the system's allocator keep for later comes and goes, a leak stays. */
const MOST_EXCESSES = 6;
/** Collections after which everything that was dropped has been found. */
const MOST_COLLECTIONS = 100;

/** Memory of the process that must not grow, in bytes. */
export interface Memory {
  readonly rss: number;
  readonly heap: number;
  /** Counts what spare WebAssembly memories reserve, though they hold no memory: not asserted of the wasm backend. */
  readonly external: number;
}

/** See the head of this file. */
export class Invariants {
  readonly #world: World;
  readonly #accounts: readonly PoolAccount<BufferPool | PoolAllocator>[];
  /** The most that the warm-up has taken. */
  readonly #warm = { rss: 0, heap: 0, external: 0 };
  readonly #excesses = { rss: 0, heap: 0, external: 0 };

  constructor(world: World, accounts: readonly PoolAccount<BufferPool | PoolAllocator>[]) {
    this.#world = world;
    this.#accounts = accounts;
  }

  /** Asserts all of them; while the process warms up, its memory may still grow. */
  async check(isWarm: boolean): Promise<Memory> {
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
    this.#checkBudget();
    return this.#checkMemory(isWarm);
  }

  /** Collects garbage until nothing is left that somebody dropped. */
  async #collect(): Promise<void> {
    const left = (): number =>
      arenaStats().openScopes + this.#accounts.reduce((sum, { pool }) => sum + pool.stats().inUse, 0);
    for (let turn = 0; turn < MOST_COLLECTIONS && (turn < 4 || left() > 0); turn++) {
      collectGarbage();
      await nextTurn();
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
  #checkBudget(): void {
    const inUse = budgetInUse();
    const capacity = arenaStats().capacity + this.#accounts.reduce((sum, { pool }) => sum + pool.stats().capacity, 0);
    assert.deepEqual({ inUse, capacity }, { inUse: 0, capacity: 0 }, 'the budget in use');
  }

  #checkMemory(isWarm: boolean): Memory {
    collectGarbage();
    const { rss, heapUsed, external } = process.memoryUsage();
    const memory: Memory = { rss, heap: heapUsed, external };
    for (const name of ['rss', 'heap', 'external'] as const) {
      if (name === 'external' && backend === 'wasm') continue;
      if (!isWarm) this.#warm[name] = Math.max(this.#warm[name], memory[name]);
      const growth = memory[name] - this.#warm[name];
      this.#excesses[name] = growth > MAX_GROWTH ? this.#excesses[name] + 1 : 0;
      assert.ok(this.#excesses[name] < MOST_EXCESSES, `${name} has grown by ${growth} bytes since the warm-up`);
    }
    return memory;
  }
}
