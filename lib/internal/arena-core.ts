// The recycled part of an arena: its chunks, the bump state that it shares with native code, and what the lease that
// uses it now wants. Arena handles come and go; a core goes on, from lease to idle list to lease.
//
// Life of a core:  begin ─> reserve … release … ─> end ─> (holds) ─> idle ─> begin …
//
// Invariant: under 'revoke', the buffer of an idle core has never been seen by anybody.
import { debuglog } from 'node:util';

import {
  growChannel,
  limitChannel,
  ofScope,
  publishLater,
  report,
  scopeEndChannel,
  staleWriteChannel,
  type GrowMessage,
  type LimitMessage,
  type ScopeEndMessage,
} from '../diagnostics';
import { createError } from '../errors';
import { ArenaChunks, chunkBytesOfThread, isDetached } from './arena-chunks';
import type { ChunkMemory } from './backend';
import { chunkBytesFor } from './chunk-size';
import { counters as threadCounters } from './counters';
import { Granule } from './granule';
import { releaseIdleMemory } from './idle-memory';
import { typedArrayFill } from './intrinsics';
import type { LabelHistory } from './label-history';
import { reportLeak } from './leaks';
import { defaultLease, retainedBytes, type Lease } from './lease';
import { maxChunkBytes, native } from './native';
import { unwatchHolds, watchHolds, type Held } from './overdue-holds';
import { FIRST_CHUNK_BYTES, RETAIN_BYTES_PER_THREAD } from './settings';
import { ArenaState, MemoryStat, Status } from './tables';

const STATE_BYTES = 64;
const OPENED_AT_OFFSET = 56;
const POISON = 0xff;

const debug = debuglog('simd-arena');
// Bun does not say whether it is.
const debugEnabled = (debug.enabled as boolean | undefined) ?? 'NODE_DEBUG' in process.env;

// A constant of this module, which V8 embeds in compiled code, as it does not with an import.
const counters = threadCounters;

/** Where cores go when their lease has ended. */
export interface ArenaHome {
  /** Bytes of all idle cores. */
  readonly idleBytes: number;
  /** Takes back a core that has nothing handed out. */
  giveBack(core: ArenaCore): void;
  /** Gives back what idle cores keep beyond what their label needs by now. */
  shrink(): void;
}

/** Where an allocation of the slow path lies. */
export interface Reservation {
  readonly buffer: ArrayBuffer;
  readonly byteOffset: number;
  /** Whether nobody has seen this memory yet, so that it is still zero. */
  readonly fresh: boolean;
}

/** See the head of this file. */
export class ArenaCore implements Held {
  /** Shared with native code, indexed by `ArenaState`. */
  readonly state: Uint32Array;
  readonly chunks: ArenaChunks;
  readonly #home: ArenaHome;
  readonly #openedAt: Float64Array;
  readonly #remains: Remains;
  /** What did not fit one chunk in an earlier scope: as much, in one, should come next where the same label is at work. */
  #coalescedBytes = 0;
  #coalescedBy: LabelHistory | undefined;
  /** Whether views of a lease that did not revoke may be alive. */
  #stale = false;
  /** Bytes that were poisoned when they were released, and have not been verified since; and the label of their scope. */
  #poisonedBytes = 0;
  #poisonedBy: string | undefined;

