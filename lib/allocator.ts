// The interface that arenas, pools and the JavaScript heap implement: code that takes an Allocator runs on all of them.
import { checkBytes } from './internal/allocation';
import { makeView } from './internal/view-types';
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

/** Plain memory of the JavaScript heap, left to the garbage collector: for code that takes any {@link Allocator}. */
export const heapAllocator: Allocator = {
  alloc: (type, length) => {
    const buffer = new ArrayBuffer(checkBytes(type, length));
    return makeView(type, buffer, 0, length) as InstanceType<typeof type>;
  },
  allocUnsafe: (type, length) => {
    const { buffer } = Buffer.allocUnsafeSlow(checkBytes(type, length));
    return makeView(type, buffer, 0, length) as InstanceType<typeof type>;
  },
  free: () => {
    // The garbage collector does it.
  },
};
