// The interface that arenas, and every other source of views, implement: code that takes an Allocator runs on all.
import type { ViewConstructor } from './types';

/** A source of typed arrays and Buffers. */
export interface Allocator {
  /** A view of `length` elements, all zero. */
  alloc<C extends ViewConstructor>(type: C, length: number): InstanceType<C>;
  /** A view of `length` elements with unspecified contents. */
  allocUnsafe<C extends ViewConstructor>(type: C, length: number): InstanceType<C>;
  /** Says that `view` is not used any more. */
  free(view: ArrayBufferView): void;
}
