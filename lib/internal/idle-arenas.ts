// The idle arenas of this thread, the one that was used last at the end: the warmest memory is used first, and where there
// is too much, the coldest goes back to the system.
import { ArenaCore, type ArenaHome } from './arena-core';
import { MIN_CHUNK_BYTES } from './chunk-size';
import { addKeeper, type MemoryKeeper } from './idle-memory';
import type { LabelHistory } from './label-history';
import { retainedBytes, type Lease } from './lease';
import { RETAIN_BYTES_PER_THREAD } from './settings';

/** As many arenas as there can be with a chunk each. */
const MAX_IDLE = RETAIN_BYTES_PER_THREAD / MIN_CHUNK_BYTES;

class IdleArenas implements ArenaHome, MemoryKeeper {
  readonly #cores: ArenaCore[] = [];
  #bytes = 0;

  /** Bytes of all idle arenas. */
  get idleBytes(): number {
    return this.#bytes;
  }

  /** The warmest idle arena that suits `lease`, else a new one. */
  take(lease: Lease): ArenaCore {
    const { history, largestBytes } = lease;
    const core = history === undefined ? this.#takeWarmest(0, largestBytes) : this.#takeLearned(lease, history);
    return core ?? new ArenaCore(this);
  }

  /** Keeps the core; the coldest are let go while the idle arenas are more than 1024 or hold more than 64 MiB. */
  giveBack(core: ArenaCore): void {
    const bytes = this.#bytes + core.capacity;
    this.#bytes = bytes;
    this.#cores.push(core);
    if (bytes > RETAIN_BYTES_PER_THREAD || this.#cores.length > MAX_IDLE) this.#dropExcess();
  }

  releaseIdle(): boolean {
    if (this.#bytes === 0) return false;
    for (const core of this.#cores) core.dropChunks();
    this.#bytes = 0;
    return true;
  }

  shrink(): void {
    for (const core of this.#cores) {
      const { capacity } = core;
      if (capacity <= core.retainedBytes) continue;
      this.#bytes -= capacity;
      core.dropChunks();
    }
  }

  /** The warmest core that has what the label needs and that its scope will keep; else one that has no memory yet. */
  #takeLearned(lease: Lease, { learnedBytes = 0 }: LabelHistory): ArenaCore | undefined {
    const most = Math.min(retainedBytes(lease), lease.largestBytes);
    return this.#takeWarmest(Math.min(learnedBytes, lease.maxBytes), most) ?? this.#takeWarmest(0, 0);
  }

  /** The warmest core of `least` to `most` bytes. */
  #takeWarmest(least: number, most: number): ArenaCore | undefined {
    const cores = this.#cores;
    for (let index = cores.length - 1; index >= 0; index--) {
      const core = cores[index]!;
      const { capacity } = core;
      if (capacity < least || capacity > most) continue;
      if (index === cores.length - 1) cores.pop();
      else cores.splice(index, 1);
      this.#bytes -= capacity;
      return core;
    }
    return undefined;
  }

  /** Lets go of what is too much: a core that is so large by itself, else the coldest ones. */
  #dropExcess(): void {
    const cores = this.#cores;
    const warmest = cores[cores.length - 1]!;
    if (warmest.capacity > RETAIN_BYTES_PER_THREAD) {
      this.#bytes -= warmest.capacity;
      warmest.dropChunks();
    }
    while (this.#bytes > RETAIN_BYTES_PER_THREAD || cores.length > MAX_IDLE) {
      const coldest = cores.shift()!;
      this.#bytes -= coldest.capacity;
      coldest.dropChunks();
    }
  }
}

/** The idle arenas of this thread. */
export const idleArenas: IdleArenas = new IdleArenas();
addKeeper(idleArenas);
