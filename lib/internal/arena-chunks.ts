// The chunks of one arena, as JavaScript reaches them, beside the record that native code keeps of them.
//
// Invariant: a chunk has the same index here and there. Where somebody took a chunk's memory away, it is lost: dropped,
// counted and reported under the label that is passed in, and the arena goes on with other memory.
import { chunkLostChannel, ofScope, report, type ChunkLostMessage } from '../diagnostics';
import { backend, type ChunkMemory } from './backend';
import { counters } from './counters';
import { Granule } from './granule';
import { arrayBufferByteLength } from './intrinsics';
import { native, statusOf, withMemory, type NativeArena } from './native';
import { markRevoked } from './revoked-label';
import { ArenaState, MemoryStat, Status } from './tables';

const NO_CHUNK: ChunkMemory = { buffer: new ArrayBuffer(0), granules: 0 };

let granulesOfThread = 0;

/** Bytes of the chunks of all arenas of this thread, of idle ones too. */
export function chunkBytesOfThread(): number {
  return granulesOfThread * Granule.Bytes;
}

/** See the head of this file. */
export class ArenaChunks {
  /** The chunk that is bumped; one without memory if there is none. */
  current: ChunkMemory = NO_CHUNK;

  readonly #all: ChunkMemory[] = [];
  readonly #state: Uint32Array;
  readonly #native: NativeArena;

  /** `state`: what the arena shares with native code, indexed by `ArenaState`. */
  constructor(state: Uint32Array) {
    this.#state = state;
    this.#native = withMemory(Status.ArenaOutOfMemory, () => new native.NativeArena(state));
  }

  /** Number of chunks. */
  get count(): number {
    return this.#all.length;
  }

  /** Makes a chunk for `bytes`; `firstBytes` is the size of a first one. Or says, by a `Status`, why not. */
  grow(bytes: number, firstBytes: number): ChunkMemory | Status {
    this.#reconcile();
    const state = this.#state;
    const made = this.#native.grow(bytes, firstBytes);
    if (made < 0) return statusOf(made);

    // Until JavaScript has the chunk too, nothing may be handed out.
    const limit = state[ArenaState.limit]!;
    state[ArenaState.limit] = 0;
    const index = state[ArenaState.chunks]! - 1;
    const chunk = this.#makeMemory(index, made);
    if (chunk === undefined) {
      this.#native.undoGrow();
      return Status.ArenaOutOfMemory;
    }
    this.#all.push(chunk);
    granulesOfThread += chunk.granules;
    if (state[ArenaState.current] === index) this.current = chunk;
    state[ArenaState.limit] = limit;
    counters[MemoryStat.grows]! += 1;
    return chunk;
  }

  /** Whether `buffer` is that of a chunk. */
  owns(buffer: ArrayBufferLike): boolean {
    return buffer === this.current.buffer || this.#all.some((chunk) => chunk.buffer === buffer);
  }

  /** Cuts all views off the memory; errors about them name `label`. */
  revoke(label: string | undefined): void {
    this.#reconcile();
    for (let index = this.#all.length - 1; index >= 0; index--) {
      const chunk = this.#all[index]!;
      if (label !== undefined) markRevoked(chunk.buffer, label);
      if (!backend.revoke(this.#native, index, chunk)) this.#lose(index, label);
    }
  }

  /** Drops all chunks and gives their memory back to the system. */
  drop(label: string | undefined): void {
    this.#state[ArenaState.limit] = 0;
    this.current = NO_CHUNK;
    this.#reconcile();
    for (let index = this.#all.length - 1; index >= 0; index--) {
      const chunk = this.#all[index]!;
      if (!backend.retire(this.#native, index, chunk)) reportLoss(chunk, label);
      this.#all.pop();
      granulesOfThread -= chunk.granules;
    }
  }

  /** Loses the chunks whose memory was taken away. */
  loseDetached(label: string | undefined): void {
    this.#reconcile();
    for (let index = this.#all.length - 1; index >= 0; index--) {
      if (isDetached(this.#all[index]!)) this.#lose(index, label);
    }
  }

  /** Where an exhausted stack came between the two records, one has a chunk that the other has not: both let go of it. */
  #reconcile(): void {
    const count = this.#state[ArenaState.chunks]!;
    const all = this.#all;
    if (all.length === count) return;
    if (all.length > count) {
      for (const chunk of all.splice(count)) granulesOfThread -= chunk.granules;
    } else {
      this.current = NO_CHUNK;
      for (let index = count - 1; index >= all.length; index--) this.#native.lose(index);
    }
  }

  #makeMemory(index: number, bytes: number): ChunkMemory | undefined {
    try {
      return backend.make(this.#native, index, bytes);
    } catch {
      return undefined;
    }
  }

  #lose(index: number, label: string | undefined): void {
    const chunk = this.#all[index]!;
    this.#native.lose(index);
    // As native code does: the last chunk takes the index.
    const last = this.#all.pop()!;
    granulesOfThread -= chunk.granules;
    if (last !== chunk) this.#all[index] = last;
    if (chunk === this.current) this.current = NO_CHUNK;
    reportLoss(chunk, label);
  }
}

/** Whether a chunk has no memory: because somebody took it away, or because there is no chunk. */
export function isDetached(chunk: ChunkMemory): boolean {
  return arrayBufferByteLength(chunk.buffer) === 0;
}

function reportLoss(chunk: ChunkMemory, label: string | undefined): void {
  counters[MemoryStat.chunksLost]! += 1;
  const message: ChunkLostMessage = { label, bytes: chunk.granules * Granule.Bytes };
  report(
    chunkLostChannel,
    'SIMD_ARENA_CHUNK_LOST',
    message,
    `The ArrayBuffer of an arena${ofScope(label)} was transferred or marked as untransferable; the arena goes on without it`,
  );
}