  constructor(home: ArenaHome) {
    this.#home = home;
    const memory = new SharedArrayBuffer(STATE_BYTES);
    this.state = new Uint32Array(memory);
    this.#openedAt = new Float64Array(memory, OPENED_AT_OFFSET, 1);
    this.chunks = new ArenaChunks(this.state);
    const { state, chunks } = this;
    this.#remains = { state, openedAt: this.#openedAt, chunks, lease: defaultLease };
    droppedCores.register(this, this.#remains);
  }

  /** What the present lease, or the last one, wants. */
  get lease(): Lease {
    return this.#remains.lease;
  }

  /** The label of the present lease, or the last one. */
  get label(): string | undefined {
    return this.lease.label;
  }

  /** Whether the lease has ended. */
  get released(): boolean {
    return this.state[ArenaState.open] === 0;
  }

  /** Bytes of all chunks. */
  get capacity(): number {
    return this.state[ArenaState.capacity]! * Granule.Bytes;
  }

  /** Bytes handed out and not released. */
  get used(): number {
    return (this.state[ArenaState.offset]! + this.state[ArenaState.full]!) * Granule.Bytes;
  }

  /** What the lease lets the arena keep when it is reset or idle. */
  get retainedBytes(): number {
    return retainedBytes(this.lease);
  }

  /** Starts a lease. As all of the way of a scope, it is short, so that V8 inlines it: what is rare is elsewhere. */
  begin(lease: Lease): void {
    const { state } = this;
    if (this.#stale || lease.initialBytes !== undefined) this.#prepare(lease);
    this.#remains.lease = lease;
    state[ArenaState.maximum] = lease.maxGranules;
    state[ArenaState.peak] = 0;
    state[ArenaState.resets] = 0;
    state[ArenaState.grows] = 0;
    state[ArenaState.open] = 1;
    this.#updateLimit();
  }

  /** Adapts what the last lease left behind, under its name still, to `lease`. */
  #prepare(lease: Lease): void {
    if (this.#stale && lease.staleViews === 'revoke') {
      this.chunks.revoke(this.lease.label);
      this.#stale = false;
    }
    if (lease.initialBytes !== undefined) {
      this.#coalescedBytes = 0;
      if (this.capacity < lease.initialBytes) this.dropChunks();
    }
  }

  /** Starts a lease that goes on where `held`, which keeps its memory for its holds, leaves off. */
  beginAfter(held: ArenaCore): void {
    this.begin(held.lease);
    const { state } = this;
    state[ArenaState.peak] = Math.max(held.state[ArenaState.peak]!, held.used / Granule.Bytes);
    state[ArenaState.resets] = held.state[ArenaState.resets]! + 1;
    state[ArenaState.grows] = held.state[ArenaState.grows]!;
    this.#openedAt[0] = held.#openedAt[0]!;
  }

  /** Notes when the scope began, as soon as it turns out to last: milliseconds of the clock of all threads. */
  startClock(): void {
    this.#openedAt[0] = native.now();
  }

  /**
   * Reserves `bytes` where the fast path cannot: at an alignment (a power of two from 64 to 4096), in a new chunk, in
   * place of a chunk that was taken away, or in poisoned memory. Throws where that is refused, and nothing changes.
   */
  reserve(bytes: number, alignment: number): Reservation {
    const { state, chunks } = this;
    const granules = Math.max(1, Math.ceil(bytes / Granule.Bytes));
    if (isDetached(chunks.current)) chunks.loseDetached(this.lease.label);
    if (this.#poisonedBytes !== 0) this.#checkPoison();

    const offset = state[ArenaState.offset]!;
    const step = alignment / Granule.Bytes;
    const start = Math.ceil(offset / step) * step;
    if (start + granules <= state[ArenaState.limit]!) {
      state[ArenaState.offset] = start + granules;
      state[ArenaState.wasted]! += start - offset;
      state[ArenaState.allocations]! += 1;
      counters[MemoryStat.used]! += (start + granules - offset) * Granule.Bytes;
      return { buffer: chunks.current.buffer, byteOffset: start * Granule.Bytes, fresh: false };
    }

    const chunk = this.#grow(bytes);
    if (chunk === chunks.current) {
      state[ArenaState.offset] = granules;
      counters[MemoryStat.used]! += granules * Granule.Bytes;
    }
    state[ArenaState.allocations]! += 1;
    return { buffer: chunk.buffer, byteOffset: 0, fresh: true };
  }

  /** Releases all that was handed out; views that outlive it are treated as the lease says. */
  release(): void {
    const { state, lease } = this;
    // First what may fail, so that a failure (an exhausted stack) leaves an arena that is as it was.
    if (state[ArenaState.allocations] !== 0) {
      if (lease.staleViews === 'revoke') {
        this.chunks.revoke(lease.label);
      } else {
        this.#stale = true;
        if (lease.staleViews === 'poison') this.#poison();
      }
      const need = state[ArenaState.offset]! + state[ArenaState.full]!;
      if (lease.history?.add(need)) this.#home.shrink();
    }
    state[ArenaState.resets]! += 1;
    settle(state);
    if (this.chunks.count > 1 || this.capacity > this.retainedBytes) this.#shrink();
    this.#updateLimit();
  }

  /** Ends the lease: at once, or when the last hold ends. */
  end(): void {
    const { state } = this;
    state[ArenaState.open] = 0;
    if (this.#openedAt[0] !== 0) this.#openedAt[0] = 0;
    if (state[ArenaState.holds] === 0) this.#finish();
  }

  /** Takes a hold. */
  hold(): void {
    const { state } = this;
    if (state[ArenaState.holds] === 0) watchHolds(this);
    state[ArenaState.holds]! += 1;
  }

  /** Ends a hold, or throws and has changed nothing. */
  unhold(): void {
    const { state } = this;
    if (state[ArenaState.holds] === 1) unwatchHolds(this);
    state[ArenaState.holds]! -= 1;
  }

  /** Releases what a lease that has ended left to holds, once there is none. */
  finishReleased(): void {
    const { state } = this;
    if (state[ArenaState.holds] === 0 && state[ArenaState.open] === 0) this.#finish();
  }

  /** Drops all chunks of a core that has nothing handed out. */
  dropChunks(): void {
    this.#poisonedBytes = 0;
    this.#stale = false;
    this.chunks.drop(this.lease.label);
  }

  #finish(): void {
    if (scopeEndChannel.hasSubscribers || debugEnabled) {
      this.#finishObserved();
    } else {
      this.release();
      this.#home.giveBack(this);
    }
  }

  #finishObserved(): void {
    const { state, used, capacity, label } = this;
    const allocations = state[ArenaState.allocations]!;
    this.release();
    const peak = state[ArenaState.peak]! * Granule.Bytes;
    this.#home.giveBack(this);
    const message: ScopeEndMessage = { label, used, capacity, peak, allocations };
    debug('end%s: used %d, capacity %d, peak %d', ofScope(label), used, capacity, peak);
    scopeEndChannel.publish(message);
  }

  /** What the fast path may hand out: nothing of poisoned memory, which the slow path verifies first. */
  #updateLimit(): void {
    const { state } = this;
    const limit = Math.min(this.chunks.current.granules, state[ArenaState.maximum]!);
    state[ArenaState.limit] = this.#poisonedBytes === 0 ? limit : 0;
  }

