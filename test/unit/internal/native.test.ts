import assert from 'node:assert/strict';

import { counters } from '#internal/counters';
import { native, nativeReduce, type NativeArena } from '#internal/native';
import { memoryStatNames, Status } from '#internal/tables';

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
    assert.throws(() => native.initialize(counters, false, CHUNK, undefined), /initialize\(\) was called before/);
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
  it('refuse anything but a typed array', () => {
    for (const reduce of nativeReduce.flat()) {
      for (const data of [
        ...nonsense,
        new ArrayBuffer(8),
        new DataView(new ArrayBuffer(8)),
        new Proxy(new Uint8Array(8), {}),
      ]) {
        throwsCode('ERR_INVALID_ARG_TYPE', () => reduce(data as Uint8Array));
      }
      throwsCode('ERR_INVALID_ARG_TYPE', () => Reflect.apply(reduce, undefined, []));
    }
  });

  // Node-API may not know this type: what it then leaves unset must not be what an earlier call left behind.
  it('refuse arrays of a type that they do not know, whatever came before', () => {
    const { stdout, stderr, status } = runChild(`
      // On Node 22 the type is there, behind a flag, before Node-API knows it.
      if (process.versions.node.startsWith('22.')) require('node:v8').setFlagsFromString('--js-float16array');
      const Float16 = require('node:vm').runInNewContext('globalThis.Float16Array');
      const { nativeReduce } = require('./dist/internal/native.js');
      const known = [Float32Array, Int32Array, Uint8Array];
      const codes = new Set();
      if (Float16 !== undefined) {
        for (const reduce of nativeReduce.flat()) {
          for (const type of known) {
            for (let count = 0; count < 3; count++) {
              try { reduce(new type(100)) } catch {}
              try { codes.add(String(reduce(new Float16(100)))) } catch ({ code }) { codes.add(code) }
            }
          }
        }
      }
      console.log(JSON.stringify({ float16: Float16 !== undefined, codes: [...codes] }));`);
    assert.equal(status, 0, stderr);
    const float16 = Number(process.versions.node.split('.')[0]) >= 22;
    assert.deepEqual(JSON.parse(stdout), { float16, codes: float16 ? ['ERR_ELEMENT_TYPE'] : [] });
  });

  const halfArray = (globalThis as { Float16Array?: typeof Uint8Array }).Float16Array;
  if (halfArray !== undefined) {
    it('refuse a Float16Array of this realm, right after an array that they take', () => {
      for (const [index, type] of [Float32Array, Int32Array, Uint8Array, Uint8Array].entries()) {
        for (const reductions of nativeReduce) {
          const reduce = reductions[index]!;
          reduce(new type(100));
          throwsCode('ERR_ELEMENT_TYPE', () => reduce(new halfArray(100)));
        }
      }
    });
  }
});
