// What a pool must do, in as few words as possible: numbers and lists, no memory.
//
// Slots are told apart, because under 'allow' and 'poison' an old view leads to whoever has its slot now. One thing is
// left open: in which order a pool takes back all that is out, and so which of it no longer finds room.
import assert from 'node:assert/strict';

import type { PoolStats, StaleViews } from 'simd-arena';

import type { ViewModel } from './view-model';

const MIN_BYTES = 64;
const CLASSES = 22;
/** The class of what is never pooled. */
const LARGE = CLASSES;

/** The limits and the level of a pool. */
export interface PoolLimits {
  readonly maxPoolBytes: number;
  readonly maxBuffersPerBucket: number;
  readonly staleViews: StaleViews;
}

/** A view of a pool's buffer. */
export interface PooledView extends ViewModel {
  readonly slot: SlotModel;
}

/** A pooled buffer. */
export class SlotModel {
  readonly pool: PoolModel;
  readonly sizeClass: number;
  state: 'out' | 'held' | 'idle' | 'ended' = 'out';
  /** Whether somebody took its ArrayBuffer away. */
  stolen = false;
  /** Whether it was written to while it was poisoned. */
  dirty = false;
  /** All views of its present ArrayBuffer; the last one is the user's while the slot is out. */
  readonly views: PooledView[] = [];

  constructor(pool: PoolModel, sizeClass: number) {
    this.pool = pool;
    this.sizeClass = sizeClass;
  }

  /** The view that was handed out last. */
  get view(): PooledView {
    return this.views.at(-1)!;
  }

  /** Cuts all views off the memory, for good: they lead to no slot any more. */
  cut(): void {
    for (const view of this.views.splice(0)) view.state = 'cut';
  }

  /** Somebody takes the ArrayBuffer away: its views are empty, but still lead here. */
  steal(): void {
    this.stolen = true;
    for (const view of this.views) view.state = 'cut';
  }
}

/** The size class for `bytes` at `alignment`. */
export function classOf(bytes: number, alignment = MIN_BYTES): number {
  for (let sizeClass = 0; sizeClass < CLASSES; sizeClass++) {
    if (Math.max(bytes, alignment) <= bytesOf(sizeClass)) return sizeClass;
  }
  return LARGE;
}

function bytesOf(sizeClass: number): number {
  return MIN_BYTES * 2 ** sizeClass;
}

/** See the head of this file. */
export class PoolModel {
  readonly limits: PoolLimits;
  closed = false;
  readonly out = new Set<SlotModel>();
  /** Poisoned buffers that were found written to. */
  staleWrites = 0;

