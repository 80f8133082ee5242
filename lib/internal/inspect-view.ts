// Looks at views that users pass in: which buffer they lie in, whether they have lost their memory, what they hold.
import { constants } from 'node:buffer';
import { types } from 'node:util';

import { createError } from '../errors';
import type { ElementView, TypedArray, ViewConstructor } from '../types';
import {
  dataViewBuffer,
  dataViewByteLength,
  dataViewByteOffset,
  typedArrayAt,
  typedArrayBuffer,
  typedArrayByteOffset,
  typedArrayLength,
  typedArrayName,
  typedArraySet,
} from './intrinsics';
import { revokedLabel } from './revoked-label';
import { Status } from './tables';
import { checkInteger, wrongType } from './validate';
import { elementBytesOf, makeView, viewTypeOf } from './view-types';

/** The error for a view of `buffer` that has lost its memory. */
export function detachedError(buffer: ArrayBufferLike): Error {
  const label = revokedLabel(buffer);
  const detail = label === undefined ? undefined : `revoked when ${JSON.stringify(label)} released it`;
  return createError(Status.Detached, detail, { label });
}

/** Throws `ERR_DETACHED` if a typed array of length 0 is not empty but has lost its memory. */
export function checkEmptyTypedArray(view: unknown): void {
  try {
    typedArrayAt(view, 0);
  } catch {
    throw detachedError(typedArrayBuffer(view));
  }
}

/** The buffer of a view, whether or not it still has its memory. */
export function bufferOf(view: ArrayBufferView): ArrayBufferLike {
  return typedArrayName(view) === undefined ? dataViewBuffer(view) : typedArrayBuffer(view);
}

/** The buffer of a view; `ERR_DETACHED` if it has lost its memory, `ERR_INVALID_ARG_TYPE` for anything but a view. */
export function viewBuffer(view: unknown): ArrayBufferLike {
  if (typedArrayName(view) !== undefined) {
    if (typedArrayLength(view) === 0) checkEmptyTypedArray(view);
    return typedArrayBuffer(view);
  }
  if (!ArrayBuffer.isView(view)) throw wrongType('view', 'a typed array, Buffer or DataView', view);
  dataViewBytes(view);
  return dataViewBuffer(view);
}

/**
 * The bytes of a DataView; `ERR_DETACHED` if it has lost its memory, `ERR_OUT_OF_RANGE` for more bytes than an array can
 * have: 4 GiB before Node.js 22.
 */
export function dataViewBytes(view: unknown): Uint8Array {
  const buffer = dataViewBuffer(view);
  let byteLength: number;
  try {
    byteLength = dataViewByteLength(view);
  } catch {
    throw detachedError(buffer);
  }
  return new Uint8Array(
    buffer,
    dataViewByteOffset(view),
    checkInteger('data.byteLength', byteLength, constants.MAX_LENGTH),
  );
}

/** A view of a whole buffer; `ERR_DETACHED` if it has lost its memory. */
function viewAll(buffer: ArrayBufferLike): DataView {
  try {
    return new DataView(buffer);
  } catch {
    throw detachedError(buffer);
  }
}

/**
 * Binary data as a typed array: typed arrays as they are, all else as bytes. `ERR_INVALID_ARG_TYPE` for what is no binary
 * data, `ERR_DETACHED` for what has lost its memory (an array of length 0 may still have), `ERR_OUT_OF_RANGE` for more bytes
 * than an array can have.
 */
export function toTypedArray(data: unknown): TypedArray {
  if (typedArrayName(data) !== undefined) return data as TypedArray;
  if (types.isDataView(data)) return dataViewBytes(data);
  if (types.isAnyArrayBuffer(data)) {
    try {
      return new Uint8Array(data);
    } catch {
      return dataViewBytes(viewAll(data)); // throws, and knows why
    }
  }
  // A revoked proxy would throw.
  if (!types.isProxy(data) && Array.isArray(data))
    throw wrongType('data', 'a typed array, such as Float32Array.from(data)', data);
  throw wrongType('data', 'a typed array, Buffer, DataView or ArrayBuffer', data);
}

/** Binary data as by {@link toTypedArray}; `ERR_DETACHED` also for an array that has lost its memory. */
export function toReadableArray(data: unknown): TypedArray {
  const array = toTypedArray(data);
  if (typedArrayLength(array) === 0) checkEmptyTypedArray(array);
  return array;
}

/**
 * What `view`, a typed array of that type, has now: where it tracks the length of a shared buffer, another thread may make
 * it longer at any time. `ERR_DETACHED` if it has lost its memory.
 */
export function fixedView(type: ViewConstructor, view: unknown): ElementView {
  const buffer = viewBuffer(view) as ArrayBuffer;
  return makeView(type, buffer, typedArrayByteOffset(view), typedArrayLength(view));
}

/** A copy of a view on the JavaScript heap, in a buffer of its own. */
export function copyBytes<V extends ArrayBufferView>(view: V): V {
  // May run code of the user, by way of the prototype: the view is looked at after it.
  const type = viewTypeOf(view);
  if (type === undefined) {
    viewBuffer(view);
    const bytes = dataViewBytes(view).slice();
    return new DataView(bytes.buffer) as unknown as V;
  }
  const source = fixedView(type, view);
  const length = typedArrayLength(source);
  const copy = makeView(type, new ArrayBuffer(length * elementBytesOf(type)!), 0, length);
  typedArraySet(copy, source as unknown as ArrayLike<unknown>);
  return copy as ArrayBufferView as V;
}
