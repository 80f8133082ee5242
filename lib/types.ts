// Types that several modules share.

/** Any typed array that the oldest supported engine has; newer ones (`Float16Array`) are accepted wherever it stands. */
export type TypedArray =
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array
  | BigInt64Array
  | BigUint64Array;

/** A view of an array of elements: a typed array of any kind, or a `Buffer`. */
export type ElementView = ArrayBufferView & { readonly BYTES_PER_ELEMENT: number };

/** The constructor of a view: `Float32Array`, `Buffer`, … */
export type ViewConstructor = abstract new (...args: never) => ElementView;

/** An `ArrayBuffer` or a `SharedArrayBuffer`, and not, by structure, a typed array. */
export type RawBuffer = ArrayBufferLike & { readonly BYTES_PER_ELEMENT?: undefined };

/** Little-endian bytes, aligned or not: `Buffer`, `Uint8Array`, `DataView`, `ArrayBuffer` and `SharedArrayBuffer`. */
export type RawBytes = Uint8Array | Uint8ClampedArray | DataView | RawBuffer;

/** How one allocation is placed. */
export interface AllocOptions {
  /** The view starts at a multiple of so many bytes: a power of two up to 4096. Default, and least: 64. */
  readonly alignment?: number | undefined;
}

/** What becomes of views that outlive their scope. */
export type StaleViews = 'revoke' | 'poison' | 'allow';

/**
 * Which allocations are traced, so that what is dropped without being released can be reported with the stack of its
 * allocation: none, a random few at next to no cost, or every one, for a program under test. At every level it is counted.
 */
export type LeakDetection = 'off' | 'sampled' | 'all';

/** A stream, as far as waiting for its end is concerned: {@link Arena.closeAfter}. */
export interface ClosableStream {
  /** True once the stream has emitted `'close'`. */
  readonly closed?: boolean | undefined;
  /** The stream below, where the stream itself does not say whether it is closed: responses of HTTP/2. */
  readonly stream?: { readonly destroyed?: boolean | undefined } | undefined;
  once(event: 'close', listener: () => void): unknown;
}

/** Something that is waited for: a stream, until it has closed, or a promise, until it settles. */
export type Until = ClosableStream | PromiseLike<unknown>;
