// The slots of a pool: the JavaScript half of a pooled buffer, and how a view leads to it.
//
// A slot that is idle belongs to its pool, and knows nothing of it: the pool may die, and what it leaves behind outlives it
// until it has been ended (dropped-pools.ts). A slot that is out belongs to its ArrayBuffer alone, whose private field it
// is: when the user drops all views of a buffer, its slot dies with it, and the slot's record tells the pool's memory.
import type { ElementView } from '../types';
import type { PoolMemory } from './pool-memory';
import type { SlotMemory } from './slot-backend';
import { Stamp } from './stamp';

/** What is known of a slot after its death. */
export interface SlotRecord {
  readonly memory: PoolMemory;
  readonly label: string | undefined;
  readonly sizeClass: number;
  /** Bytes of the slot. */
  readonly capacity: number;
  /** The slot's number in native code; -1 once it has ended. */
  index: number;
  /** Bytes asked for by whoever has it; -1 while it is idle. */
  bytes: number;
  /** The stack of whoever has it, if that was traced. */
  stack: string | undefined;
}

/** A pooled buffer. */
export class PoolSlot {
  /** The pool, which the slot keeps alive while it is out. */
  owner: object | undefined = undefined;
  readonly record: SlotRecord;
  /** Has all of its memory. Replaced when it is revoked. */
  buffer: ArrayBuffer;
  /** Where its memory begins in the buffer. */
  readonly offset: number;
  /** The view that was handed out, while the user may give it back. */
  view: ElementView | undefined = undefined;
  /** Bytes at its start that were poisoned when it came back. */
  poisonedBytes = 0;

  constructor(record: SlotRecord, { buffer, offset }: SlotMemory) {
    this.record = record;
    this.buffer = buffer;
    this.offset = offset;
    stampSlot(buffer, this);
  }
}

class Owned extends Stamp {
  #slot: PoolSlot | null;

  constructor(buffer: ArrayBuffer, slot: PoolSlot) {
    super(buffer);
    this.#slot = slot;
  }

  static slotOf(buffer: ArrayBufferLike): PoolSlot | null | undefined {
    return #slot in buffer ? (buffer as unknown as Owned).#slot : undefined;
  }

  static set(buffer: ArrayBufferLike, slot: PoolSlot | null): void {
    (buffer as unknown as Owned).#slot = slot;
  }
}

/** Makes `slot` that of `buffer`. */
export function stampSlot(buffer: ArrayBuffer, slot: PoolSlot): void {
  if (Owned.slotOf(buffer) === undefined) new Owned(buffer, slot);
  else Owned.set(buffer, slot);
}

/** Parts `buffer`, which is revoked, from its slot, if it got that far: see {@link stampSlot}. */
export function unstampSlot(buffer: ArrayBuffer): void {
  if (Owned.slotOf(buffer) !== undefined) Owned.set(buffer, null);
}

/** The slot of `buffer`; null if it was revoked when it was put back; undefined if it never was a pool's. */
export const slotOf: (buffer: ArrayBufferLike) => PoolSlot | null | undefined = (buffer) => Owned.slotOf(buffer);
