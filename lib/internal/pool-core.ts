// The working part of a pool: it takes idle slots off the stacks that it shares with native code and puts them back, and
// calls native code where that is not enough.
//
// Life of a slot:  make ─> out ─> idle ─> out … ─> discarded: its memory goes back to the system
//                           └──────────────────> leaked, lost: its memory waits until nobody has it any more
//
// Invariants: under 'revoke', the buffer of an idle slot has never been seen by anybody; a slot that is out is reachable
// only from its own buffer (or a hold), so that it dies when the user forgets it; nothing that is idle reaches the pool,
// so that it dies when the user forgets that.
import { readPoolStats, type PoolStats } from '../pool-stats';
import type { ElementView, StaleViews, Until } from '../types';
import { watchPool } from './dropped-pools';
import { countBack as countSlotBack, watchSlot } from './dropped-slots';
import { addKeeper, releaseIdleMemory, type MemoryKeeper } from './idle-memory';
import { arrayBufferByteLength, typedArrayBuffer, typedArrayFill } from './intrinsics';
import type { LeakSampler } from './leaks';
import { native } from './native';
import { unwatchHolds, watchHolds, type Held } from './overdue-holds';
import { poolError, refuseAllocation, reportLoss, reportStaleWrite } from './pool-findings';
import { PoolMemory, type MadeSlot } from './pool-memory';
import { PoolSlot, slotOf, stampSlot, unstampSlot, type SlotRecord } from './pool-slot';
import { markRevoked } from './revoked-label';
import { PoolCounter, PoolWord, SizeClass, Status } from './tables';
import { whenDone } from './until';
import { wrongType } from './validate';
import { makeView, zeroOf } from './view-types';

const POISON = 0xff;

// Constants of this module, which V8 embeds in compiled code, as it does not with imports.
const LARGE: number = SizeClass.Count;
const MAX_POOLED_BYTES: number = SizeClass.MaxBytes;
const slotOfBuffer = slotOf;
const countBack = countSlotBack;
const bufferOfView = typedArrayBuffer;
const make = makeView;

/** PoolOptions, checked and complete. */
export interface PoolSettings {
  readonly label: string | undefined;
  readonly maxPoolBytes: number;
  readonly maxBuffersPerBucket: number;
  /** undefined: age does not matter. */
  readonly maxIdleMs: number | undefined;
  readonly staleViews: StaleViews;
  /** Chooses the allocations whose leaks are reported. */
  readonly leaks: LeakSampler;
}

/** Why a buffer is not kept. */
type DiscardReason = PoolCounter.bucketFull | PoolCounter.poolFull | PoolCounter.trimmed | PoolCounter.tooLarge;

/** See the head of this file. */
export class PoolCore implements MemoryKeeper {
  readonly settings: PoolSettings;

