// Reductions of data that comes in pieces, such as the body of a request: several operations in one pass.
import type { Writable } from 'node:stream';

import { createError } from './errors';
import { toElements } from './internal/elements';
import { native, withMemory, type NativeReduction } from './internal/native';
import { reductions, type UnaryOp } from './internal/reduction-table';
import { selectByName } from './internal/select-reduction';
import { reduceOps, Status, type ElementType } from './internal/tables';
import { checkInteger, checkObject, quote, wrongType } from './internal/validate';
import type { ElementData, ReductionResult, VarianceOptions } from './reduction-types';

/** The operations of {@link createReduction}: all but `dot`. */
export type ReductionOp = UnaryOp;

/** What {@link createReduction} takes. */
export type ReductionOptions = Pick<VarianceOptions, 'ddof'>;

/** A result for every operation. */
export type ReductionResults<Type extends ElementType, Op extends ReductionOp> = {
  [Key in Op]: ReductionResult<Key, Type>;
};

/** A reduction of data that comes in pieces: {@link createReduction}. */
export interface Reduction<Type extends ElementType, Op extends ReductionOp> {
  /**
   * Takes the next piece. The bytes of an element may lie in two pieces, or more.
   *
   * @param data - raw little-endian bytes at any offset, or a typed array of the element type
   * @returns this reduction
   * @throws `ERR_INVALID_ARG_TYPE` for anything but binary data; `ERR_ELEMENT_TYPE` for elements of another type;
   *   `ERR_DETACHED` for data that has lost its memory. Nothing has been taken then.
   */
  update(data: ElementData<Type>): this;

  /**
   * The results for all data so far, with the same bits as if it had come in one piece. More may follow.
   *
   * @throws `ERR_BYTE_LENGTH` while an element is incomplete; `ERR_EMPTY_INPUT` where an operation needs an element and
   *   there is none
   */
  result(): ReductionResults<Type, Op>;

  /**
   * A stream that updates this reduction with what is written to it, for `pipeline`. Where {@link result} would throw at
   * the end of the stream, that is an error of the stream, as errors of {@link update} are.
   */
  writable(): Writable;
}

class StreamingReduction<Type extends ElementType, Op extends ReductionOp> implements Reduction<Type, Op> {
  readonly #type: Type;
  readonly #ops: readonly Op[];
  readonly #native: NativeReduction;

  constructor(type: Type, ops: readonly Op[], ddof: number) {
    this.#type = type;
    this.#ops = ops;
    const { typeIndex } = reductions.sum[type];
    const indices = Uint8Array.from(ops, (op) => reduceOps.indexOf(op));
    this.#native = withMemory(Status.OutOfMemory, () => new native.NativeReduction(typeIndex, indices, ddof));
  }

  update(data: ElementData<Type>): this {
    this.#native.update(toElements(data, this.#type));
    return this;
  }

  result(): ReductionResults<Type, Op> {
    const results = this.#native.result();
    return Object.fromEntries(this.#ops.map((op, index) => [op, results[index]])) as ReductionResults<Type, Op>;
  }

  writable(): Writable {
    // Loaded here, because it takes 1 to 2 ms, and only streams need it.
    const stream = process.getBuiltinModule('node:stream');
    return new stream.Writable({
      objectMode: true, // takes typed arrays as they are, and turns no string into bytes
      write: (chunk, _encoding, done) => {
        settle(done, () => this.update(chunk as ElementData<Type>));
      },
      final: (done) => {
        settle(done, () => this.result());
      },
    });
  }
}

/** Calls back when `run` is done, with what it throws. */
function settle(done: (error?: Error) => void, run: () => unknown): void {
  try {
    run();
  } catch (error) {
    done(error as Error);
    return;
  }
  done();
}

function checkOperations(operations: unknown): ReductionOp[] {
  if (!Array.isArray(operations)) throw wrongType('operations', 'an array', operations);
  const ops = [...(operations as unknown[])];
  for (const op of ops) {
    if (typeof op !== 'string') throw wrongType('operations', 'an array of strings', op);
    if (!Object.hasOwn(reductions, op)) {
      const detail = `operations must be of ${Object.keys(reductions).join(', ')}, not ${quote(op)}`;
      throw createError(Status.OutOfRange, detail);
    }
  }
  if (ops.length === 0 || new Set(ops).size !== ops.length) {
    throw createError(Status.OutOfRange, 'operations must be one at least, and none twice');
  }
  return ops as ReductionOp[];
}

/**
 * Starts a reduction of data that comes in pieces, such as the body of a request: one pass for all operations. It keeps
 * 30 KiB at most, however much data comes.
 *
 * @example
 * ```ts
 * const reduction = createReduction('f32', ['sum', 'minmax']);
 * await pipeline(request, reduction.writable());
 * const { sum, minmax } = reduction.result();
 * ```
 *
 * @param type - what the data consists of
 * @param operations - what to compute: all but `dot`; none twice
 * @param options - `ddof` of `variance` and `std`
 * @throws `ERR_INVALID_ARG_TYPE`, `ERR_ELEMENT_TYPE`, `ERR_OUT_OF_RANGE` for arguments that make no sense;
 *   `ERR_OUT_OF_MEMORY`
 */
export function createReduction<Type extends ElementType, Op extends ReductionOp>(
  type: Type,
  operations: readonly Op[],
  options: ReductionOptions = {},
): Reduction<Type, Op> {
  selectByName(reductions.sum, type);
  const ops = checkOperations(operations) as Op[];
  const { ddof = 0 } = checkObject('options', options) as ReductionOptions;
  return new StreamingReduction(type, ops, checkInteger('ddof', ddof));
}
