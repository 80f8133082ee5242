/// <reference lib="esnext.disposable" preserve="true" />
// Pools of buffers that outlive one scope: bytes come from a pool and go back to it, instead of to the garbage collector.
import { checkAlignment } from './internal/allocation';
import { defaultSampler, LeakSampler } from './internal/leaks';
import { defaultLease } from './internal/lease';
import { PoolCore, type PoolSettings } from './internal/pool-core';
import type { PoolStats } from './pool-stats';
import { checkInteger, checkLeakDetection, checkObject, checkStaleViews, wrongType } from './internal/validate';
import type { AllocOptions, LeakDetection, StaleViews, Until } from './types';

/** How a pool behaves. */
export interface PoolOptions {
  /** Names the pool in errors, warnings, diagnostics and statistics. */
  readonly label?: string | undefined;
  /**
   * Bytes of idle buffers that the pool keeps, in size classes; the memory that small ones share may be more
   * (`capacity` of {@link PoolStats}). Default: 64 MiB.
   */
  readonly maxPoolBytes?: number | undefined;
  /** Idle buffers that the pool keeps in each size class, up to 65,536. Default: 8. */
  readonly maxBuffersPerBucket?: number | undefined;
  /** Milliseconds: a buffer that nobody has needed for so long is let go, at the latest after twice that. Default: never. */
  readonly maxIdleMs?: number | undefined;
  /** What becomes of views of a buffer that was put back. Default: `'revoke'`, or what `configure` or the environment says. */
  readonly staleViews?: StaleViews | undefined;
  /** How leaks are traced to where the buffer came from. Default: what `configure` says, else `'sampled'`. */
  readonly leakDetection?: LeakDetection | undefined;
}

// A constant of this module, which V8 embeds in compiled code, as it does not with a global.
const BufferConstructor = Buffer;

const DEFAULT_MAX_POOL_BYTES = 64 * 2 ** 20;
const DEFAULT_MAX_BUFFERS_PER_BUCKET = 8;
/** As in native/memory/buffer_pool.h. */
const MAX_BUFFERS_PER_BUCKET = 65_536;
/** The longest interval of a timer. */
const MAX_IDLE_MS = 2 ** 31 - 1;

function toSettings(options: PoolOptions): PoolSettings {
  const { label, maxPoolBytes, maxBuffersPerBucket, maxIdleMs, staleViews, leakDetection } = checkObject(
    'options',
    options,
  ) as PoolOptions;
  if (label !== undefined && typeof label !== 'string') throw wrongType('options.label', 'a string', label);
  return {
    label,
    maxPoolBytes:
      maxPoolBytes === undefined ? DEFAULT_MAX_POOL_BYTES : checkInteger('options.maxPoolBytes', maxPoolBytes),
    maxBuffersPerBucket:
      maxBuffersPerBucket === undefined
        ? DEFAULT_MAX_BUFFERS_PER_BUCKET
        : checkInteger('options.maxBuffersPerBucket', maxBuffersPerBucket, MAX_BUFFERS_PER_BUCKET),
    maxIdleMs: maxIdleMs === undefined ? undefined : checkInteger('options.maxIdleMs', maxIdleMs, MAX_IDLE_MS, 1),
    staleViews: staleViews === undefined ? defaultLease.staleViews : checkStaleViews('options.staleViews', staleViews),
    leaks:
      leakDetection === undefined
        ? defaultSampler
        : new LeakSampler(checkLeakDetection('options.leakDetection', leakDetection)),
  };
}

/** The core of a pool. For the package's own modules. */
export let coreOf: (pool: BufferPool) => PoolCore;

/**
 * A pool of buffers, in power-of-two size classes from 64 bytes to 128 MiB: what {@link put} takes back, {@link get}
 * hands out again. Larger buffers are served and never kept.
 *
 * A buffer that was put back is the pool's: by default all views of it have length 0 from then on. A buffer is put back
 * once, as the very object that was handed out: anything else is an error, and changes nothing. One that the program
 * drops is found by the garbage collector, counted, and reported as a leak.
 *
 * A pool belongs to the thread that made it.
 *
 * @example
 * ```ts
 * const pool = new BufferPool({ label: 'bodies' });
 * const body = pool.getOrAlloc(size);
 * fill(body);
 * pool.putAfter(body, response);
 * response.end(body);
 * ```
 */