  readonly #memory: PoolMemory;
  readonly #counters: Float64Array;
  readonly #words: Uint32Array;
  readonly #maxBytes: number;
  readonly #maxBuffers: number;
  /** Idle slots by index; undefined where the slot is out. */
  readonly #idle: (PoolSlot | undefined)[] = [];
  /** All slots by index; undefined where the stack was exhausted while one was made. */
  readonly #slots: (WeakRef<PoolSlot> | undefined)[] = [];
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(settings: PoolSettings) {
    this.settings = settings;
    this.#memory = new PoolMemory(settings.maxPoolBytes, settings.maxBuffersPerBucket);
    this.#counters = this.#memory.counters;
    this.#words = this.#memory.words;
    this.#maxBytes = settings.maxPoolBytes;
    this.#maxBuffers = settings.maxBuffersPerBucket;
    if (settings.maxIdleMs !== undefined) this.#timer = watchAge(this, settings.maxIdleMs);
    addKeeper(this);
    watchPool(this, this.#memory, this.#idle);
  }

  /**
   * A view of `bytes` bytes in an idle buffer of the size class for it; undefined where there is none. Counts as a
   * request. `type`, `length` and `bytes` must go together.
   */
  take(type: unknown, length: number, bytes: number, alignment: number): ElementView | undefined {
    return this.#take(type, length, bytes, alignment, this.#sampleStack());
  }

  /** {@link take}, else a view in a buffer that is made for it; all zero if `zero`. */
  allocate(type: unknown, length: number, bytes: number, alignment: number, zero: boolean): ElementView {
    const stack = this.#sampleStack();
    const view = this.#take(type, length, bytes, alignment, stack);
    if (view === undefined) return this.#make(type, length, bytes, alignment, zero, stack);
    if (zero) typedArrayFill(view, zeroOf(type));
    return view;
  }

  /** Takes back what {@link take} or {@link allocate} returned. An error for anything else, and nothing changes. */
  give(view: unknown): void {
    this.#release(this.#slotOf(view), this.settings.staleViews);
  }

  /** As {@link give}, once `until` is done; until then, the view stays valid. */
  giveAfter(view: unknown, until: Until): void {
    const slot = this.#slotOf(view);
    const hold = new PoolHold(slot);
    watchHolds(hold);
    slot.view = undefined;
    try {
      whenDone('until', until, () => {
        unwatchHolds(hold);
        this.#release(slot, this.settings.staleViews);
      });
    } catch (error) {
      unwatchHolds(hold);
      slot.view = view as ElementView;
      // `until` is code of the user.
      if (this.#closed) this.#release(slot, 'revoke');
      throw error;
    }
  }

  /** Takes back every buffer that is out and not held, and revokes its views whatever `staleViews` says. */
  reclaimAll(): void {
    this.#checkOpen();
    this.#releaseAll();
  }

  #releaseAll(): void {
    for (const reference of this.#slots) {
      const slot = reference?.deref();
      if (slot?.view !== undefined) this.#release(slot, 'revoke');
    }
  }

  /** Gives idle buffers back to the system until at most `targetBytes` are pooled; returns the bytes given back. */
  trim(targetBytes: number): number {
    this.#checkOpen();
    return this.#trim(targetBytes);
  }

  releaseIdle(): boolean {
    const reclaimed = this.#memory.reclaimLost();
    return this.#trim(0) > 0 || reclaimed;
  }

  #trim(targetBytes: number): number {
    const counters = this.#counters;
    const before = counters[PoolCounter.pooledBytes]!;
    while (counters[PoolCounter.pooledBytes]! > targetBytes) {
      const index = this.#memory.takeColdest();
      if (index === undefined) break;
      this.#discardIdle(index);
    }
    return before - counters[PoolCounter.pooledBytes]!;
  }

  /** Gives back the buffers that were idle since the last call. */
  discardUnused(): void {
    for (;;) {
      const index = this.#memory.takeUnused();
      if (index === undefined) break;
      this.#discardIdle(index);
    }
    this.#memory.markAge();
  }

  /** Ends the pool: what is out is revoked, what is held comes back when its hold ends. Idempotent. */
  close(): void {
    this.#closed = true;
    clearInterval(this.#timer);
    this.#releaseAll();
    this.releaseIdle();
  }

  stats(): PoolStats {
    this.#checkOpen();
    return readPoolStats({
      label: this.settings.label,
      counters: this.#counters,
      words: this.#words,
      largeBytes: this.#memory.largeBytes,
    });
  }

  #take(
    type: unknown,
    length: number,
    bytes: number,
    alignment: number,
    stack: string | undefined,
  ): ElementView | undefined {
    const words = this.#words;
    const counters = this.#counters;
    const sizeClass = sizeClassOf(bytes, alignment);
    const bucket = PoolWord.buckets + sizeClass * PoolWord.perBucket;
    for (;;) {
      const rest = words[bucket + PoolWord.idle]! - 1;
      if (rest < 0) {
        this.#checkOpen();
        counters[PoolCounter.misses]! += 1;
        return undefined;
      }
      const index = words[this.#stackOf(sizeClass) + rest]!;
      const slot = this.#idle[index]!;
      if (slot.poisonedBytes !== 0) this.#checkPoison(slot);
      const view = makeViewOf(slot, type, length);

      // From here on only stores, so that an exhausted stack leaves a pool that is as it was.
      words[bucket + PoolWord.idle] = rest;
      words[bucket + PoolWord.out]! += 1;
      if (rest < words[bucket + PoolWord.low]!) words[bucket + PoolWord.low] = rest;
      counters[PoolCounter.pooledBytes]! -= SizeClass.MinBytes << sizeClass;
      this.#idle[index] = undefined;
      if (view === undefined) {
        this.#lose(slot);
        continue;
      }
      counters[PoolCounter.hits]! += 1;
      this.#handOut(slot, view, bytes, stack);
      return view;
    }
  }

  #make(
    type: unknown,
    length: number,
    bytes: number,
    alignment: number,
    zero: boolean,
    stack: string | undefined,
  ): ElementView {
    // By code of the user, such as Error.prepareStackTrace, since the caller has looked.
    if (this.#closed) throw poolError(this.settings.label, Status.PoolClosed);
    let made = this.#memory.make(bytes, alignment);
    if (made === Status.MemoryBudget && releaseIdleMemory()) made = this.#memory.make(bytes, alignment);
    if (typeof made === 'number') throw refuseAllocation(this.settings.label, made, bytes);

    try {
      const slot = this.#adopt(made, sizeClassOf(bytes, alignment));
      const view = makeView(type, slot.buffer, slot.offset, length);
      if (zero && !made.fresh) typedArrayFill(view, zeroOf(type));
      if (slot.record.sizeClass === LARGE) this.#memory.largeBytes += bytes;
      this.#handOut(slot, view, bytes, stack);
      return view;
    } catch (error) {
      // An exhausted stack.
      const { buffer } = made.memory;
      const slot = slotOf(buffer);
      if (slot) slot.record.index = -1;
      this.#memory.retire(made.index, buffer);
      throw error;
    }
  }

  /** The stack of this allocation, where it is to be traced. */
  #sampleStack(): string | undefined {
    const { leaks } = this.settings;
    return --leaks.countdown === 0 ? leaks.trace(this.#sampleStack) : undefined;
  }

  #stackOf(sizeClass: number): number {
    return PoolWord.stacks + sizeClass * this.#maxBuffers;
  }

