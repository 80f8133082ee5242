// The real pools and arenas of one run, by the numbers that their models have.
//
// Nothing else may keep a view: what a run drops must be garbage.
import {
  arenaStats,
  BufferPool,
  PoolAllocator,
  type Arena,
  type ElementView,
  type PoolOptions,
  type PoolStats,
  type ThreadArenaStats,
  type Until,
  type ViewConstructor,
} from 'simd-arena';

import type { Model, ModelOptions } from './model';

/** The label of all pools and arenas of the runs. */
export const LABEL = 'model';

/** What is asked of a pool. */
export interface PoolRequest {
  readonly type: ViewConstructor;
  readonly length: number;
  readonly alignment: number | undefined;
  /** Of a BufferPool: only what is pooled. Of an allocator: all zero. */
  readonly special: boolean;
}

/** A BufferPool or a PoolAllocator. */
export interface RealPool {
  readonly typed: boolean;
  allocate(request: PoolRequest): ElementView | null;
  put(view: unknown): void;
  putAfter(view: unknown, until: unknown): void;
  reclaimAll(): void;
  trim(targetBytes?: number): number;
  stats(): PoolStats;
  close(): void;
}

function bufferPool(options: PoolOptions): RealPool {
  const pool = new BufferPool(options);
  return {
    typed: false,
    allocate: ({ length, alignment, special }) => pool[special ? 'get' : 'getOrAlloc'](length, { alignment }),
    put: (view) => pool.put(view as Buffer),
    putAfter: (view, until) => pool.putAfter(view as Buffer, until as Until),
    reclaimAll: () => pool.reclaimAll(),
    trim: (targetBytes) => pool.trim(targetBytes),
    stats: () => pool.stats(),
    close: () => pool.close(),
  };
}

function poolAllocator(options: PoolOptions): RealPool {
  const pool = new PoolAllocator(options);
  return {
    typed: true,
    allocate: ({ type, length, alignment, special }) =>
      pool[special ? 'alloc' : 'allocUnsafe'](type, length, { alignment }) as ElementView,
    put: (view) => pool.free(view as ElementView),
    putAfter: (view, until) => pool.freeAfter(view as ElementView, until as Until),
    reclaimAll: () => pool.reclaimAll(),
    trim: (targetBytes) => pool.trim(targetBytes),
    stats: () => pool.stats(),
    close: () => pool.close(),
  };
}

/** See the head of this file. */
export class Real {
  readonly pools: RealPool[];
  readonly arenas = new Map<number, Arena>();
  readonly views = new Map<number, ElementView>();
  /** What whoever took the memory of a view away has now. */
  readonly stolen = new Map<number, Uint8Array>();
  /** Ends a hold of an arena, or makes a buffer come back. */
  readonly releases = new Map<number, () => void>();

  readonly #options: ModelOptions;
  readonly #before: ThreadArenaStats = arenaStats();

  constructor(options: ModelOptions) {
    this.#options = options;
    this.pools = options.limits.map((_, index) => this.#newPool(index));
  }

  /** As `Model.reopenPool`. */
  reopenPool(index: number): void {
    this.pools[index]!.close();
    this.pools[index] = this.#newPool(index);
  }

  /** Forgets the views that `model` does not know any more. */
  forgetViews(model: Model): void {
    for (const id of this.views.keys()) if (!model.views.has(id)) this.views.delete(id);
  }

  /** A statistic of this thread, less what it was at the start. */
  threadStat(name: keyof ThreadArenaStats): number {
    return arenaStats()[name] - this.#before[name];
  }

  /** The last pool is typed. */
  #newPool(index: number): RealPool {
    const { staleViews, limits } = this.#options;
    const options: PoolOptions = { ...limits[index]!, staleViews, label: LABEL, leakDetection: 'off' };
    return index === limits.length - 1 ? poolAllocator(options) : bufferPool(options);
  }
}