  #grow(bytes: number): ChunkMemory {
    const { state, used } = this;
    let made: ChunkMemory | Status;
    try {
      made = this.chunks.grow(bytes, this.#firstBytes());
      if (made === Status.MemoryBudget && releaseIdleMemory()) made = this.chunks.grow(bytes, this.#firstBytes());
    } finally {
      // What native code has handed out as a chunk of its own, also where the stack was exhausted after that.
      counters[MemoryStat.used]! += (state[ArenaState.offset]! + state[ArenaState.full]!) * Granule.Bytes - used;
    }
    if (typeof made === 'number') throw this.#refusal(made, bytes);
    if (growChannel.hasSubscribers) {
      const message: GrowMessage = {
        label: this.lease.label,
        bytes: made.granules * Granule.Bytes,
        capacity: this.capacity,
      };
      publishLater(growChannel, message);
    }
    return made;
  }

  /** The size of a first chunk: no learned one where the thread's arenas would take more than idle ones may keep. */
  #firstBytes(): number {
    const { initialBytes, history, maxGranules } = this.lease;
    const usual = initialBytes ?? history?.learnedBytes ?? FIRST_CHUNK_BYTES;
    const coalesced = this.#coalescedBy === history ? Math.min(this.#coalescedBytes, this.retainedBytes) : 0;
    const wanted = Math.max(usual, coalesced);
    const first = Math.min(wanted, maxGranules * Granule.Bytes);
    if (history === undefined) return first;
    const bytesInUse = chunkBytesOfThread() - this.#home.idleBytes;
    return bytesInUse + chunkBytesFor(first) <= RETAIN_BYTES_PER_THREAD ? first : Math.min(first, FIRST_CHUNK_BYTES);
  }

