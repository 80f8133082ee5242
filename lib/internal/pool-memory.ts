// The memory of one pool, as JavaScript reaches it: the words that it shares with native code, and one ArrayBuffer for
// each slot.
//
// Always external ArrayBuffers, whichever backend serves arenas: a WebAssembly.Memory reserves gigabytes of addresses.
// `transfer()` revokes them; where the runtime has none, native code detaches the buffer and makes a new one.
import { transfer } from './intrinsics';
import { native, statusOf, withMemory, type NativePool } from './native';
import { poolCounterNames, PoolWord, SizeClass, Status } from './tables';

/** The memory of a slot that was just made. */
export interface MadeSlot {
  /** The slot's number in native code. */
  readonly index: number;
  readonly buffer: ArrayBuffer;
  /** Whether the memory is as the system gave it: zero. */
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
      () => new native.NativePool(this.words, maxPoolBytes, maxBuffersPerBucket),
    );
  }

  /** Makes a slot, which is out, for `bytes` at `alignment`; or says, by a `Status`, why not. */
  make(bytes: number, alignment: number): MadeSlot | Status {
    const index = this.#native.make(bytes, alignment);
    if (index < 0) return statusOf(index);
    try {
      const buffer = this.#native.expose(index);
      if (buffer !== undefined) {
        // Transferred once before anybody sees it: V8 aborts at exit over an external buffer of the native core that a
        // user marked as untransferable, but not over one that it made itself.
        return { index, buffer: transfer ? transfer(buffer) : buffer, fresh: this.words[PoolWord.fresh] === 1 };
      }
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
    if (transfer === undefined) return this.#native.renew(index, buffer);
    try {
      return transfer(buffer);
    } catch {
      // Detached by somebody else, or marked as untransferable.
      return undefined;
    }
  }

  /** Ends a slot and gives its memory back; false if somebody took the buffer away: the memory waits for them. */
  retire(index: number, buffer: ArrayBuffer): boolean {
    return this.#native.retire(index, buffer);
  }

  /** Ends a slot whose memory somebody else has, until nobody has it any more. */
  lose(index: number): void {
    this.#native.lose(index);
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
