/// <reference lib="esnext.disposable" preserve="true" />
// Arenas: memory that is handed out by advancing an offset and released all at once.
import type { Allocator } from './allocator';
import { createError } from './errors';
import { checkAlignment, checkBytes } from './internal/allocation';
import type { ArenaCore } from './internal/arena-core';
import { chunkBytesFor } from './internal/chunk-size';
import { counters as threadCounters } from './internal/counters';
import { Granule } from './internal/granule';
import { idleArenas } from './internal/idle-arenas';
import { bufferOf, copyBytes, fixedView } from './internal/inspect-view';
import { typedArrayFill, typedArrayLength, typedArraySet } from './internal/intrinsics';
import { historyOf } from './internal/label-history';
import { defaultSampler } from './internal/leaks';
import { defaultLease, tracedLease, type Lease } from './internal/lease';
import { maxChunkBytes } from './internal/native';
import { RETAIN_BYTES, RETAIN_BYTES_PER_THREAD } from './internal/settings';
import { ArenaState, MemoryStat, Status } from './internal/tables';
import { whenClosed, whenSettled } from './internal/until';
import { checkInteger, checkObject, checkStaleViews, wrongType } from './internal/validate';
import { elementBytesOf, makeView, viewTypeOf, zeroOf } from './internal/view-types';
import type { AllocOptions, ClosableStream, ElementView, StaleViews, ViewConstructor } from './types';

/** How an arena behaves. */
export interface ArenaOptions {
  /**
   * Names the scope in errors, warnings and diagnostics. Scopes of one label learn their sizes from each other: see
   * `initialBytes` and `retainBytes`. For the first 1000 labels of a thread; those beyond learn nothing.
   */
  readonly label?: string | undefined;
  /**
   * Bytes of the first chunk, which is made when the arena is first allocated from. Rounded up to a size class.
   * Default: what recent scopes of the label needed (the 95th percentile), else `SIMD_ARENA_SIZE`, else 64 KiB. Where it
   * is given, the scope neither follows its label's sizes nor adds to them.
   */
  readonly initialBytes?: number | undefined;
  /**
   * Bytes that may be in use at once; more is `ERR_ARENA_LIMIT`, and the arena stays usable. Each allocation counts as a
   * multiple of 64 bytes. Default: no limit of its own.
   */
  readonly maxBytes?: number | undefined;
  /**
   * Bytes that the arena keeps at most when it is reset or idle. Default: twice what recent scopes of the label needed, up
   * to 64 MiB, else 1 MiB.
   */
  readonly retainBytes?: number | undefined;
  /** What becomes of views that outlive their scope. Default: `'revoke'`, or what `configure` or the environment says. */
  readonly staleViews?: StaleViews | undefined;
}

/** What an arena has done and holds. */
export interface ArenaStats {
  /** The label given to the arena. */
  readonly label: string | undefined;
  /** Bytes handed out and not released: multiples of 64, padding for alignment included. */
  readonly used: number;
  /** Bytes of all chunks. */
  readonly capacity: number;
  /** Highest `used` since the arena was made. */
  readonly peak: number;
  /** Number of chunks. */
  readonly chunks: number;
  /** Allocations since the last reset. */
  readonly allocations: number;
  /** Bytes skipped since the last reset: ends of chunks, and padding for alignment. */
  readonly wasted: number;
  /** Resets since the arena was made. */
  readonly resets: number;
  /** Chunks made since the arena was made. */
  readonly grows: number;
  /** Holds that are active. */
  readonly holds: number;
  /**
   * What recent scopes of the label needed, at the 95th percentile (of 2 to 19, without the largest), in bytes: the size of
   * the next first chunk, while the arenas of the thread take no more than 64 MiB with it. undefined where nothing was
   * learned: no label, `initialBytes` given, no scope with an allocation yet, or a label too many.
   */
  readonly learnedBytes: number | undefined;
}

/** Lengths up to here take the fast path: their bytes fit 31 bits, whatever the type. */
const MAX_FAST_LENGTH = 2 ** 28 - 1;

