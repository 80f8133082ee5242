/// <reference lib="esnext.disposable" preserve="true" />
// Typed arrays that outlive one scope, from a pool.
import type { Allocator } from './allocator';
import { checkAlignment, checkBytes } from './internal/allocation';
import type { PoolCore } from './internal/pool-core';
import { BufferPool, coreOf, type PoolOptions } from './pool';
import type { PoolStats } from './pool-stats';
import type { AllocOptions, ElementView, Until, ViewConstructor } from './types';

/**
 * Typed arrays and Buffers from a pool of its own: a {@link BufferPool} for code that works with elements, and an
 * {@link Allocator}.
 *
 * @example
 * ```ts
 * const tensors = new PoolAllocator({ maxPoolBytes: 256 << 20 });
 * const weights = tensors.alloc(Float32Array, 1024);
 * …
 * tensors.free(weights);
 * ```
 */
export class PoolAllocator implements Allocator, Disposable {
  readonly #pool: BufferPool;
  readonly #core: PoolCore;

  /** @throws `ERR_INVALID_ARG_TYPE`, `ERR_OUT_OF_RANGE` for options that make no sense. */
  constructor(options?: PoolOptions) {
    this.#pool = new BufferPool(options);
    this.#core = coreOf(this.#pool);
  }

  /**
   * A view of `length` elements, all zero. Clearing takes O(length), and is skipped for memory that the system gave
   * fresh; otherwise as {@link allocUnsafe}.
   *
   * @param type - a typed array constructor, or `Buffer`
   * @param length - elements, not bytes
   */
  alloc<C extends ViewConstructor>(type: C, length: number, options?: AllocOptions): InstanceType<C> {
    return this.#allocate(type, length, options, true) as InstanceType<C>;
  }

  /**
   * A view of `length` elements, whose contents are what the memory happened to hold. O(1).
   *
   * @param type - a typed array constructor, or `Buffer`
   * @param length - elements, not bytes
   * @throws `ERR_INVALID_ARG_TYPE`, `ERR_OUT_OF_RANGE` for arguments that make no sense; `ERR_POOL_CLOSED`;
   *   `ERR_MEMORY_BUDGET` past the budget of the process, `ERR_POOL_OUT_OF_MEMORY` where the system has no more. The pool
   *   stays as it was.
   */
  allocUnsafe<C extends ViewConstructor>(type: C, length: number, options?: AllocOptions): InstanceType<C> {
    return this.#allocate(type, length, options, false) as InstanceType<C>;
  }

  /**
   * Takes back a view that this allocator has made: see {@link BufferPool.put}.
   *
   * @throws as {@link BufferPool.put}
   */
  free(view: ArrayBufferView): void {
    this.#core.give(view);
  }

  /**
   * As {@link free}, when `until` settles or emits `'close'`: see {@link BufferPool.putAfter}.
   *
   * @throws as {@link BufferPool.putAfter}
   */
  freeAfter(view: ArrayBufferView, until: Until): void {
    this.#core.giveAfter(view, until);
  }

  /** Takes back all views that are out: see {@link BufferPool.reclaimAll}. */
  reclaimAll(): void {
    this.#pool.reclaimAll();
  }

  /** Lets idle memory go: see {@link BufferPool.trim}. */
  trim(targetBytes?: number): number {
    return this.#pool.trim(targetBytes);
  }

  /** What the pool has done and holds: see {@link BufferPool.stats}. */
  stats(): PoolStats {
    return this.#pool.stats();
  }

  /** Takes everything back and gives all memory back. Later use throws. Idempotent. */
  close(): void {
    this.#pool.close();
  }

  /** {@link close}, for `using`. */
  [Symbol.dispose](): void {
    this.close();
  }

  #allocate(type: ViewConstructor, length: number, options: AllocOptions | undefined, zero: boolean): ElementView {
    const bytes = checkBytes(type, length);
    const alignment = checkAlignment(options);
    return this.#core.allocate(type, length, bytes, alignment, zero);
  }
}