  /** Idle slots by class, coldest first. */
  readonly #idle: SlotModel[][] = Array.from({ length: CLASSES }, () => []);
  readonly #counts = {
    allocations: 0,
    deallocations: 0,
    bytesAllocated: 0,
    bytesFreed: 0,
    hits: 0,
    misses: 0,
    leaks: 0,
    lost: 0,
  };
  #discards = { bucketFull: 0, poolFull: 0, unused: 0, trimmed: 0, tooLarge: 0 };

  constructor(limits: PoolLimits) {
    this.limits = limits;
  }

  get idle(): readonly SlotModel[] {
    return this.#idle.flat();
  }

  get pooledBytes(): number {
    return this.idle.reduce((sum, { sizeClass }) => sum + bytesOf(sizeClass), 0);
  }

  /** A request: the idle slot that serves it, if any. */
  take(sizeClass: number): SlotModel | undefined {
    for (;;) {
      const slot = this.#idle[sizeClass]?.pop();
      if (slot === undefined) {
        this.#counts.misses++;
        return undefined;
      }
      if (slot.dirty && !slot.stolen) this.staleWrites++;
      slot.dirty = false;
      if (!slot.stolen) {
        this.#counts.hits++;
        return slot;
      }
      this.#lose(slot);
    }
  }

  /** A slot for which there was none idle. */
  make(sizeClass: number): SlotModel {
    return new SlotModel(this, sizeClass);
  }

  /** Hands out a view of `slot`. */
  handOut(slot: SlotModel, id: number, bytes: number): PooledView {
    const view: PooledView = { id, bytes, state: 'live', slot };
    slot.views.push(view);
    slot.state = 'out';
    this.out.add(slot);
    this.#counts.allocations++;
    this.#counts.bytesAllocated += bytes;
    return view;
  }

  /** A buffer comes back. */
  put(slot: SlotModel): void {
    const reason = this.#discardReason(slot.sizeClass);
    this.#countBack(slot);
    if (reason !== undefined) {
      this.#discards[reason]++;
      this.#discard(slot);
    } else if (slot.stolen) {
      this.#lose(slot);
    } else {
      this.#keep(slot, this.limits.staleViews);
    }
  }

  /**
   * All buffers that are out and not held come back. `actual` says which of them found room; it must be as many as there
   * was room for.
   */
  reclaimAll(actual: PoolStats): void {
    const reclaimed = [...this.out].filter(({ state }) => state === 'out');
    let unexplained = 0;
    for (const slot of reclaimed) {
      this.#countBack(slot);
      const { idle = 0 } = actual.buckets[slot.sizeClass] ?? {};
      if (slot.sizeClass === LARGE) {
        this.#discards.tooLarge++;
        this.#discard(slot);
      } else if (!slot.stolen && this.#idle[slot.sizeClass]!.length < idle) {
        this.#keep(slot, 'revoke');
      } else {
        if (!slot.stolen) this.#assertNoRoom(slot.sizeClass, actual);
        unexplained++;
        this.#discard(slot);
      }
    }
    this.#adoptDiscards(
      actual,
      unexplained,
      reclaimed.filter(({ stolen, sizeClass }) => stolen && sizeClass < LARGE).length,
    );
  }

  /** Gives idle buffers back until at most `target` bytes are pooled; the bytes given back. */
  trim(target: number): number {
    const before = this.pooledBytes;
    while (this.pooledBytes > target) {
      const bytes = this.#idle.map((stack, sizeClass) => stack.length * bytesOf(sizeClass));
      const fullest = bytes.indexOf(Math.max(...bytes));
      this.#discards.trimmed++;
      this.#discard(this.#idle[fullest]!.shift()!);
    }
    return before - this.pooledBytes;
  }

  /** The end of the pool: what is held stays until its hold ends. */
  close(): void {
    this.closed = true;
    for (const slot of this.out) if (slot.state === 'out') this.put(slot);
    this.trim(0);
  }

  /** The garbage collector has found that nobody has `slot` any more. */
  leak(slot: SlotModel): void {
    this.#countBack(slot);
    this.#counts.leaks++;
    slot.state = 'ended';
    slot.views.length = 0;
  }

  /** What `stats()` must say; the capacity depends on which buffers share memory. */
  stats(): Omit<PoolStats, 'label' | 'capacity'> {
    const counts = this.#counts;
    const { hits, misses, bytesAllocated, bytesFreed } = counts;
    const out = [...this.out];
    return {
      ...counts,
      inUse: out.length,
      bytesInUse: bytesAllocated - bytesFreed,
      wastedBytes: out
        .filter(({ sizeClass }) => sizeClass < LARGE)
        .reduce((sum, { sizeClass, view }) => sum + bytesOf(sizeClass) - view.bytes, 0),
      hitRate: hits === 0 ? 0 : hits / (hits + misses),
      pooledBuffers: this.idle.length,
      pooledBytes: this.pooledBytes,
      buckets: this.#idle.map((stack, sizeClass) => ({
        bytes: bytesOf(sizeClass),
        idle: stack.length,
        inUse: out.filter((slot) => slot.sizeClass === sizeClass).length,
      })),
      discards: { ...this.#discards },
    };
  }

  #discardReason(sizeClass: number): keyof PoolStats['discards'] | undefined {
    if (this.closed) return 'trimmed';
    if (sizeClass === LARGE) return 'tooLarge';
    if (this.#idle[sizeClass]!.length >= this.limits.maxBuffersPerBucket) return 'bucketFull';
    return this.pooledBytes + bytesOf(sizeClass) > this.limits.maxPoolBytes ? 'poolFull' : undefined;
  }

  #countBack(slot: SlotModel): void {
    this.out.delete(slot);
    this.#counts.deallocations++;
    this.#counts.bytesFreed += slot.view.bytes;
  }

  #keep(slot: SlotModel, staleViews: StaleViews): void {
    slot.state = 'idle';
    this.#idle[slot.sizeClass]!.push(slot);
    if (staleViews === 'revoke') slot.cut();
    else if (!slot.stolen) slot.view.state = 'stale';
  }

  #discard(slot: SlotModel): void {
    if (slot.stolen) {
      this.#lose(slot);
    } else {
      slot.state = 'ended';
      slot.cut();
    }
  }

  #lose(slot: SlotModel): void {
    slot.state = 'ended';
    this.#counts.lost++;
  }

  /** A buffer of this class was not kept, so there was none for it at the end either. */
  #assertNoRoom(sizeClass: number, { buckets, pooledBytes }: PoolStats): void {
    const { maxBuffersPerBucket, maxPoolBytes } = this.limits;
    const full = buckets[sizeClass]!.idle === maxBuffersPerBucket;
    assert.ok(full || pooledBytes + bytesOf(sizeClass) > maxPoolBytes, 'a buffer was discarded that had room');
  }

  /** Every buffer that was not kept was discarded for one reason; a stolen one possibly for none. */
  #adoptDiscards({ discards }: PoolStats, discarded: number, stolen: number): void {
    const { bucketFull, poolFull } = this.#discards;
    const reasons = discards.bucketFull - bucketFull + discards.poolFull - poolFull;
    assert.ok(reasons <= discarded && reasons >= discarded - stolen, 'a buffer was discarded for no reason');
    this.#discards = { ...this.#discards, bucketFull: discards.bucketFull, poolFull: discards.poolFull };
  }
}