// Constants of this module, which V8 embeds in compiled code, as it does not with imports.
const counters = threadCounters;
const sampler = defaultSampler;

/** The largest idle arena that can serve a lease, as far as its options say. */
function largestIdle(maxBytes: number, retainBytes: number = RETAIN_BYTES_PER_THREAD): number {
  return maxBytes < retainBytes ? Math.min(chunkBytesFor(maxBytes), retainBytes) : retainBytes;
}

function toLease(options: ArenaOptions): Lease {
  const {
    label,
    initialBytes,
    maxBytes = Infinity,
    retainBytes,
    staleViews,
  } = checkObject('options', options) as ArenaOptions;
  if (label !== undefined && typeof label !== 'string') throw wrongType('options.label', 'a string', label);
  const defaults = defaultLease;
  const history = label === undefined || initialBytes !== undefined ? undefined : historyOf(label);
  const defaultRetention = history === undefined ? RETAIN_BYTES : undefined;
  return {
    label,
    initialBytes:
      initialBytes === undefined ? undefined : checkInteger('options.initialBytes', initialBytes, maxChunkBytes),
    maxBytes: maxBytes === Infinity ? maxBytes : checkInteger('options.maxBytes', maxBytes),
    maxGranules: Math.min(Granule.Max, Math.floor(maxBytes / Granule.Bytes)),
    retainBytes: retainBytes === undefined ? defaultRetention : checkInteger('options.retainBytes', retainBytes),
    largestBytes: largestIdle(maxBytes, retainBytes ?? defaultRetention),
    staleViews: staleViews === undefined ? defaults.staleViews : checkStaleViews('options.staleViews', staleViews),
    history,
    stack: undefined,
  };
}

/** Apart from the constructor, which has to stay short: V8 inlines it into every scope. */
function traced(lease: Lease): Lease {
  return tracedLease(lease, sampler.trace(Arena));
}

/** A hold on an arena: see {@link Arena.hold}. */
class Hold implements Disposable {
  #core: ArenaCore | undefined;

  constructor(core: ArenaCore) {
    this.#core = core;
    core.hold();
  }

  [Symbol.dispose](): void {
    const core = this.#core;
    if (core === undefined) return;
    // Where the stack is exhausted, this fails and the hold goes on; afterwards, the garbage collector ends the arena.
    core.unhold();
    this.#core = undefined;
    core.finishReleased();
  }
}

/** The core that an arena uses now; undefined once it is closed. For the package's own modules. */
export let coreOf: (arena: Arena) => ArenaCore | undefined;

/**
 * Memory that is handed out at the speed of advancing an offset and released all at once, in O(1).
 *
 * Views of an arena share the arena's memory. They are valid until {@link reset} or {@link close}; what then becomes of
 * them, `staleViews` says: by default they have length 0 from then on. Whatever outlives the arena is copied out first,
 * with {@link copyOut}, and memory that something outside JavaScript still uses is protected by a hold.
 *
 * An arena belongs to the thread that made it. One that is dropped without being closed is closed, at some time, by the
 * garbage collector, and counted as a leak: keep the arena as long as its views.
 *
 * @example
 * ```ts
 * const arena = new Arena({ label: 'thumbnails', maxBytes: 64 << 20 });
 * for (const image of images) {
 *   const pixels = arena.allocUnsafe(Float32Array, image.width * image.height);
 *   …
 *   arena.reset();
 * }
 * arena.close();
 * ```
 */
export class Arena implements Allocator, Disposable {
  static {
    coreOf = (arena) => arena.#core;
  }

  #core: ArenaCore | undefined;
  /** The label, once the arena is closed. */
  #closedLabel: string | undefined;

  /**
   * Takes an arena, warm if an idle one is there, that is the caller's until it is closed. Makes no memory yet.
   *
   * @throws `ERR_INVALID_ARG_TYPE`, `ERR_OUT_OF_RANGE` for options that make no sense.
   */
  constructor(options?: ArenaOptions) {
    let lease = options === undefined ? defaultLease : toLease(options);
    if (--sampler.countdown === 0) lease = traced(lease);
    const core = idleArenas.take(lease);
    core.begin(lease);
    this.#core = core;
  }

