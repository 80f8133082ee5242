// Checks of what users ask an allocator for.
import { createError } from '../errors';
import type { AllocOptions } from '../types';
import { Granule } from './granule';
import { Status } from './tables';
import { checkInteger, checkObject, wrongType } from './validate';
import { elementBytesOf } from './view-types';

/** kMaxAlignment of native/memory/size_class.h: the largest alignment that a request can name. */
export const MAX_ALIGNMENT = 4096;
/** Lengths up to here have bytes that fit 31 bits, whatever the type. */
const MAX_SHORT_LENGTH = 2 ** 28 - 1;

// Constants of this module, which V8 embeds in compiled code, as it does not with imports.
const bytesOf = elementBytesOf;

/** Bytes of `length` elements of the views that `type` makes. */
export function checkBytes(type: unknown, length: unknown): number {
  const elementBytes = bytesOf(type);
  if (
    typeof length === 'number' &&
    length >>> 0 === length &&
    length <= MAX_SHORT_LENGTH &&
    elementBytes !== undefined
  ) {
    return length * elementBytes;
  }
  if (elementBytes === undefined) throw wrongType('type', 'a typed array constructor or Buffer', type);
  return checkInteger('length in bytes', checkInteger('length', length) * elementBytes);
}

/** The alignment that `options`, which are code of the user, ask for: at least that of every allocation. */
export function checkAlignment(options: AllocOptions | undefined): number {
  if (options === undefined) return Granule.Bytes;
  const { alignment } = checkObject('options', options) as AllocOptions;
  if (alignment === undefined) return Granule.Bytes;
  if (typeof alignment !== 'number') throw wrongType('options.alignment', 'a number', alignment);
  if (!(alignment >= 1 && alignment <= MAX_ALIGNMENT) || !Number.isInteger(Math.log2(alignment))) {
    throw createError(
      Status.OutOfRange,
      `options.alignment must be a power of two up to ${MAX_ALIGNMENT}, not ${alignment}`,
    );
  }
  return Math.max(alignment, Granule.Bytes);
}