export class BufferPool implements Disposable {
  static {
    coreOf = (pool) => pool.#core;
  }

  readonly #core: PoolCore;

  /** @throws `ERR_INVALID_ARG_TYPE`, `ERR_OUT_OF_RANGE` for options that make no sense. */
  constructor(options: PoolOptions = {}) {
    this.#core = new PoolCore(toSettings(options));
  }

  /**
   * A Buffer of exactly `size` bytes with unspecified contents, out of what is pooled; null where nothing suitable is.
   * O(1).
   *
   * @param size - bytes
   * @throws `ERR_INVALID_ARG_TYPE`, `ERR_OUT_OF_RANGE` for arguments that make no sense; `ERR_POOL_CLOSED`.
   */
  get(size: number, options?: AllocOptions): Buffer | null {
    const bytes = checkInteger('size', size);
    return (this.#core.take(BufferConstructor, bytes, bytes, checkAlignment(options)) as Buffer | undefined) ?? null;
  }

  /**
   * A Buffer of exactly `size` bytes with unspecified contents, out of what is pooled, else made. O(1), until the budget of the process is exhausted.
   *
   * @param size - bytes
   * @throws as {@link get}; `ERR_MEMORY_BUDGET` past the budget of the process, `ERR_POOL_OUT_OF_MEMORY` where the system
   *   has no more. The pool stays as it was.
   */
  getOrAlloc(size: number, options?: AllocOptions): Buffer {
    const bytes = checkInteger('size', size);
    return this.#core.allocate(BufferConstructor, bytes, bytes, checkAlignment(options), false) as Buffer;
  }

  /**
   * Takes back a Buffer that this pool has handed out. Its views are treated as `staleViews` says; a buffer that was
   * detached meanwhile is counted as lost. O(1), and O(bytes) under `'poison'`.
   *
   * @throws `ERR_POOL_DOUBLE_PUT` for a buffer that came back before, `ERR_POOL_NOT_OWNED` for one of another origin, or
   *   for another view of it, `ERR_INVALID_ARG_TYPE` for anything else; nothing has changed then. `ERR_POOL_CLOSED`.
   */
  put(buffer: Buffer): void {
    this.#core.give(buffer);
  }

  /**
   * As {@link put}, when `until` settles or emits `'close'`: views stay valid until then, also if the pool is closed. For
   * buffers that something outside JavaScript still uses: a socket, a file.
   *
   * @throws as {@link put}; `ERR_INVALID_ARG_TYPE` for an `until` that is neither a stream nor a promise.
   */
  putAfter(buffer: Buffer, until: Until): void {
    this.#core.giveAfter(buffer, until);
  }

  /**
   * Takes back all buffers that are out, but for those that {@link putAfter} holds, and revokes their views, whatever
   * `staleViews` says. The memory is kept, within the limits of the pool. O(buffers).
   */
  reclaimAll(): void {
    this.#core.reclaimAll();
  }

  /**
   * Lets idle buffers go, the coldest of the size class that has most bytes first, until at most `targetBytes` are
   * pooled. Memory goes back to the system with them; of buffers below 64 KiB, which share 64 KiB, when the last of those
   * has gone. The memory of one that somebody has taken away waits for them; it counts as `lost` as well.
   *
   * @returns bytes of the buffers let go, in size classes
   */
  trim(targetBytes = 0): number {
    checkInteger('targetBytes', targetBytes);
    return this.#core.trim(targetBytes);
  }

  /** What the pool has done and holds. O(size classes). */
  stats(): PoolStats {
    return this.#core.stats();
  }

  /** Takes everything back, as {@link reclaimAll} does, and gives all memory back. Later use throws. Idempotent. */
  close(): void {
    this.#core.close();
  }

  /** {@link close}, for `using`. */
  [Symbol.dispose](): void {
    this.close();
  }
}