  /** An arena for a scope that `withArena` cannot express: `using arena = Arena.lease()`, or middleware. */
  static lease(options?: ArenaOptions): Arena {
    const arena = new Arena(options);
    arena.#open().startClock();
    return arena;
  }

  /**
   * A view of `length` elements, all zero. Clearing takes O(length); otherwise as {@link allocUnsafe}.
   *
   * @param type - a typed array constructor, or `Buffer`
   * @param length - elements, not bytes
   */
  alloc<C extends ViewConstructor>(type: C, length: number, options?: AllocOptions): InstanceType<C> {
    const view = this.#allocFast(type, length, options);
    if (view === undefined) return this.#allocSlow(type, length, options, true) as InstanceType<C>;
    typedArrayFill(view, zeroOf(type));
    return view as InstanceType<C>;
  }

  /**
   * A view of `length` elements, whose contents are what the memory happened to hold. O(1).
   *
   * @param type - a typed array constructor, or `Buffer`
   * @param length - elements, not bytes
   * @throws `ERR_INVALID_ARG_TYPE`, `ERR_OUT_OF_RANGE` for arguments that make no sense; `ERR_ARENA_CLOSED`;
   *   `ERR_ARENA_LIMIT` past `maxBytes`, `ERR_MEMORY_BUDGET` past the budget of the process, `ERR_ARENA_OUT_OF_MEMORY`
   *   where the system has no more. The arena stays as it was, and usable.
   */
  allocUnsafe<C extends ViewConstructor>(type: C, length: number, options?: AllocOptions): InstanceType<C> {
    const view = this.#allocFast(type, length, options) ?? this.#allocSlow(type, length, options, false);
    return view as InstanceType<C>;
  }

  /**
   * A copy of `view`, of the same type, in the arena.
   *
   * @throws as {@link allocUnsafe}; `ERR_DETACHED` for a view that has lost its memory.
   */
  copyIn<V extends ElementView>(view: V): V {
    this.#open();
    const type = viewTypeOf(view);
    if (type === undefined) throw wrongType('view', 'a typed array or Buffer', view);
    const source = fixedView(type, view);
    const length = typedArrayLength(source);
    const copy = this.#allocFast(type, length, undefined) ?? this.#allocSlow(type, length, undefined, false);
    typedArraySet(copy, source as unknown as ArrayLike<unknown>);
    return copy as V;
  }

  /**
   * A copy of `view`, of the same type, on the JavaScript heap: it outlives the arena, and shares its buffer with nothing.
   *
   * @throws `ERR_DETACHED` for a view that has lost its memory; `ERR_ARENA_CLOSED`.
   */
  copyOut<V extends ArrayBufferView>(view: V): V {
    this.#open();
    return copyBytes(view);
  }

  /**
   * Whether `view` lies in memory of this arena that is in use; false for a view that was revoked. Under `'allow'` and
   * `'poison'`, stale views of memory that is in use again cannot be told apart.
   */
  owns(view: ArrayBufferView): boolean {
    const core = this.#open();
    return ArrayBuffer.isView(view) && core.used !== 0 && core.chunks.owns(bufferOf(view));
  }

  /** Does nothing but complete the {@link Allocator} interface: an arena releases everything at once. */
  free(_view: ArrayBufferView): void {
    this.#open();
  }

  /**
   * Releases everything, in O(1), and keeps the memory for what comes next; old views become stale. Where a hold is
   * active, the held memory is left to it, and the arena goes on with other memory.
   */
  reset(): void {
    const core = this.#open();
    if (core.state[ArenaState.holds] === 0) {
      core.release();
    } else {
      const next = idleArenas.take(core.lease);
      next.beginAfter(core);
      this.#core = next;
      core.end();
    }
  }

  /** Releases everything and gives the arena back; old views become stale. Later use throws. Idempotent. */
  close(): void {
    const core = this.#core;
    if (core === undefined) return;
    this.#core = undefined;
    this.#closedLabel = core.lease.label;
    core.end();
  }

