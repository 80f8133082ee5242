// Where the memory of pooled buffers comes from, and how JavaScript loses access to it.
//
// As arenas have two backends, pools have two kinds of slots: in chunks that the native core maps, each exposed as an
// external ArrayBuffer; and, where the runtime forbids those, ArrayBuffers of the runtime itself. A WebAssembly.Memory
// for each buffer would reserve gigabytes of addresses, so `runtimeInfo().backend` says nothing about pools.
import { ExternalSlots } from './external-slots';
import { HeapSlots } from './heap-slots';
import { externalBuffers, type NativePool } from './native';

/** The memory of a slot, as JavaScript reaches it. */
export interface SlotMemory {
  readonly buffer: ArrayBuffer;
  /** Where the slot begins in the buffer. The same after every {@link SlotBackend.revoke}. */
  readonly offset: number;
  /** Bytes of the slot. */
  readonly capacity: number;
}

/** Makes, revokes and ends the memory of slots. `index` is the slot's number in its native pool. */
export interface SlotBackend {
  /** Whether JavaScript makes the memory, which then reads as zero. */
  readonly foreign: boolean;
  /** The memory of the slot that `pool` has just made; undefined where the runtime refuses. */
  make(pool: NativePool, index: number): SlotMemory | undefined;
  /** Cuts all views of a slot off its memory, and returns its new buffer; undefined if somebody took the buffer away. */
  revoke(pool: NativePool, index: number, buffer: ArrayBuffer): ArrayBuffer | undefined;
  /** Revokes a slot and ends it; false if somebody took its buffer away. */
  retire(pool: NativePool, index: number, buffer: ArrayBuffer): boolean;
  /** Ends a slot whose buffer somebody else has, or nobody any more. */
  lose(pool: NativePool, index: number): void;
}

/** The slots of this process. */
export const slotBackend: SlotBackend = externalBuffers ? new ExternalSlots() : new HeapSlots();
