import assert from 'node:assert/strict';

import { counters } from '#internal/counters';
import { native, nativeNumbers, nativeReduce, type NativeArena } from '#internal/native';
import { elementTypes, memoryStatNames, reduceOps, Status } from '#internal/tables';

import { runChild } from '../../support/child';
import { throwsCode } from '../../support/errors';
import { backend, detach } from '../../support/runtime';

const CHUNK = 2 ** 16;
/** Of every type, and none of them an index, a length, a buffer or a state. */
const nonsense: unknown[] = [undefined, null, -1, 0.5, NaN, Infinity, 2 ** 53, '0', 0n, Symbol('0'), {}, [], () => 0];

function newState(): Uint32Array {
  const state = new Uint32Array(new SharedArrayBuffer(64));
  state[3] = 2 ** 32 - 1;
  return state;
}

/** A native arena with one chunk. */
function newArena(): { arena: NativeArena; state: Uint32Array } {
  const state = newState();
  const arena = new native.NativeArena(state);
  assert.equal(arena.grow(1, CHUNK), CHUNK);
  return { arena, state };
}

describe('NativeArena', () => {
  it('refuses a state that is not 16 words of shared memory', () => {
    const states: unknown[] = [
      ...nonsense,
      new Uint32Array(16),
      new Int32Array(new SharedArrayBuffer(64)),
      new Uint32Array(new SharedArrayBuffer(128)),
      new Uint32Array(new SharedArrayBuffer(60)),
      new Uint32Array(new SharedArrayBuffer(68), 4),
      new Proxy(newState(), {}),
      new SharedArrayBuffer(64),
    ];
    for (const state of states) assert.throws(() => new native.NativeArena(state as Uint32Array), TypeError);
  });

  it('refuses a receiver that is none', () => {
    const { arena } = newArena();
    for (const name of ['grow', 'undoGrow', 'expose', 'renew', 'retire', 'lose'] as const) {
      for (const receiver of [undefined, null, {}, Object.create(arena), new Proxy(arena, {}), native]) {
        const method = Reflect.get(arena, name) as () => unknown;
        assert.throws(() => Reflect.apply(method, receiver, [0, 0]), Error, name);
      }
    }
  });

  it('refuses indexes that name no chunk, and changes nothing', () => {
    const { arena, state } = newArena();
    const before = [...state];
    for (const index of [1, 2, 63, 64, 2 ** 32, ...nonsense] as number[]) {
      for (const call of [
        () => arena.expose(index),
        () => arena.renew(index, new ArrayBuffer(CHUNK)),
        () => arena.retire(index, new ArrayBuffer(CHUNK)),
        () => arena.lose(index),
      ]) {
        throwsCode('ERR_OUT_OF_RANGE', call);
      }
    }
    assert.deepEqual([...state], before);
  });

  it('refuses sizes that are none', () => {
    const { arena, state } = newArena();
    const before = [...state];
    for (const bytes of nonsense as number[]) {
      throwsCode('ERR_OUT_OF_RANGE', () => arena.grow(bytes, CHUNK));
      throwsCode('ERR_OUT_OF_RANGE', () => arena.grow(CHUNK, bytes));
    }
    assert.equal(arena.grow(2 ** 53 - 1, 0), -Status.ArenaOutOfMemory);
    assert.deepEqual([...state], before);
  });

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
      ...nonsense,
      new ArrayBuffer(CHUNK),
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

  it('survives a state that lies', () => {
    for (let word = 0; word < 16; word++) {
      for (const lie of [0, 1, 2 ** 31, 2 ** 32 - 1]) {
        const { arena, state } = newArena();
        const buffer = backend === 'external' ? arena.expose(0) : undefined;
        state[word] = lie;
        const made = arena.grow(100, CHUNK);
        assert.ok(
          made === -Status.ArenaLimit || made === -Status.ArenaOutOfMemory || made >= CHUNK,
          `${word}: ${made}`,
        );
        if (made > 0) arena.undoGrow();
        arena.retire(0, buffer!);
        throwsCode('ERR_OUT_OF_RANGE', () => arena.lose(0));
        // Statistics are read from the state as long as the arena lives.
        state.fill(0);
      }
    }
  });
});