  /** {@link close}, for `using`. */
  [Symbol.dispose](): void {
    this.close();
  }

  /**
   * Holds the arena's memory for something outside JavaScript that uses it (a socket, a file, zlib, another addon): until
   * the returned object is disposed of, views stay valid and the memory is neither reused nor freed, even if the arena is
   * closed or reset meanwhile. Idempotent disposal.
   */
  hold(): Disposable {
    return new Hold(this.#open());
  }

  /** A {@link hold} until `promise` settles. */
  waitUntil(promise: PromiseLike<unknown>): void {
    const hold = this.hold();
    try {
      whenSettled('promise', promise, () => {
        hold[Symbol.dispose]();
      });
    } catch (error) {
      hold[Symbol.dispose]();
      throw error;
    }
  }

  /**
   * Closes the arena when `stream` emits `'close'`, and holds its memory until then: for a response that is written from
   * arena memory. At once if the stream is closed already.
   *
   * @example
   * ```ts
   * const arena = Arena.lease({ label: 'report' }).closeAfter(response);
   * ```
   */
  closeAfter(stream: ClosableStream): this {
    const hold = this.hold();
    try {
      whenClosed('stream', stream, () => {
        this.close();
        hold[Symbol.dispose]();
      });
    } catch (error) {
      hold[Symbol.dispose]();
      throw error;
    }
    return this;
  }

  /** Statistics of this arena. O(1). */
  stats(): ArenaStats {
    const core = this.#open();
    const { state } = core;
    const { used } = core;
    return {
      label: core.lease.label,
      used,
      capacity: core.capacity,
      peak: Math.max(used, state[ArenaState.peak]! * Granule.Bytes),
      chunks: state[ArenaState.chunks]!,
      allocations: state[ArenaState.allocations]!,
      wasted: state[ArenaState.wasted]! * Granule.Bytes,
      resets: state[ArenaState.resets]!,
      grows: state[ArenaState.grows]!,
      holds: state[ArenaState.holds]!,
      learnedBytes: core.lease.history?.learnedBytes,
    };
  }

  #open(): ArenaCore {
    const core = this.#core;
    if (core === undefined) {
      const label = this.#closedLabel;
      throw createError(Status.ArenaClosed, label === undefined ? undefined : `scope ${JSON.stringify(label)}`, {
        label,
      });
    }
    return core;
  }

  /** Bumps the offset; undefined where that is not enough, or the arguments need a closer look. */
  #allocFast(type: unknown, length: number, options: AllocOptions | undefined): ElementView | undefined {
    const core = this.#core;
    if (core === undefined || options !== undefined) return undefined;
    const elementBytes = elementBytesOf(type);
    if (elementBytes === undefined || typeof length !== 'number' || length >>> 0 !== length || length > MAX_FAST_LENGTH)
      return undefined;

    const { state } = core;
    const granules = (length * elementBytes + (Granule.Bytes - 1)) >>> Granule.Shift || 1;
    const offset = state[ArenaState.offset]!;
    const end = offset + granules;
    if (end > state[ArenaState.limit]!) return undefined;
    let view;
    try {
      view = makeView(type, core.chunks.current.buffer, offset * Granule.Bytes, length);
    } catch {
      // Somebody took the chunk's buffer away.
      return undefined;
    }
    state[ArenaState.offset] = end;
    state[ArenaState.allocations]! += 1;
    counters[MemoryStat.used]! += granules * Granule.Bytes;
    return view;
  }

  #allocSlow(type: unknown, length: number, options: AllocOptions | undefined, zero: boolean): ElementView {
    const bytes = checkBytes(type, length);
    // Getters of the options are code of the user: the arena is looked at after them.
    const alignment = checkAlignment(options);
    const core = this.#open();
    const { buffer, byteOffset, fresh } = core.reserve(bytes, alignment);
    const view = makeView(type, buffer, byteOffset, length);
    if (zero && !fresh) typedArrayFill(view, zeroOf(type));
    return view;
  }
}
