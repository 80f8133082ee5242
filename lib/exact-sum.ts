// Exact sums of one array: rounded once, at the end.
import { toElements } from './internal/elements';
import { native } from './internal/native';
import type { RawBytes } from './types';

/**
 * The correctly rounded sum of float32 elements: the float64 nearest to the exact sum, ties to even, in whatever order they
 * are. O(n).
 *
 * NaN, or infinities of both signs, give NaN; a sum beyond the largest float64 is an infinity, but what is on the way to a
 * smaller sum is not. No elements: 0; only -0: -0; elements that cancel: 0.
 *
 * @param data - a `Float32Array`, or raw little-endian bytes at any offset, aligned or not
 * @throws `ERR_INVALID_ARG_TYPE` for anything but binary data; `ERR_ELEMENT_TYPE` for an array of another type;
 *   `ERR_BYTE_LENGTH` where the bytes do not fill the last element; `ERR_DETACHED` for data that has lost its memory
 */
export function sumExactF32(data: Float32Array | RawBytes): number {
  return native.sumExactF32(toElements(data, 'f32'));
}

/** {@link sumExactF32} of float64 elements: a `Float64Array`, or raw bytes at any offset. */
export function sumExactF64(data: Float64Array | RawBytes): number {
  return native.sumExactF64(toElements(data, 'f64'));
}
