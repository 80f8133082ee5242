// The memory of one pool, as JavaScript reaches it: the words that it shares with native code, and the memory of its slots.
import { native, statusOf, withMemory, type NativePool } from './native';
import { slotBackend, type SlotBackend, type SlotMemory } from './slot-backend';
import { poolCounterNames, PoolWord, SizeClass, Status } from './tables';

// A constant of this module, which V8 embeds in compiled code, as it does not with imports.
const slots: SlotBackend = slotBackend;

/** A slot that was just made. */
export interface MadeSlot {
  /** The slot's number in native code. */
  readonly index: number;
  readonly memory: SlotMemory;
  /** Whether the memory is zero. */
  readonly fresh: boolean;
}

/** See the head of this file. */
export class PoolMemory {
  /** Indexed by `PoolCounter`. */
  readonly counters: Float64Array;
  /** All that is shared, as words: indexed by `PoolWord`. */
  readonly words: Uint32Array;
  /** Bytes that are out in buffers larger than the largest size class, as they were asked for. */
  largeBytes = 0;

  readonly #native: NativePool;
  #reclaiming = false;

  constructor(maxPoolBytes: number, maxBuffersPerBucket: number) {
    const words = PoolWord.stacks + SizeClass.Count * maxBuffersPerBucket;
    const memory = new SharedArrayBuffer(words * Uint32Array.BYTES_PER_ELEMENT);
    this.counters = new Float64Array(memory, 0, poolCounterNames.length);
    this.words = new Uint32Array(memory);
    this.#native = withMemory(
      Status.PoolOutOfMemory,
      () => new native.NativePool(this.words, maxPoolBytes, maxBuffersPerBucket, slots.foreign),
    );
  }

  /** Makes a slot, which is out, for `bytes` at `alignment`; or says, by a `Status`, why not. */
  make(bytes: number, alignment: number): MadeSlot | Status {
    const index = this.#native.make(bytes, alignment);
    if (index < 0) return statusOf(index);
    try {
      const memory = slots.make(this.#native, index);
      if (memory !== undefined) return { index, memory, fresh: slots.foreign || this.words[PoolWord.fresh] === 1 };
    } catch {
      // An exhausted stack.
      this.#native.lose(index);
      return Status.PoolOutOfMemory;
    }
    this.#native.retire(index);
    return Status.PoolOutOfMemory;
  }

  /** Cuts all views of a slot off its memory, and returns its new buffer; undefined if somebody took the buffer away. */
  revoke(index: number, buffer: ArrayBuffer): ArrayBuffer | undefined {
    return slots.revoke(this.#native, index, buffer);
  }

  /** Ends a slot and gives its memory back; false if somebody took the buffer away. */
  retire(index: number, buffer: ArrayBuffer): boolean {
    return slots.retire(this.#native, index, buffer);
  }

  /** Ends a slot whose buffer somebody else has, or nobody any more. */
  lose(index: number): void {
    slots.lose(this.#native, index);
  }

  /** Takes lost memory back that nobody has any more; false if there was none. */
  reclaimLost(): boolean {
    return this.#native.reclaimLost();
  }

  /** Gives back what was lost and nobody has any more, once finalizers that are due have run. */
  reclaimLater(): void {
    if (this.#reclaiming) return;
    this.#reclaiming = true;
    setImmediate(() => {
      this.#reclaiming = false;
      this.reclaimLost();
    }).unref();
  }

  /** Takes the coldest of the idle slots that use most memory, to be retired; undefined if none is idle. */
  takeColdest(): number | undefined {
    return toIndex(this.#native.takeColdest());
  }

  /** Takes an idle slot that was not used since the last {@link markAge}, to be retired; undefined if there is none. */
  takeUnused(): number | undefined {
    return toIndex(this.#native.takeUnused());
  }

  /** Begins a period at whose end {@link takeUnused} finds what it did not use. */
  markAge(): void {
    this.#native.markAge();
  }
}

function toIndex(slot: number): number | undefined {
  return slot < 0 ? undefined : slot;
}
