import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import fc from 'fast-check';

import { createReduction, sumF32, type ElementType, type Reduction, type ReductionOp } from 'simd-arena';

import { elementKinds, Float16 } from '../support/element-types';
import { rejectsCode, throwsCode } from '../support/errors';
import { assertSame } from '../support/numbers';
import {
  assertOutcome,
  genericReductions,
  oddly,
  outcomeOf,
  randomBytes,
  randomElements,
  unaryOps,
} from '../support/reductions';
import { detach } from '../support/runtime';

type AnyStream = Reduction<ElementType, ReductionOp> & { update(data: unknown): AnyStream };
const create = createReduction as unknown as (type: unknown, ops: unknown, options?: unknown) => AnyStream;

/** Asserts that a reduction has the results that one call on all bytes gives. */
function assertResults(reduction: AnyStream, ops: readonly ReductionOp[], type: ElementType, bytes: Uint8Array): void {
  const results = reduction.result();
  assert.deepEqual(Object.keys(results), ops);
  for (const op of ops) {
    const reduce = genericReductions.find(([name]) => name === op)![1];
    assertOutcome(
      () => results[op],
      outcomeOf(() => reduce(bytes, type)),
      `${op} of ${type}`,
    );
  }
}

/** `bytes` in pieces, in slabs of their own at any alignment. */
function piecesOf(bytes: Uint8Array, cuts: readonly number[]): Buffer[] {
  const ends = [...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return ends.map((end, index) => oddly(bytes.subarray(ends[index - 1] ?? 0, end)));
}

describe('createReduction', () => {
  for (const kind of elementKinds) {
    it(`gives the bits of one call, however ${kind.type} are cut`, () => {
      fc.assert(
        fc.property(
          fc.integer({ min: 1, max: 3000 }),
          fc.nat(),
          fc.array(fc.nat(), { maxLength: 12 }),
          (n, seed, cuts) => {
            const bytes = seed % 2 ? randomElements(kind, n, seed) : randomBytes(n * kind.bytes, seed);
            const reduction = create(kind.type, unaryOps);
            for (const piece of piecesOf(bytes, cuts)) reduction.update(piece);
            assertResults(reduction, unaryOps, kind.type, bytes);
          },
        ),
        { numRuns: 40 },
      );
    });
  }

  it('gives the bits of one call for many chunks of a kernel', () => {
    for (const type of ['f32', 'f64', 'i16'] as const) {
      const kind = elementKinds.find((candidate) => candidate.type === type)!;
      const bytes = randomElements(kind, 100_003);
      for (const size of [1_000, 65_536, 100_001]) {
        const reduction = create(type, unaryOps);
        for (let at = 0; at < bytes.length; at += size) reduction.update(bytes.subarray(at, at + size));
        assertResults(reduction, unaryOps, type, bytes);
      }
    }
  });

  it('takes one byte after the other, and a cut at every place', () => {
    for (const kind of elementKinds) {
      const bytes = randomElements(kind, 9);
      const reduction = create(kind.type, unaryOps);
      for (const byte of bytes) reduction.update(Uint8Array.of(byte));
      assertResults(reduction, unaryOps, kind.type, bytes);
      for (let cut = 0; cut <= bytes.length; cut++) {
        const halves = create(kind.type, ['sum', 'argmax', 'variance']);
        for (const piece of piecesOf(bytes, [cut])) halves.update(piece);
        assertResults(halves, ['sum', 'argmax', 'variance'], kind.type, bytes);
      }
    }
  });

  it('takes typed arrays of its type, and bytes of any kind', () => {
    for (const { type, named, bytes } of elementKinds) {
      const data = new Uint8Array(bytes * 4).fill(1);
      const pieces = [...named.map((array) => new array(data.buffer)), data, Buffer.from(data), data.buffer];
      const reduction = create(type, ['countNonzero']);
      for (const piece of [...pieces, new DataView(data.buffer)]) assert.equal(reduction.update(piece), reduction);
      assert.deepEqual(reduction.result(), { countNonzero: 4 * (pieces.length + 1) }, type);
    }
  });

  it('goes on after a result', () => {
    const reduction = createReduction('f32', ['sum', 'minmax']);
    assert.deepEqual(reduction.update(Float32Array.of(1, 2)).result(), { sum: 3, minmax: { min: 1, max: 2 } });
    assert.deepEqual(reduction.result(), { sum: 3, minmax: { min: 1, max: 2 } });
    reduction.update(Buffer.from([0, 0]));
    throwsCode('ERR_BYTE_LENGTH', () => reduction.result());
    reduction.update(Buffer.from([0x20, 0xc1]));
    assert.deepEqual(reduction.result(), { sum: -7, minmax: { min: -10, max: 2 } });
  });

  it('is independent of memory that it has seen', () => {
    const data = Float32Array.of(1, 2, 3);
    const reduction = createReduction('f32', ['sum']).update(data);
    data.fill(100);
    detach(data.buffer);
    assert.deepEqual(reduction.result(), { sum: 6 });
  });

  it('has the results of no elements before there are any', () => {
    for (const type of ['f32', 'u64'] as const) {
      const big = type === 'u64';
      for (const op of unaryOps) {
        const reduction = create(type, [op]).update(new Uint8Array(0));
        const reduce = genericReductions.find(([name]) => name === op)![1];
        assertOutcome(
          () => reduction.result()[op],
          outcomeOf(() => reduce(new Uint8Array(0), type)),
          op,
        );
      }
      assert.deepEqual(create(type, ['sum', 'mean']).result(), { sum: big ? 0n : 0, mean: NaN });
    }
  });

  it('divides by n - ddof', () => {
    const reduction = createReduction('f64', ['variance', 'std', 'sum'], { ddof: 1 });
    reduction.update(Float64Array.of(2, 4, 4, 4)).update(Float64Array.of(5, 5, 7, 9));
    assert.deepEqual(reduction.result(), { variance: 32 / 7, std: Math.sqrt(32 / 7), sum: 40 });
  });

  it('takes Float16Array, where the engine has it', () => {
    if (Float16 === undefined) return;
    const halves = new Float16(Uint16Array.of(0x3c00, 0xc000).buffer);
    assert.deepEqual(create('f16', ['sum']).update(halves).result(), { sum: -1 });
    throwsCode('ERR_ELEMENT_TYPE', () => create('bf16', ['sum']).update(halves));
  });

  it('keeps to the operations that were there at its start', () => {
    const ops: ReductionOp[] = ['sum', 'min'];
    const reduction = createReduction('u8', ops);
    ops[0] = 'max';
    assert.deepEqual(reduction.update(Uint8Array.of(1, 2)).result(), { sum: 3, min: 1 });
  });
});

describe('Reduction.writable', () => {
  /** A stream of these chunks. */
  const streamOf = (...chunks: unknown[]): Readable => Readable.from(chunks);

  it('reduces what a pipeline writes', async () => {
    const data = Float32Array.from({ length: 50_000 }, (_, index) => index / 7);
    const bytes = Buffer.from(data.buffer);
    const chunks = Array.from({ length: 14 }, (_, index) => bytes.subarray(index * 15_001, (index + 1) * 15_001));
    const reduction = createReduction('f32', ['sum', 'argmax']);
    await pipeline(streamOf(...chunks), reduction.writable());
    const { sum, argmax } = reduction.result();
    assertSame(sum, sumF32(data), 'sum');
    assertSame(argmax, 49_999, 'argmax');
  });

  it('takes a stream of bytes, and of typed arrays', async () => {
    const reduction = createReduction('i32', ['sum']);
    const source = new Readable({ read: () => undefined });
    source.push(Buffer.from(Int32Array.of(1, 2).buffer));
    source.push(null);
    await pipeline(source, reduction.writable());
    await pipeline(streamOf(Int32Array.of(3), Buffer.from([4, 0]), Buffer.from([0, 0])), reduction.writable());
    assert.deepEqual(reduction.result(), { sum: 10 });
  });

  it('fails where the last element is incomplete, or a needed one is missing', async () => {
    const cut = createReduction('f32', ['sum']);
    await rejectsCode('ERR_BYTE_LENGTH', pipeline(streamOf(Buffer.alloc(7)), cut.writable()));
    const empty = createReduction('f32', ['min']);
    await rejectsCode('ERR_EMPTY_INPUT', pipeline(streamOf(), empty.writable()));
    const sum = createReduction('f32', ['sum']);
    await pipeline(streamOf(), sum.writable());
    assert.deepEqual(sum.result(), { sum: 0 });
  });

  it('fails on data that cannot be reduced', async () => {
    const reduction = createReduction('f32', ['sum']);
    await rejectsCode('ERR_INVALID_ARG_TYPE', pipeline(streamOf('1234'), reduction.writable()));
    await rejectsCode('ERR_INVALID_ARG_TYPE', pipeline(streamOf({}), reduction.writable()));
    await rejectsCode('ERR_ELEMENT_TYPE', pipeline(streamOf(new Float64Array(1)), reduction.writable()));
    assert.deepEqual(reduction.result(), { sum: 0 });
  });
});