  #adopt({ index, memory }: MadeSlot, sizeClass: number): PoolSlot {
    const record: SlotRecord = {
      memory: this.#memory,
      label: this.settings.label,
      sizeClass,
      capacity: memory.capacity,
      index,
      bytes: -1,
      stack: undefined,
    };
    const slot = new PoolSlot(record, memory);
    this.#slots[index] = new WeakRef(slot);
    this.#idle[index] = undefined;
    watchSlot(slot);
    return slot;
  }

  #handOut(slot: PoolSlot, view: ElementView, bytes: number, stack: string | undefined): void {
    const counters = this.#counters;
    counters[PoolCounter.allocations]! += 1;
    counters[PoolCounter.bytesAllocated]! += bytes;
    slot.record.bytes = bytes;
    slot.owner = this;
    slot.view = view;
    slot.record.stack = stack;
  }

  #slotOf(view: unknown): PoolSlot {
    const slot = slotOfView(view);
    if (slot?.owner === this && slot.view === view) return slot;
    throw this.#refusedPut(view, slot);
  }

  #checkOpen(): void {
    if (this.#closed) throw poolError(this.settings.label, Status.PoolClosed);
  }

  #refusedPut(view: unknown, slot: PoolSlot | null | undefined): Error {
    if (!ArrayBuffer.isView(view)) return wrongType('the buffer or view', 'one that this pool has handed out', view);
    if (this.#closed) return poolError(this.settings.label, Status.PoolClosed);
    if (slot === null) return poolError(this.settings.label, Status.PoolDoublePut);
    if (slot?.record.memory !== this.#memory) return poolError(this.settings.label, Status.PoolNotOwned);
    if (slot.view === undefined) return poolError(this.settings.label, Status.PoolDoublePut);
    return poolError(this.settings.label, Status.PoolNotOwned, 'only the view that was handed out can come back');
  }

  /** Makes a slot that is out idle, or ends it. */
  #release(slot: PoolSlot, staleViews: StaleViews): void {
    const { record, buffer } = slot;
    const { sizeClass, index } = record;
    const words = this.#words;
    const counters = this.#counters;
    const bucket = PoolWord.buckets + sizeClass * PoolWord.perBucket;
    const idle = words[bucket + PoolWord.idle]!;
    const pooledBytes = counters[PoolCounter.pooledBytes]! + (SizeClass.MinBytes << sizeClass);
    if (idle >= this.#maxBuffers || pooledBytes > this.#maxBytes || sizeClass === LARGE || this.#closed) {
      const reason = this.#discardReason(slot);
      this.#discard(slot);
      counters[reason]! += 1;
      return;
    }
    if (!this.#retireViews(slot, staleViews)) {
      if (record.bytes >= 0) countBack(record);
      this.#lose(slot);
      return;
    }

    countBack(record);
    const top = this.#stackOf(sizeClass) + idle;
    // From here on stores, so that an exhausted stack leaves a pool that is consistent.
    words[top] = index;
    words[bucket + PoolWord.idle] = idle + 1;
    words[bucket + PoolWord.out]! -= 1;
    counters[PoolCounter.pooledBytes] = pooledBytes;
    this.#idle[index] = slot;
    slot.owner = undefined;
    slot.view = undefined;
    if (slot.buffer !== buffer) unstampSlot(buffer);
  }

  /** Why the pool does not keep a slot. */
  #discardReason({ record }: PoolSlot): DiscardReason {
    if (this.#closed) return PoolCounter.trimmed;
    if (record.sizeClass === LARGE) return PoolCounter.tooLarge;
    const idle = this.#words[PoolWord.buckets + record.sizeClass * PoolWord.perBucket + PoolWord.idle]!;
    return idle >= this.#maxBuffers ? PoolCounter.bucketFull : PoolCounter.poolFull;
  }

  /** Does with the views of a slot that comes back what `staleViews` says; false if somebody took its buffer away. */
  #retireViews(slot: PoolSlot, staleViews: StaleViews): boolean {
    const { record, buffer, offset } = slot;
    if (staleViews === 'revoke') {
      if (record.label !== undefined) markRevoked(buffer, record.label);
      const renewed = this.#memory.revoke(record.index, buffer);
      if (renewed === undefined) return false;
      // At once, because nothing else has the memory now: what follows may fail where the stack is exhausted.
      slot.buffer = renewed;
      stampSlot(renewed, slot);
    } else if (arrayBufferByteLength(buffer) === 0) {
      return false;
    } else if (staleViews === 'poison') {
      typedArrayFill(new Uint8Array(buffer, offset, record.bytes), POISON);
      slot.poisonedBytes = record.bytes;
    }
    return true;
  }

  /** Ends a slot that native code has taken off its stack, and counted. */
  #discardIdle(index: number): void {
    const slot = this.#idle[index]!;
    // From here on only the collector finds the slot, should an exhausted stack keep it from being ended.
    this.#idle[index] = undefined;
    this.#discard(slot);
  }

  /** Ends a slot and gives its memory back. */
  #discard(slot: PoolSlot): void {
    const { record, buffer } = slot;
    const retired = this.#memory.retire(record.index, buffer);
    record.index = -1;
    slot.view = undefined;
    if (record.bytes >= 0) countBack(record);
    if (retired) {
      if (record.label !== undefined) markRevoked(buffer, record.label);
      unstampSlot(buffer);
    } else {
      this.#countLoss(record);
    }
  }

  /** Ends a slot whose buffer somebody took away. */
  #lose(slot: PoolSlot): void {
    const { record } = slot;
    this.#memory.lose(record.index);
    record.index = -1;
    slot.view = undefined;
    this.#countLoss(record);
  }

  #countLoss({ label, capacity }: SlotRecord): void {
    this.#counters[PoolCounter.lost]! += 1;
    reportLoss(label, capacity);
  }

  #checkPoison(slot: PoolSlot): void {
    const { buffer, offset, poisonedBytes } = slot;
    const intact = arrayBufferByteLength(buffer) === 0 || native.isPoisoned(buffer, offset, poisonedBytes);
    slot.poisonedBytes = 0;
    if (!intact) reportStaleWrite(this.settings.label);
  }
}

