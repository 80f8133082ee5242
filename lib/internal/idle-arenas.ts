// The idle arenas of this thread, last in, first out: the warmest memory is used first.
import { ArenaCore, type ArenaHome } from './arena-core';
import { Granule } from './granule';
import { addKeeper, type MemoryKeeper } from './idle-memory';
import type { Lease } from './lease';
import { RETAIN_BYTES_PER_THREAD } from './settings';

/** The smallest chunk there is; an arena that holds no more fits every lease. */
const MIN_CHUNK_BYTES = 65536;
/** As many arenas as there can be with a chunk each. */
const MAX_IDLE = RETAIN_BYTES_PER_THREAD / MIN_CHUNK_BYTES;

class IdleArenas implements ArenaHome, MemoryKeeper {
  readonly #cores: ArenaCore[] = [];
  #bytes = 0;

  /** The warmest idle arena that is not larger than `lease` allows, else a new one. */
  take(lease: Lease): ArenaCore {
    return this.#takeFitting(Math.max(lease.maxGranules * Granule.Bytes, MIN_CHUNK_BYTES)) ?? new ArenaCore(this);
  }

  /** Keeps the core while the idle arenas of the thread are at most 1024 and hold at most 64 MiB. */
  giveBack(core: ArenaCore): void {
    const bytes = this.#bytes + core.capacity;
    if (bytes > RETAIN_BYTES_PER_THREAD || this.#cores.length === MAX_IDLE) {
      core.dropChunks();
    } else {
      this.#bytes = bytes;
      this.#cores.push(core);
    }
  }

  releaseIdle(): boolean {
    if (this.#bytes === 0) return false;
    for (const core of this.#cores) core.dropChunks();
    this.#bytes = 0;
    return true;
  }

  #takeFitting(maxBytes: number): ArenaCore | undefined {
    const cores = this.#cores;
    for (let index = cores.length - 1; index >= 0; index--) {
      const core = cores[index]!;
      const { capacity } = core;
      if (capacity > maxBytes) continue;
      if (index === cores.length - 1) cores.pop();
      else cores.splice(index, 1);
      this.#bytes -= capacity;
      return core;
    }
    return undefined;
  }
}

/** The idle arenas of this thread. */
export const idleArenas: IdleArenas = new IdleArenas();
addKeeper(idleArenas);
