// Chunks as external ArrayBuffers over memory that the native core maps.
//
// `transfer()` moves a chunk's memory to a fresh ArrayBuffer, which leaves every old view with length 0. Where the
// runtime has no `transfer()`, the native core detaches the buffer and makes a new one: slower, but the same.
import type { Backend, ChunkMemory } from './backend';
import { Granule } from './granule';
import { transfer } from './intrinsics';
import type { NativeArena } from './native';

/** See {@link Backend}. */
export class ExternalBackend implements Backend {
  make(arena: NativeArena, index: number, bytes: number): ChunkMemory | undefined {
    const buffer = arena.expose(index);
    if (buffer === undefined) return undefined;
    // Transferred once before anybody sees it: V8 aborts at exit over an external buffer of the native core that a user
    // marked as untransferable, but not over one that it made itself.
    return { buffer: transfer ? transfer(buffer) : buffer, granules: bytes / Granule.Bytes };
  }

  revoke(arena: NativeArena, index: number, chunk: ChunkMemory): boolean {
    if (transfer === undefined) {
      const renewed = arena.renew(index, chunk.buffer);
      if (renewed === undefined) return false;
      chunk.buffer = renewed;
      return true;
    }
    try {
      chunk.buffer = transfer(chunk.buffer);
      return true;
    } catch {
      // Detached by somebody else, or marked as untransferable.
      return false;
    }
  }

  retire(arena: NativeArena, index: number, chunk: ChunkMemory): boolean {
    return arena.retire(index, chunk.buffer);
  }
}
