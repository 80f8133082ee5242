import assert from 'node:assert/strict';
import { constants } from 'node:buffer';
import { types } from 'node:util';

import * as simdArena from 'simd-arena';
import { arenaStats, withArena, type ElementType, type ErrorCode, type ReductionOp } from 'simd-arena';

import { decode, kindOf } from '../support/element-types';
import { throwsCode } from '../support/errors';
import { floats, hostileData, type HostileData } from '../support/hostile-data';
import { assertSame } from '../support/numbers';
import { referenceDot } from '../support/reference-reductions';
import { assertReduces, genericReductions, typedReductions, unaryOps } from '../support/reductions';
import { ResizableBuffer } from '../support/runtime';

const floatBytes = new Uint8Array(Float32Array.from(floats).buffer);

/** The bytes of the elements that a reduction of `type` finds in the data, or the code of its error. */
function expectedOf({ reduced, make }: HostileData, type: ElementType): Uint8Array | ErrorCode {
  switch (reduced) {
    case 'f32':
      return type === 'f32' ? floatBytes : 'ERR_ELEMENT_TYPE';
    case 'raw':
      return floatBytes;
    case 'other':
      return 'ERR_ELEMENT_TYPE';
    case 'ragged':
      return kindOf(type).bytes === 1 ? new Uint8Array((make() as Uint8Array).length) : 'ERR_BYTE_LENGTH';
    default:
      return reduced;
  }
}

/** Asserts that `run` reduces what is expected, or throws the error that is. */
function assertReduced(run: () => unknown, op: ReductionOp | 'dot', type: ElementType, row: HostileData): void {
  const expected = expectedOf(row, type);
  const kind = kindOf(type);
  if (typeof expected === 'string') {
    throwsCode(expected, run);
  } else if (op === 'dot') {
    const elements = decode(kind, expected);
    assertSame(run(), referenceDot(kind, elements, elements), `dot of ${type}`);
  } else {
    assertReduces(run, op, kind, expected, `${op} of ${type}`);
  }
}

describe('every reduction', () => {
  it('is covered by the catalogue', () => {
    assert.equal(typedReductions.length, 4 * 14 + 2);
    const covered: string[] = [...typedReductions.map(({ name }) => name), ...unaryOps, 'dot'];
    const others = Object.keys(simdArena).filter((name) => !covered.includes(name));
    assert.deepEqual(others.sort(), [
      'Arena',
      'BufferPool',
      'PoolAllocator',
      'SumAccumulator',
      'arenaStats',
      'configure',
      'createReduction',
      'heapAllocator',
      'runtimeInfo',
      'sumExactF32',
      'sumExactF64',
      'withArena',
    ]);
  });

  for (const row of hostileData) {
    it(`gives the right answer for ${row.what}`, () => {
      const before = arenaStats().used;
      for (const { op, type, reduce } of typedReductions) {
        const data = row.make();
        assertReduced(() => (op === 'dot' ? reduce(data, data) : reduce(data)), op, type, row);
      }
      for (const [op, reduce] of genericReductions) {
        const data = row.make();
        assertReduced(() => reduce(data, 'f32'), op, 'f32', row);
        if (row.reduced === 'f32') assertReduced(() => reduce(data), op, 'f32', row);
        if (row.reduced !== 'ragged') assertReduced(() => reduce(data, 'f32', { offset: 0 }), op, 'f32', row);
      }
      const data = row.make() as Float32Array;
      assertReduced(() => simdArena.dot(data, data, 'f32'), 'dot', 'f32', row);
      assertReduced(() => simdArena.createReduction('f32', ['sum']).update(data).result().sum, 'sum', 'f32', row);
      assert.equal(arenaStats().used, before);
    });
  }

  it('takes empty data of every kind as empty', () => {
    const empty = [
      new Float32Array(0),
      new Float32Array(8).subarray(3, 3),
      Buffer.alloc(0),
      new Uint8Array(0),
      new ArrayBuffer(0),
      new SharedArrayBuffer(0),
      new DataView(new ArrayBuffer(4), 4),
      new Float32Array(new ResizableBuffer(0, { maxByteLength: 64 })),
      Object.freeze(new Float32Array(0)),
      withArena((arena) => arena.copyOut(arena.alloc(Float32Array, 0))),
    ];
    for (const data of empty) {
      assertSame(simdArena.sumF32(data), 0, 'sum');
      assertSame(simdArena.meanF32(data), NaN, 'mean');
      assertSame(simdArena.allF32(data), true, 'all');
      assertSame(simdArena.any(data, 'f32'), false, 'any');
      throwsCode('ERR_EMPTY_INPUT', () => simdArena.minF32(data));
    }
  });

  it('reads a view again after its buffer has shrunk and grown', () => {
    const buffer = new ResizableBuffer(64, { maxByteLength: 64 });
    const view = new Float32Array(buffer, 0, 16).fill(2);
    assertSame(simdArena.sumF32(view), 32, 'sum');
    buffer.resize(32);
    throwsCode('ERR_DETACHED', () => simdArena.sumF32(view));
    buffer.resize(64);
    assertSame(simdArena.sumF32(view), 16, 'sum');
  });

  it('reads as much as the runtime can make, more than 4 GiB where it can', () => {
    const length = Math.min(2 ** 32 + 4096, constants.MAX_LENGTH);
    const data = new Uint8Array(length);
    data[0] = 3;
    data[length - 1] = 4;
    assertSame(simdArena.sumU8(data), 7, 'sum');
    assertSame(simdArena.sum(Buffer.from(data.buffer, 1), 'u8'), 4, 'sum of a Buffer');
    assertSame(simdArena.anyBool(data.subarray(1, length - 1)), false, 'any');
    assertSame(simdArena.allBool(data.subarray(length - 1)), true, 'all');
  }).timeout(60_000);

  it('reads a buffer of more than 4 GiB, or says that the runtime has no such arrays', () => {
    const buffer = new ArrayBuffer(2 ** 32 + 8);
    const last = new DataView(buffer, 2 ** 32);
    last.setFloat32(4, 7, true);
    for (const data of [buffer, new DataView(buffer)]) {
      const run = (): unknown => simdArena.sumF32(data, { offset: 2 ** 32 + 4 });
      if (constants.MAX_LENGTH > 2 ** 32) assertSame(run(), 7, 'sum');
      else throwsCode('ERR_OUT_OF_RANGE', run);
    }
    assertSame(simdArena.sumF32(last), 7, 'sum of its end');
  });
});

