// Chunks as WebAssembly.Memory objects.
//
// `grow(0)` detaches the ArrayBuffer of a memory and makes a new one over the same bytes. Users see only the buffer,
// which they can neither transfer nor detach, so nobody can take a chunk away. Each memory reserves gigabytes of
// addresses; dropped ones are kept for reuse, and never handed to the garbage collector, because a consumer outside
// JavaScript may still hold a pointer into them. What they hold back is addresses, no memory.
import * as workerThreads from 'node:worker_threads';

import type { Backend, ChunkMemory } from './backend';
import { getter, uncurryThis } from './intrinsics';
import type { NativeArena } from './native';

interface Memory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}
declare const WebAssembly: {
  readonly Memory: { new (descriptor: { initial: number; maximum: number }): Memory; readonly prototype: Memory };
};

// Captured, so that an overridden prototype never gets to see a memory.
const { Memory: WasmMemory } = WebAssembly;
// eslint-disable-next-line @typescript-eslint/unbound-method -- uncurried
const growMemory = uncurryThis(WasmMemory.prototype.grow);
const bufferOf = getter<ArrayBuffer>(WasmMemory.prototype, 'buffer');

interface WasmChunk extends ChunkMemory {
  readonly memory: Memory;
}

const PAGE_BYTES = 65536;

// Since Node 21. Growing a memory whose buffer is marked aborts the process on Node 24.
const { isMarkedAsUntransferable } = workerThreads as { isMarkedAsUntransferable?: (value: object) => boolean };

/** See {@link Backend}. */
export class WasmBackend implements Backend {
  /** Dropped memories by size in bytes; their pages have been given back, so that they read as zero. */
  readonly #spares = new Map<number, Memory[]>();
  /** Memories that can never be revoked again: kept alive for the pointers into them, and out of use. */
  readonly #lost: Memory[] = [];

  make(_arena: NativeArena, _index: number, bytes: number): WasmChunk | undefined {
    const memory = this.#spares.get(bytes)?.pop() ?? newMemory(bytes);
    return memory && { memory, buffer: bufferOf(memory), granules: bytes / 64 };
  }

  revoke(_arena: NativeArena, _index: number, chunk: ChunkMemory): boolean {
    const { memory } = chunk as WasmChunk;
    if (isMarkedAsUntransferable?.(chunk.buffer)) {
      this.#lost.push(memory);
      return false;
    }
    growMemory(memory, 0);
    chunk.buffer = bufferOf(memory);
    return true;
  }

  retire(arena: NativeArena, index: number, chunk: ChunkMemory): boolean {
    if (!this.revoke(arena, index, chunk)) {
      arena.lose(index);
      return false;
    }
    arena.retire(index, chunk.buffer);
    const bytes = chunk.granules * 64;
    const spares = this.#spares.get(bytes);
    if (spares) spares.push((chunk as WasmChunk).memory);
    else this.#spares.set(bytes, [(chunk as WasmChunk).memory]);
    return true;
  }
}

function newMemory(bytes: number): Memory | undefined {
  const pages = bytes / PAGE_BYTES;
  try {
    return new WasmMemory({ initial: pages, maximum: pages });
  } catch {
    // No addresses or no memory left.
    return undefined;
  }
}
