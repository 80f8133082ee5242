import assert from 'node:assert/strict';

import { native } from '#internal/native';

import { runChild } from '../../support/child';
import { throwsCode } from '../../support/errors';
import { CHUNK, newArena, strangeBuffer } from '../../support/native-owners';
import { backend, detach } from '../../support/runtime';

describe('NativeArena', () => {
  it('exposes a chunk once', () => {
    const { arena } = newArena();
    if (backend === 'external') {
      const buffer = arena.expose(0);
      assert.equal(buffer?.byteLength, CHUNK);
      throwsCode('ERR_OUT_OF_RANGE', () => arena.expose(0));
      throwsCode('ERR_OUT_OF_RANGE', () => arena.undoGrow());
      assert.equal(arena.retire(0, buffer), true);
      assert.equal(buffer.byteLength, 0);
    } else {
      // Foreign chunks have no memory that could be exposed.
      throwsCode('ERR_OUT_OF_RANGE', () => arena.expose(0));
    }
  });

  it('leaves foreign buffers alone', () => {
    const foreign = (): unknown[] => [
      undefined,
      {},
      strangeBuffer(),
      new ArrayBuffer(0),
      new SharedArrayBuffer(CHUNK),
      new Uint8Array(CHUNK),
      Buffer.alloc(CHUNK),
    ];
    for (const value of foreign()) {
      const { arena, state } = newArena();
      if (backend === 'external') assert.equal(arena.expose(0)?.byteLength, CHUNK);
      if (value instanceof ArrayBuffer) new Uint8Array(value).fill(3);
      const buffer = value as ArrayBuffer;
      assert.equal(arena.renew(0, buffer), undefined);
      assert.equal(arena.retire(0, buffer), false);
      assert.equal(state[7], 0);
      if (value instanceof ArrayBuffer) assert.ok(new Uint8Array(value).every((byte) => byte === 3));
      throwsCode('ERR_OUT_OF_RANGE', () => arena.retire(0, buffer));
    }
  });

  it('takes the last growth back, once', () => {
    const { arena, state } = newArena();
    arena.undoGrow();
    assert.equal(state[7], 0);
    throwsCode('ERR_OUT_OF_RANGE', () => arena.undoGrow());
    assert.equal(arena.grow(1, CHUNK), CHUNK);
  });
});

describe('the native functions', () => {
  it('look for poison within a buffer only', () => {
    const buffer = new Uint8Array(100).fill(0xff).buffer;
    assert.equal(native.isPoisoned(buffer, 0, 100), true);
    assert.equal(native.isPoisoned(buffer, 100, 0), true);
    new Uint8Array(buffer)[99] = 0;
    assert.equal(native.isPoisoned(buffer, 0, 99), true);
    assert.equal(native.isPoisoned(buffer, 0, 100), false);
    assert.equal(native.isPoisoned(buffer, 99, 1), false);
    const detached = new ArrayBuffer(8);
    detach(detached);
    throwsCode('ERR_OUT_OF_RANGE', () => native.isPoisoned(detached, 0, 1));
    throwsCode('ERR_OUT_OF_RANGE', () => native.isPoisoned(buffer, 1, 100));
  });

  it('find the first byte of a buffer at a multiple of an alignment', () => {
    for (const bytes of [64, 100_000, 2 ** 20]) {
      const buffer = new ArrayBuffer(bytes);
      let last = 0;
      for (let alignment = 1; alignment <= 4096; alignment *= 2) {
        const offset = native.alignedOffset(buffer, alignment);
        // The multiples of an alignment are every other one of half of it.
        assert.ok(offset === last || offset === last + alignment / 2, `${offset} after ${last} at ${alignment}`);
        last = offset;
      }
    }
  });

  it('clear all of a buffer', () => {
    for (const bytes of [0, 1, 64, 4096, 8191, 100_001]) {
      const view = new Uint8Array(bytes).fill(7);
      native.clearMemory(view.buffer);
      assert.ok(view.every((byte) => byte === 0));
    }
    const detached = new ArrayBuffer(8);
    detach(detached);
    native.clearMemory(detached);
  });

  it('tell a time that never goes back', () => {
    const first = native.now();
    assert.ok(Number.isFinite(first));
    assert.ok(native.now() >= first);
  });
});

describe('the native reductions', () => {
  it('read the bytes of any array, of types that Node-API does not know too', () => {
    const { stdout, stderr, status } = runChild(`
      // On Node 22 the type is there, behind a flag, before Node-API knows it.
      if (process.versions.node.startsWith('22.')) require('node:v8').setFlagsFromString('--js-float16array');
      const Float16 = require('node:vm').runInNewContext('globalThis.Float16Array');
      const types = [Int8Array, Uint16Array, Float64Array, BigInt64Array];
      if (Float16 !== undefined) types.push(Float16);
      const { nativeNumbers, nativeReduce } = require('./dist/internal/native.js');
      const { elementTypes, reduceOps } = require('./dist/internal/tables.js');
      const sum = nativeReduce[reduceOps.indexOf('sum')][elementTypes.findIndex(({ label }) => label === 'u8')];
      const sums = types.map((type) => {
        sum(new type(new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8]).buffer));
        return nativeNumbers[0];
      });
      console.log(JSON.stringify(sums));`);
    assert.equal(status, 0, stderr);
    const float16 = Number(process.versions.node.split('.')[0]) >= 22;
    assert.deepEqual(JSON.parse(stdout), Array<number>(float16 ? 5 : 4).fill(36));
  });

  it('refuse elements beyond the data', () => {
    for (const [offset, stride, count] of [
      [9, 2, 0],
      [0, 1, 1],
      [0, 0, 1],
      [0, 2, 5],
      [7, 2, 1],
      [2, 2 ** 53 - 1, 2],
      [2 ** 53 - 1, 2, -1],
      [0, 2, 2 ** 53 - 1],
      [0, 2, -2],
    ] as const) {
      throwsCode('ERR_OUT_OF_RANGE', () => native.reduceStrided(0, 0, new Uint8Array(8), offset, stride, count, 0));
    }
  });
});