describe('Arena.copyIn, copyOut, owns and free', () => {
  for (const { what, make, copiedIn, copiedOut } of hostileData) {
    it(`give the right answer for ${what}`, () => {
      withArena((arena) => {
        const data = make() as Float32Array;
        const outcomes = [
          [copiedIn, () => arena.copyIn(data)],
          [copiedOut, () => arena.copyOut(data)],
        ] as const;
        for (const [outcome, copy] of outcomes) {
          if (outcome === 'copied') {
            const copied = copy() as ArrayBufferView;
            const contents = Buffer.from(copied.buffer, copied.byteOffset, copied.byteLength);
            assert.deepEqual(contents, contentsOf(data));
          } else {
            throwsCode(outcome, copy);
          }
        }
        assert.equal(arena.owns(data), false);
        arena.free(data);
        assert.equal(arena.stats().allocations, copiedIn === 'copied' ? 1 : 0);
      });
    });
  }

  it('copy an array that says it is a Buffer as what it is', () => {
    withArena((arena) => {
      const floats = Object.setPrototypeOf(Float32Array.of(0.5, 1e9), Buffer.prototype as object) as Float32Array;
      for (const copy of [arena.copyIn(floats), arena.copyOut(floats)]) {
        assert.deepEqual([...copy], [0.5, 1e9]);
        assert.equal(Object.getPrototypeOf(copy), Float32Array.prototype);
      }
    });
  });
});

/** Reads a property of a view past everything that the view itself says. */
function read(view: ArrayBufferView, key: 'buffer' | 'byteOffset' | 'byteLength'): unknown {
  const prototypes: object[] = [DataView.prototype, Object.getPrototypeOf(Uint8Array.prototype) as object];
  return Reflect.get(prototypes[types.isTypedArray(view) ? 1 : 0]!, key, view);
}

/** The bytes of a view. */
function contentsOf(view: ArrayBufferView): Buffer {
  const [buffer, byteOffset, byteLength] = [read(view, 'buffer'), read(view, 'byteOffset'), read(view, 'byteLength')];
  return Buffer.from(new Uint8Array(buffer as ArrayBuffer, byteOffset as number, byteLength as number));
}
