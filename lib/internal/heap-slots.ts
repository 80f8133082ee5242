// Slots in ArrayBuffers of the runtime, for runtimes that let addons make none.
//
// `transfer()` revokes them, and where there is none `structuredClone` with a transfer list: both move the memory, of
// buffers that are not external, and copy nothing. The runtime aligns memory to 16 bytes or so; each buffer is therefore
// larger than its slot, which begins at the first aligned byte.
//
// The memory of a slot that ends is cleared, its whole pages go back to the system, and it is kept for reuse, by size. It is
// never handed to the garbage collector, because a consumer outside JavaScript may still hold a pointer into it. Only what
// a user has taken away, or forgotten, is the collector's: nobody else has it then.
import { MAX_ALIGNMENT } from './allocation';
import { arrayBufferByteLength, moveMemory } from './intrinsics';
import { native, type NativePool } from './native';
import type { SlotBackend, SlotMemory } from './slot-backend';

// Captured before anybody can replace it.
const ArrayBufferConstructor = ArrayBuffer;
const RangeErrorConstructor = RangeError;

/** See {@link SlotBackend}. */
export class HeapSlots implements SlotBackend {
  readonly foreign = true;
  /** Memory that nobody uses, by the bytes of its slots. */
  readonly #spares = new Map<number, ArrayBuffer[]>();

  make(pool: NativePool, index: number): SlotMemory | undefined {
    const capacity = pool.bytes(index);
    const alignment = Math.min(capacity, MAX_ALIGNMENT);
    const spares = this.#sparesOf(capacity);
    const spare = spares[spares.length - 1];
    const buffer = spare ?? allocate(capacity + alignment);
    if (buffer === undefined) return undefined;
    const memory = { buffer, offset: native.alignedOffset(buffer, alignment), capacity };
    if (spare !== undefined) {
      // Once more, should it have failed on an exhausted stack.
      native.clearMemory(spare);
      spares.length -= 1;
    }
    return memory;
  }

  revoke(_pool: NativePool, _index: number, buffer: ArrayBuffer): ArrayBuffer | undefined {
    return move(buffer);
  }

  retire(pool: NativePool, index: number, buffer: ArrayBuffer): boolean {
    const spares = this.#sparesOf(pool.bytes(index));
    const memory = move(buffer);
    if (memory !== undefined) {
      // At once, because nothing else has the memory now, and a call may fail where the stack is exhausted.
      spares[spares.length] = memory;
      native.clearMemory(memory);
    }
    pool.retire(index);
    return memory !== undefined;
  }

  lose(pool: NativePool, index: number): void {
    pool.retire(index);
  }

  #sparesOf(capacity: number): ArrayBuffer[] {
    let spares = this.#spares.get(capacity);
    if (spares === undefined) this.#spares.set(capacity, (spares = []));
    return spares;
  }
}

function allocate(bytes: number): ArrayBuffer | undefined {
  try {
    return new ArrayBufferConstructor(bytes);
  } catch {
    // More than the system has, or than a buffer can have.
    return undefined;
  }
}

/** The memory of `buffer` in a new ArrayBuffer; undefined if somebody took it away, or does not let it be moved. */
function move(buffer: ArrayBuffer): ArrayBuffer | undefined {
  if (arrayBufferByteLength(buffer) === 0) return undefined;
  let moved: ArrayBuffer | undefined;
  try {
    moved = moveMemory(buffer);
  } catch (error) {
    // It was marked as untransferable; or the stack is exhausted, and the buffer as it was.
    if (error instanceof RangeErrorConstructor && arrayBufferByteLength(buffer) !== 0) throw error;
  }
  return arrayBufferByteLength(buffer) === 0 ? moved : undefined;
}
