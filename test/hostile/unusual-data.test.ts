import assert from 'node:assert/strict';
import { constants } from 'node:buffer';

import * as simdArena from 'simd-arena';
import { withArena } from 'simd-arena';

import { throwsCode } from '../support/errors';
import { assertSame } from '../support/numbers';
import { hasHugeBuffers, ResizableBuffer } from '../support/runtime';

describe('every reduction', () => {
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