  #refusal(status: Status, requested: number): Error {
    const { label } = this.lease;
    const { used } = this;
    const limit = this.#limitOf(status, requested);
    counters[MemoryStat.limitHits]! += 1;
    const allowed = limit === undefined ? '' : `, ${limit} allowed`;
    const scope = label === undefined ? '' : ` (scope ${JSON.stringify(label)})`;
    const detail = `${requested} bytes requested, ${used} in use${allowed}${scope}`;
    const error = createError(status, detail, { requested, limit, used, label });
    const message: LimitMessage = { label, code: error.code, requested };
    limitChannel.publish(message);
    return error;
  }

  /** What the request exceeds; undefined where the system has no more, for now. */
  #limitOf(status: Status, requested: number): number | undefined {
    if (status === Status.ArenaLimit) return this.lease.maxBytes;
    if (status === Status.MemoryBudget) return native.budget();
    return requested > maxChunkBytes ? maxChunkBytes : undefined;
  }

  /** Overwrites what was handed out of the current chunk; other chunks are about to be dropped. */
  #poison(): void {
    const { current } = this.chunks;
    if (isDetached(current)) return;
    const bytes = this.state[ArenaState.offset]! * Granule.Bytes;
    typedArrayFill(new Uint8Array(current.buffer, 0, bytes), POISON);
    this.#poisonedBytes = bytes;
    this.#poisonedBy = this.lease.label;
  }

  #checkPoison(): void {
    const { current } = this.chunks;
    const intact = isDetached(current) || native.isPoisoned(current.buffer, 0, this.#poisonedBytes);
    this.#poisonedBytes = 0;
    this.#updateLimit();
    if (intact) return;
    counters[MemoryStat.staleWrites]! += 1;
    report(
      staleWriteChannel,
      'SIMD_ARENA_STALE_WRITE',
      { label: this.#poisonedBy },
      `A view${ofScope(this.#poisonedBy)} was written to after its scope had ended`,
    );
  }

  /** Several chunks become one at the next need, and no more is kept than the lease wants. */
  #shrink(): void {
    const { capacity, retainedBytes, lease } = this;
    this.dropChunks();
    this.#coalescedBy = lease.history;
    if (lease.history === undefined) {
      this.#coalescedBytes = capacity;
    } else {
      // A need far beyond what is usual is not made room for.
      const peak = this.state[ArenaState.peak]! * Granule.Bytes;
      this.#coalescedBytes = peak <= retainedBytes ? peak : 0;
    }
  }
}

/** Counts what an arena has handed out as released. Only stores: nothing can fail half-way. */
function settle(state: Uint32Array): void {
  const used = state[ArenaState.offset]! + state[ArenaState.full]!;
  if (used > state[ArenaState.peak]!) state[ArenaState.peak] = used;
  if (counters[MemoryStat.used]! > counters[MemoryStat.peak]!) {
    counters[MemoryStat.peak] = counters[MemoryStat.used]!;
  }
  counters[MemoryStat.used]! -= used * Granule.Bytes;
  counters[MemoryStat.allocations]! += state[ArenaState.allocations]!;
  counters[MemoryStat.resets]! += 1;
  state[ArenaState.offset] = 0;
  state[ArenaState.full] = 0;
  state[ArenaState.allocations] = 0;
  state[ArenaState.wasted] = 0;
}

/** What is left of a core that is dropped. */
interface Remains {
  readonly state: Uint32Array;
  readonly openedAt: Float64Array;
  readonly chunks: ArenaChunks;
  lease: Lease;
}

/** An arena that is dropped without being closed is closed by the garbage collector. */
const droppedCores = new FinalizationRegistry<Remains>(({ state, openedAt, chunks, lease }) => {
  const leaked = state[ArenaState.open] !== 0;
  if (leaked) {
    counters[MemoryStat.leaks]! += 1;
    const bytes = state[ArenaState.capacity]! * Granule.Bytes;
    reportLeak({ kind: 'arena', label: lease.label, bytes }, lease.stack);
  }
  state[ArenaState.open] = 0;
  openedAt[0] = 0;
  // An idle arena that was let go has been settled at its end; one whose end failed, for an exhausted stack, has not.
  if (leaked || state[ArenaState.allocations] !== 0) settle(state);
  chunks.drop(undefined);
});