describe('the native functions', () => {
  it('are initialized once', () => {
    assert.throws(
      () => native.initialize(counters, false, CHUNK, undefined, nativeNumbers),
      /initialize\(\) was called before/,
    );
  });

  it('refuse statistics to anything but an array of their length', () => {
    const length = memoryStatNames.length;
    const outs: unknown[] = [...nonsense, new Float64Array(length - 1), new Float64Array(length + 1)];
    outs.push(new Float32Array(length), new BigInt64Array(length), new Proxy(new Float64Array(length), {}));
    for (const out of outs) throwsCode('ERR_INVALID_ARG_TYPE', () => native.stats(false, out as Float64Array));
    for (const process of nonsense) {
      throwsCode('ERR_INVALID_ARG_TYPE', () => native.stats(process as boolean, new Float64Array(length)));
    }
  });

  it('refuse a budget that makes no sense, and keep the one before', () => {
    const before = native.budget();
    for (const bytes of nonsense) {
      if (bytes === Infinity) continue;
      throwsCode('ERR_OUT_OF_RANGE', () => native.setBudget(bytes as number, false));
    }
    throwsCode('ERR_INVALID_ARG_TYPE', () => native.setBudget(1, 'no' as unknown as boolean));
    assert.equal(native.budget(), before);
  });

  it('look for poison within a buffer only', () => {
    const buffer = new Uint8Array(100).fill(0xff).buffer;
    assert.equal(native.isPoisoned(buffer, 100), true);
    assert.equal(native.isPoisoned(buffer, 0), true);
    new Uint8Array(buffer)[99] = 0;
    assert.equal(native.isPoisoned(buffer, 99), true);
    assert.equal(native.isPoisoned(buffer, 100), false);
    const detached = new ArrayBuffer(8);
    detach(detached);
    throwsCode('ERR_OUT_OF_RANGE', () => native.isPoisoned(detached, 1));
    for (const bytes of [101, ...nonsense]) {
      throwsCode('ERR_OUT_OF_RANGE', () => native.isPoisoned(buffer, bytes as number));
    }
    for (const other of [...nonsense, new SharedArrayBuffer(8), new Uint8Array(8)]) {
      throwsCode('ERR_OUT_OF_RANGE', () => native.isPoisoned(other as ArrayBuffer, 1));
    }
  });

  it('tell a time that never goes back', () => {
    const first = native.now();
    assert.ok(Number.isFinite(first));
    assert.ok(native.now() >= first);
  });
});

describe('the native reductions', () => {
  it('refuse anything but a view', () => {
    for (const reduce of nativeReduce.flat()) {
      for (const data of [...nonsense, new ArrayBuffer(8), new Proxy(new Uint8Array(8), {})]) {
        throwsCode('ERR_INVALID_ARG_TYPE', () => reduce(data as Uint8Array));
      }
      throwsCode('ERR_INVALID_ARG_TYPE', () => Reflect.apply(reduce, undefined, []));
    }
  });

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

  it('refuse bytes that end amid an element', () => {
    const sizes = elementTypes.map(({ size }) => size);
    for (const reduce of nativeReduce.flat().filter((_, index) => sizes[index % sizes.length]! > 1)) {
      throwsCode('ERR_BYTE_LENGTH', () => reduce(new Uint8Array(17)));
    }
  });

  it('refuse degrees of freedom that are none, and elements beyond the data', () => {
    const variance = reduceOps.indexOf('variance');
    for (const ddof of nonsense.slice(1)) {
      throwsCode('ERR_OUT_OF_RANGE', () => nativeReduce[variance]![0]!(new Uint16Array(2), ddof as number));
      throwsCode('ERR_OUT_OF_RANGE', () => native.reduceStrided(0, 0, new Uint8Array(8), 0, 2, 1, ddof as number));
    }
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
    for (const index of [-1, 0.5, 100]) {
      throwsCode('ERR_OUT_OF_RANGE', () => native.reduceStrided(index, 0, new Uint8Array(8), 0, 2, 1, 0));
      throwsCode('ERR_OUT_OF_RANGE', () => native.reduceStrided(0, index, new Uint8Array(8), 0, 2, 1, 0));
    }
    throwsCode('ERR_OUT_OF_RANGE', () =>
      native.reduceStrided(reduceOps.indexOf('dot'), 0, new Uint8Array(8), 0, 2, 1, 0),
    );
  });

  it('refuse a reduction of operations or elements that are none', () => {
    const ops = Uint8Array.of(0);
    for (const type of [...nonsense, elementTypes.length] as number[]) {
      throwsCode('ERR_OUT_OF_RANGE', () => new native.NativeReduction(type, ops, 0));
    }
    for (const wrong of [Uint8Array.of(reduceOps.indexOf('dot')), Uint8Array.of(99), new Uint8Array(99), ...nonsense]) {
      throwsCode('ERR_OUT_OF_RANGE', () => new native.NativeReduction(0, wrong as Uint8Array, 0));
    }
    for (const ddof of nonsense)
      throwsCode('ERR_OUT_OF_RANGE', () => new native.NativeReduction(0, ops, ddof as number));
    const reduction = new native.NativeReduction(0, ops, 0);
    for (const data of nonsense) throwsCode('ERR_INVALID_ARG_TYPE', () => reduction.update(data as Uint8Array));
    assert.deepEqual(reduction.result(), [0]);
    const update = Reflect.get(reduction, 'update') as () => unknown;
    for (const receiver of [undefined, null, {}, Object.create(reduction), native]) {
      assert.throws(() => Reflect.apply(update, receiver, [ops]), Error);
    }
  });
});
