// Chunks as WebAssembly.Memory objects.
//
// `grow(0)` detaches the ArrayBuffer of a memory and makes a new one over the same bytes. Users see only the buffer,
// which they can neither transfer nor detach, so nobody can take a chunk away. Each memory reserves gigabytes of
// addresses, so that a process can have some thousands of them; dropped ones are kept for reuse, and never handed to the
// garbage collector, because a consumer outside JavaScript may still hold a pointer into them. What they hold back is
// addresses, no memory.
import type { Backend, ChunkMemory } from './backend';
import { Granule } from './granule';
import { arrayBufferByteLength, getterOf, methodOf, transfer } from './intrinsics';
import type { NativeArena } from './native';

interface Memory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}
declare const WebAssembly: {
  readonly Memory: { new (descriptor: { initial: number; maximum: number }): Memory; readonly prototype: Memory };
};

/** What the declarations for Node 20 lack. */
interface Modules {
  getBuiltinModule?(id: 'node:worker_threads'): { readonly isMarkedAsUntransferable?: (value: object) => boolean };
}

interface WasmChunk extends ChunkMemory {
  readonly memory: Memory;
}

const PAGE_BYTES = 65536;
const MAX_PAGES = 65536;

/** See {@link Backend}. */
export class WasmBackend implements Backend {
  // Captured, so that an overridden prototype never gets to see a memory; here, because not every runtime has them.
  readonly #memoryConstructor = WebAssembly.Memory;
  readonly #grow = methodOf<[pages: number], number>(WebAssembly.Memory.prototype, 'grow');
  readonly #bufferOf = getterOf<ArrayBuffer>(WebAssembly.Memory.prototype, 'buffer');
  // Growing a memory whose buffer is marked aborts the process on Node 24; Node 20, which has no transfer(), does not care.
  readonly #isMarked =
    transfer && (process as Modules).getBuiltinModule?.('node:worker_threads').isMarkedAsUntransferable;
  /** Dropped memories by size in bytes; their pages have been given back, so that they read as zero. */
  readonly #spares = new Map<number, Memory[]>();
  /** Memories that can never be revoked again: kept alive for the pointers into them, and out of use. */
  readonly #lost: Memory[] = [];

  make(_arena: NativeArena, _index: number, bytes: number): WasmChunk | undefined {
    const memory = this.#spares.get(bytes)?.pop() ?? this.#newMemory(bytes) ?? this.#otherSpare(bytes);
    return memory && { memory, buffer: this.#bufferOf(memory), granules: bytes / Granule.Bytes };
  }

  revoke(_arena: NativeArena, _index: number, chunk: ChunkMemory): boolean {
    const { memory } = chunk as WasmChunk;
    if (this.#isMarked?.(chunk.buffer)) {
      this.#lost.push(memory);
      return false;
    }
    this.#grow(memory, 0);
    chunk.buffer = this.#bufferOf(memory);
    return true;
  }

  retire(arena: NativeArena, index: number, chunk: ChunkMemory): boolean {
    if (!this.revoke(arena, index, chunk)) {
      arena.lose(index);
      return false;
    }
    const { memory, buffer } = chunk as WasmChunk;
    if (!arena.retire(index, buffer)) {
      this.#lost.push(memory);
      return false;
    }
    const bytes = arrayBufferByteLength(buffer);
    const spares = this.#spares.get(bytes);
    if (spares) spares.push(memory);
    else this.#spares.set(bytes, [memory]);
    return true;
  }

  #newMemory(bytes: number): Memory | undefined {
    try {
      return new this.#memoryConstructor({ initial: bytes / PAGE_BYTES, maximum: MAX_PAGES });
    } catch {
      // No addresses or no memory left.
      return undefined;
    }
  }

  /** Where there are no addresses left: the smallest spare that is large enough, else the largest, grown. */
  #otherSpare(bytes: number): Memory | undefined {
    const sizes = [...this.#spares].filter(([, spares]) => spares.length > 0).map(([size]) => size);
    if (sizes.length === 0) return undefined;
    const fitting = sizes.filter((size) => size >= bytes);
    const size = fitting.length > 0 ? Math.min(...fitting) : Math.max(...sizes);
    const spares = this.#spares.get(size)!;
    const memory = spares.pop()!;
    try {
      if (size < bytes) this.#grow(memory, (bytes - size) / PAGE_BYTES);
      return memory;
    } catch {
      spares.push(memory);
      return undefined;
    }
  }
}
