// Where the memory of chunks comes from, and how JavaScript loses access to it.
//
// Two backends do the same with different means: external ArrayBuffers over memory that the native core maps, and
// WebAssembly.Memory objects for runtimes without `ArrayBuffer.prototype.transfer` or without external buffers.
import { ExternalBackend } from './external-backend';
import { backendName, type NativeArena } from './native';
import { WasmBackend } from './wasm-backend';

/** The memory of one chunk, as JavaScript reaches it. */
export interface ChunkMemory {
  /** All of the chunk. Replaced when it is revoked. */
  buffer: ArrayBuffer;
  /** Granules of 64 bytes. */
  readonly granules: number;
}

/** Makes, revokes and drops the memory of chunks. `index` is the chunk's place in its native arena. */
export interface Backend {
  /** The memory of the chunk that `arena` has just made, zeroed; undefined where the system refuses. */
  make(arena: NativeArena, index: number, bytes: number): ChunkMemory | undefined;
  /**
   * Cuts every view of the chunk off its memory: they have length 0 from then on. Contents and address stay.
   * False if that cannot be done, because somebody took the buffer: the chunk must not be used any more.
   */
  revoke(arena: NativeArena, index: number, chunk: ChunkMemory): boolean;
  /** Revokes the chunk and drops it from `arena`; false if somebody still has its memory. */
  retire(arena: NativeArena, index: number, chunk: ChunkMemory): boolean;
}

/** The backend of this process. */
export const backend: Backend = backendName === 'external' ? new ExternalBackend() : new WasmBackend();
