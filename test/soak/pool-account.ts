// A pool, and what was done with it.
import assert from 'node:assert/strict';

import type { BufferPool, PoolAllocator } from 'simd-arena';

import { Ledger, poolEvents, type PoolLedger } from './ledger';
import type { World } from './world';

/** The account of a pool of either kind. */
export type AnyAccount = PoolAccount<BufferPool | PoolAllocator>;

function eventsOf(pool: BufferPool | PoolAllocator): Record<(typeof poolEvents)[number], number> {
  const { hits, misses, allocations, bytesAllocated, leaks, lost } = pool.stats();
  return { requests: hits + misses, allocations, bytesAllocated, leaks, lost };
}

/** See the head of this file. */
export class PoolAccount<P extends BufferPool | PoolAllocator> {
  readonly pool: P;
  readonly ledger: PoolLedger;
  readonly #world: World;

  constructor(world: World, pool: P) {
    this.pool = pool;
    this.ledger = new Ledger(poolEvents, eventsOf(pool));
    this.#world = world;
  }

  /** What the pool hands out, in a way that may find nothing, or be refused where memory is scarce. */
  take<V extends ArrayBufferView>(allocate: () => V | null): V | undefined {
    const view = this.#world.scarcity.attempt(allocate) ?? undefined;
    this.ledger.add('requests');
    this.#world.tally.add('buffers');
    if (view === undefined) return undefined;
    this.ledger.add('allocations');
    this.ledger.add('bytesAllocated', view.byteLength);
    return view;
  }

  /** Asserts that the pool counts what was done, once everything has come back. */
  check(): void {
    const stats = this.pool.stats();
    const whose = `pool ${stats.label}`;
    this.ledger.check(whose, eventsOf(this.pool));
    const { inUse, bytesInUse, wastedBytes, allocations, deallocations } = stats;
    assert.deepEqual(
      { inUse, bytesInUse, wastedBytes, deallocations },
      { inUse: 0, bytesInUse: 0, wastedBytes: 0, deallocations: allocations },
      whose,
    );
    this.#checkBuffers(whose);
  }

  /** Every buffer that was made is idle, or the pool has let it go, or it leaked, or somebody took it away. */
  #checkBuffers(whose: string): void {
    const { allocations, hits, pooledBuffers, pooledBytes, buckets, discards, leaks, lost } = this.pool.stats();
    const { bucketFull, poolFull, unused, trimmed, tooLarge } = discards;
    const discarded = bucketFull + poolFull + unused + trimmed + tooLarge;
    const missing = allocations - hits - pooledBuffers - discarded - leaks;
    // Who takes a buffer away that the pool would not have kept is counted twice.
    assert.ok(missing >= 0 && missing <= lost, `${whose}: ${missing} buffers are missing, ${lost} lost`);
    const idleBytes = buckets.reduce((sum, { bytes, idle }) => sum + bytes * idle, 0);
    assert.equal(idleBytes, pooledBytes, `${whose}: bytes of idle buffers`);
  }
}
