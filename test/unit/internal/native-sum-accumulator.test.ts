import assert from 'node:assert/strict';

import { native } from '#internal/native';

import { throwsCode } from '../../support/errors';

/** Of every type, and none of them data, a number or the bytes of an accumulator. */
const nonsense: unknown[] = [undefined, null, '0', 0n, Symbol('0'), {}, [], () => 0, new ArrayBuffer(288)];

describe('NativeSumAccumulator', () => {
  it('refuses arguments of the wrong type, and changes nothing', () => {
    const sum = new native.NativeSumAccumulator();
    sum.addNumber(1.5);
    for (const value of nonsense) {
      throwsCode('ERR_INVALID_ARG_TYPE', () => sum.addF32(value as Float32Array));
      throwsCode('ERR_INVALID_ARG_TYPE', () => sum.addF64(value as Float64Array));
      throwsCode('ERR_INVALID_ARG_TYPE', () => sum.addNumber(value as number));
      throwsCode('ERR_INVALID_ARG_TYPE', () => sum.merge(value as Uint8Array));
      throwsCode('ERR_INVALID_ARG_TYPE', () => sum.encode(value as Uint8Array));
      throwsCode('ERR_INVALID_ARG_TYPE', () => native.sumExactF32(value as Float32Array));
      throwsCode('ERR_INVALID_ARG_TYPE', () => native.sumExactF64(value as Float64Array));
    }
    assert.equal(sum.sum(), 1.5);
  });

  it('writes to nothing but a Uint8Array of its size', () => {
    const sum = new native.NativeSumAccumulator();
    for (const out of [new Uint8Array(287), new Uint8Array(289), new Int8Array(288), new Float64Array(36)]) {
      throwsCode('ERR_INVALID_ARG_TYPE', () => sum.encode(out as Uint8Array));
      assert.ok(out.every((element) => element === 0));
    }
  });

  it('refuses a receiver that is none', () => {
    const sum = new native.NativeSumAccumulator();
    for (const name of ['addF32', 'addF64', 'addNumber', 'merge', 'sum', 'encode'] as const) {
      for (const receiver of [undefined, null, {}, Object.create(sum), new Proxy(sum, {}), native]) {
        const method = Reflect.get(sum, name) as () => unknown;
        assert.throws(() => Reflect.apply(method, receiver, [1]), Error, name);
      }
    }
  });
});
