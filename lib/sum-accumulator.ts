// Sums that are exact however they are cut: terms come in any order, from any number of threads and machines.
//
// The state is native; accumulators meet as the bytes that they also travel as.
import { createError } from './errors';
import { isBytes, toElements } from './internal/elements';
import { toReadableArray, toTypedArray } from './internal/inspect-view';
import { typedArrayName } from './internal/intrinsics';
import { native, withMemory, type NativeSumAccumulator } from './internal/native';
import { Status } from './internal/tables';
import { checkObject, quote, wrongType } from './internal/validate';
import type { RawBytes } from './types';

/** SumAccumulator::kEncodedBytes of native/ops/sum_accumulator.h. */
const ENCODED_BYTES = 288;

/** The element type of `data`: the one that is named, else the array's own. */
function typeOf(data: unknown, type: unknown): 'f32' | 'f64' {
  if (type === undefined) {
    const name = typedArrayName(toTypedArray(data));
    if (name === 'Float32Array') return 'f32';
    if (name === 'Float64Array') return 'f64';
    throw createError(
      Status.ElementType,
      'what is no Float32Array or Float64Array needs one, such as add(bytes, "f32")',
    );
  }
  if (type === 'f32' || type === 'f64') return type;
  if (typeof type !== 'string') throw wrongType('type', 'a string', type);
  throw createError(Status.ElementType, `${quote(type)} is none of f32, f64`);
}

/**
 * A sum that is exact until it is read: {@link SumAccumulator.sum} rounds it once, to the nearest float64.
 *
 * The same terms give the same result, and the same bytes, in any order and any partition. Send {@link SumAccumulator.toBytes}
 * to another thread, process or machine; `structuredClone` and `postMessage` cannot copy the accumulator itself.
 */
export class SumAccumulator {
  readonly #native: NativeSumAccumulator = withMemory(Status.OutOfMemory, () => new native.NativeSumAccumulator());

  /**
   * Adds a number, or all elements of an array. O(n). A call that throws has added nothing.
   *
   * @param data - a number, a `Float32Array`, a `Float64Array`, or raw little-endian bytes at any offset
   * @param type - element type of raw bytes
   * @throws as {@link sumExactF32}; `ERR_ELEMENT_TYPE` also where the type is missing or unknown; `ERR_OUT_OF_RANGE` where the
   *   sum would reach 2^1165, to which merging can bring it, but no array
   */
  add(data: number | Float32Array | Float64Array): this;
  add(data: Float32Array | RawBytes, type: 'f32'): this;
  add(data: Float64Array | RawBytes, type: 'f64'): this;
  add(data: unknown, type?: unknown): this {
    if (typeof data === 'number' && type === undefined) {
      this.#native.addNumber(data);
      return this;
    }
    const elementType = typeOf(data, type);
    const elements = toElements(data, elementType);
    if (elementType === 'f32') this.#native.addF32(elements);
    else this.#native.addF64(elements);
    return this;
  }

  /**
   * Adds what `other` has summed, and leaves `other` as it is. An accumulator merged into itself doubles. O(1).
   *
   * @throws `ERR_INVALID_ARG_TYPE` for anything but an accumulator of this thread; `ERR_OUT_OF_RANGE` as {@link add}
   */
  merge(other: SumAccumulator): this {
    if (!(#native in checkObject('other', other))) {
      throw wrongType('other', 'a SumAccumulator (of bytes: SumAccumulator.from(bytes))', other);
    }
    this.#native.merge(other.#encode());
    return this;
  }

  /** The sum of all that was added: correctly rounded, as {@link sumExactF32} says. More may be added after it. O(1). */
  sum(): number {
    return this.#native.sum();
  }

  /** The state: 288 bytes that are the same for the same terms, on every machine; docs/api/exact-sums.md describes them. */
  toBytes(): Uint8Array {
    return this.#encode();
  }

  /**
   * An accumulator with the state that {@link toBytes} gave.
   *
   * @param bytes - a `Uint8Array`, `Buffer` or other raw bytes, at any offset
   * @throws `ERR_INVALID_ACCUMULATOR` for bytes that {@link toBytes} cannot have given; `ERR_INVALID_ARG_TYPE` for anything
   *   but bytes; `ERR_DETACHED` for bytes that have lost their memory
   */
  static from(bytes: RawBytes): SumAccumulator {
    const array = toReadableArray(bytes);
    if (!isBytes(array)) throw wrongType('bytes', 'a Uint8Array or other raw bytes', bytes);
    const accumulator = new SumAccumulator();
    accumulator.#native.merge(array);
    return accumulator;
  }

  #encode(): Uint8Array {
    const bytes = new Uint8Array(ENCODED_BYTES);
    this.#native.encode(bytes);
    return bytes;
  }
}
