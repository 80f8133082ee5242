// All that pools and arenas of one run must show: the models of each, and what they have in common.
import type { StaleViews, ThreadArenaStats } from 'simd-arena';

import { ArenaModel, type ArenaView, type LeaseModel, type ThreadCounts } from './arena-model';
import { type PooledView, PoolModel, type PoolLimits, type SlotModel } from './pool-model';

/** A hold on an arena. */
export interface HoldModel {
  readonly id: number;
  readonly arena: ArenaModel;
  readonly lease: LeaseModel;
}

/** A buffer that comes back when something is done. */
export interface PutModel {
  readonly id: number;
  readonly slot: SlotModel;
}

/** How the run's pools and arenas treat what is stale, and the limits of its pools. */
export interface ModelOptions {
  readonly staleViews: StaleViews;
  readonly limits: readonly Omit<PoolLimits, 'staleViews'>[];
}

/** The statistics of the thread that the model knows. */
export type KnownThreadStats = Pick<
  ThreadArenaStats,
  'used' | 'openScopes' | 'held' | 'allocations' | 'resets' | 'limitHits' | 'escapes' | 'staleWrites' | 'leaks'
>;

/** See the head of this file. Real objects have the same numbers. */
export class Model {
  readonly staleViews: StaleViews;
  readonly pools: PoolModel[];
  readonly arenas = new Map<number, ArenaModel>();
  readonly views = new Map<number, PooledView | ArenaView>();
  readonly holds: HoldModel[] = [];
  readonly puts: PutModel[] = [];
  /** Whether there is a budget, so that memory may be refused and idle memory given back. */
  limited = false;
  /** Chunks of arenas that were taken away. */
  stolenChunks = 0;
  steps = 0;

  readonly thread: ThreadCounts = { allocations: 0, resets: 0, limitHits: 0, escapes: 0, leaks: 0 };
  /** Poisoned buffers of closed pools that were found written to. */
  #earlierStaleWrites = 0;
  #lastId = 0;

  constructor({ staleViews, limits }: ModelOptions) {
    this.staleViews = staleViews;
    this.pools = limits.map((limit) => new PoolModel({ ...limit, staleViews }));
  }

  /** A number that nothing has yet. */
  newId(): number {
    return ++this.#lastId;
  }

  /** Opens an arena; `maxBytes` may be Infinity. */
  openArena(staleViews: StaleViews, maxBytes: number): ArenaModel {
    const arena = new ArenaModel(this.newId(), staleViews, maxBytes, this.thread);
    this.arenas.set(arena.id, arena);
    return arena;
  }

  /** Closes a pool, and opens one with the same limits in its place. */
  reopenPool(index: number): void {
    const pool = this.pools[index]!;
    pool.close();
    this.#earlierStaleWrites += pool.staleWrites;
    this.pools[index] = new PoolModel(pool.limits);
  }

  /** All views of pooled buffers that meet `condition`. */
  pooledViews(condition: (view: PooledView) => boolean): PooledView[] {
    return [...this.views.values()].filter((view): view is PooledView => 'slot' in view && condition(view));
  }

  /** What `arenaStats()` must say, less what it said at the start. */
  threadStats(): KnownThreadStats {
    const open = [...this.arenas.values()].map(({ lease }) => lease);
    const held = new Set(this.holds.map(({ lease }) => lease).filter((lease) => !lease.open));
    return {
      ...this.thread,
      used: [...open, ...held].reduce((sum, { used }) => sum + used, 0),
      openScopes: open.length,
      held: held.size,
      staleWrites: this.pools.reduce((sum, { staleWrites }) => sum + staleWrites, this.#earlierStaleWrites),
    };
  }
}