/** Keeps a buffer out until what uses it is done. */
class PoolHold implements Held {
  readonly released = true;
  readonly slot: PoolSlot;

  constructor(slot: PoolSlot) {
    this.slot = slot;
  }

  get label(): string | undefined {
    return this.slot.record.label;
  }
}

/** The size class of the smallest buffer for `bytes` at `alignment`, which is 64 at least. O(1). */
function sizeClassOf(bytes: number, alignment: number): number {
  const size = bytes > alignment ? bytes : alignment;
  return size > MAX_POOLED_BYTES ? LARGE : 32 - SizeClass.MinShift - Math.clz32(size - 1);
}

/** The slot that a view leads to; undefined or null where there is none. */
function slotOfView(view: unknown): PoolSlot | null | undefined {
  try {
    return slotOfBuffer(bufferOfView(view));
  } catch {
    // Not a typed array, and so nothing that a pool has handed out.
    return undefined;
  }
}

/** A view of a slot; undefined if somebody took its buffer away. */
function makeViewOf({ buffer, offset }: PoolSlot, type: unknown, length: number): ElementView | undefined {
  try {
    return make(type, buffer, offset, length);
  } catch (error) {
    if (arrayBufferByteLength(buffer) === 0) return undefined;
    throw error;
  }
}

/** Discards what a pool does not use, until the pool is gone. */
function watchAge(core: PoolCore, maxIdleMs: number): NodeJS.Timeout {
  const reference = new WeakRef(core);
  const timer = setInterval(() => {
    const alive = reference.deref();
    if (alive) alive.discardUnused();
    else clearInterval(timer);
  }, maxIdleMs);
  return timer.unref();
}
