import assert from 'node:assert/strict';
import { constants } from 'node:buffer';

import * as simdArena from 'simd-arena';
import { withArena, type ReductionOp } from 'simd-arena';

import { decode, elementKinds, kindOf, type ElementKind } from '../support/element-types';
import { throwsCode } from '../support/errors';
import { assertSame } from '../support/numbers';
import { referenceDot } from '../support/reference-reductions';
import { assertReduces, genericReductions, typedReductions } from '../support/reductions';
import { hasHugeBuffers, ResizableBuffer } from '../support/runtime';

/** A function of the package that reads data of one type, or of a type that is named. */
interface Reading {
  readonly name: string;
  readonly op: ReductionOp | 'dot';
  readonly kind: ElementKind;
  readonly read: (data: unknown) => unknown;
}

const dotOf = simdArena.dot as (...args: unknown[]) => unknown;

/** Every reduction: each short form, and each generic one with each element type. */
const readings: readonly Reading[] = [
  ...typedReductions.map(({ name, op, type, reduce }): Reading => ({
    name,
    op,
    kind: kindOf(type),
    read: (data) => (op === 'dot' ? reduce(data, data) : reduce(data)),
  })),
  ...elementKinds.flatMap((kind) => [
    ...genericReductions.map(([op, reduce]): Reading => ({
      name: `${op} of ${kind.type}`,
      op,
      kind,
      read: (data) => reduce(data, kind.type),
    })),
    { name: `dot of ${kind.type}`, op: 'dot' as const, kind, read: (data: unknown) => dotOf(data, data, kind.type) },
  ]),
];

/** Asserts that a function gives what the elements that `bytes` spell give. */
function assertReads({ name, op, kind, read }: Reading, data: unknown, bytes: Uint8Array): void {
  if (op !== 'dot') return assertReduces(() => read(data), op, kind, bytes, name);
  const elements = decode(kind, bytes);
  assertSame(read(data), referenceDot(kind, elements, elements), name);
}

describe('every reduction', () => {
  it('takes empty data of every kind as empty', () => {
    const bytes = [
      Buffer.alloc(0),
      new Uint8Array(0),
      new ArrayBuffer(0),
      new SharedArrayBuffer(0),
      new DataView(new ArrayBuffer(4), 4),
      withArena((arena) => arena.copyOut(arena.alloc(Buffer, 0))),
    ];
    for (const reading of readings) {
      const arrays = reading.kind.named.flatMap((type) => [
        new type(new ArrayBuffer(0)),
        Object.freeze(new type(new ArrayBuffer(0))),
        new type(new ResizableBuffer(0, { maxByteLength: 64 })),
      ]);
      for (const data of [...bytes, ...arrays]) assertReads(reading, data, new Uint8Array(0));
    }
  });

  it('reads a view again after its buffer has shrunk and grown', () => {
    for (const reading of readings) {
      const buffer = new ResizableBuffer(64, { maxByteLength: 64 });
      const bytes = new Uint8Array(buffer, 0, 64).fill(0x3f);
      assertReads(reading, bytes, new Uint8Array(64).fill(0x3f));
      buffer.resize(32);
      throwsCode('ERR_DETACHED', () => reading.read(bytes));
      buffer.resize(64);
      assertReads(reading, bytes, Uint8Array.of(...new Array<number>(32).fill(0x3f), ...new Uint8Array(32)));
    }
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

  it(`reads a buffer of more than 4 GiB, ${hasHugeBuffers ? 'or says that the runtime has no such arrays' : 'which do not exist here'}`, () => {
    if (!hasHugeBuffers) return assert.throws(() => new ArrayBuffer(2 ** 32 + 8), RangeError);
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

describe('Arena.copyIn and copyOut', () => {
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
