import assert from 'node:assert/strict';
import { Worker } from 'node:worker_threads';

import fc from 'fast-check';

import { SumAccumulator, sumExactF64 } from 'simd-arena';

import { throwsCode } from '../support/errors';
import { exactSum } from '../support/exact-oracle';
import { assertSame, atOffset } from '../support/numbers';

type AnyAdd = (data: unknown, type?: unknown) => SumAccumulator;

const accumulate = (x: readonly number[]): SumAccumulator => new SumAccumulator().add(Float64Array.from(x));
const double = fc.double();

describe('SumAccumulator', () => {
  it('takes numbers, arrays and raw bytes, and can be read in between', () => {
    const sum = new SumAccumulator();
    assertSame(sum.sum(), 0, 'nothing');
    assert.equal(sum.add(0.1).add(Float32Array.of(1.5)), sum);
    assertSame(sum.sum(), 1.6, 'so far');
    sum.add(Float64Array.of(0.2, -0.1)).add(atOffset(Float32Array.of(0.5), 3), 'f32');
    sum
      .add(atOffset(Float64Array.of(0.25), 5), 'f64')
      .add(Float64Array.of(1), 'f64')
      .add(new ArrayBuffer(8), 'f64');
    assertSame(sum.sum(), exactSum([0.1, 1.5, 0.2, -0.1, 0.5, 0.25, 1]), 'all of it');
  });

  it('gives the same sum and the same bytes in any order and any partition', () => {
    const parts = fc.array(fc.array(double, { maxLength: 20 }), { maxLength: 8 });
    fc.assert(
      fc.property(parts, fc.infiniteStream(fc.nat(1000)), (cut, choices) => {
        const x = cut.flat();
        const expected = accumulate(x);
        assertSame(expected.sum(), exactSum(x), 'the sum');

        const sums = cut.map((part) => {
          const shuffled = part.map((term) => [choices.next().value as number, term] as const);
          shuffled.sort(([a], [b]) => a - b);
          const [first, ...rest] = shuffled.map(([, term]) => term);
          const sum = first === undefined ? new SumAccumulator() : new SumAccumulator().add(first);
          return sum.add(Float64Array.from(rest));
        });
        sums.push(new SumAccumulator());
        while (sums.length > 1) {
          const [one] = sums.splice((choices.next().value as number) % sums.length, 1);
          const at = (choices.next().value as number) % sums.length;
          sums[at] = SumAccumulator.from(sums[at]!.toBytes()).merge(one!);
        }
        assert.deepEqual(sums[0]!.toBytes(), expected.toBytes());
      }),
    );
  });

  it('has the bytes that the documentation describes', () => {
    const bytes = new Uint8Array(288);
    bytes.set([0x58, 0x53, 0x55, 0x4d, 1, 2]);
    bytes[8 + Math.floor(1074 / 8)] = 1 << (1074 % 8);
    assert.deepEqual(accumulate([1]).toBytes(), bytes);
    assert.deepEqual(accumulate([-Number.MIN_VALUE]).toBytes(), bytes.fill(0xff, 8));
    for (const [kind, x] of [[], [-0], [0], [-Infinity], [Infinity], [NaN]].entries()) {
      assert.deepEqual(accumulate(x).toBytes(), bytes.fill(kind, 5, 6).fill(0, 8), String(x));
    }
  });

  it('gives equal finite sums equal bytes, however they came about', () => {
    assert.deepEqual(accumulate([1e300, 3, -1e300]).toBytes(), accumulate([1, 2]).toBytes());
  });

  it('hands out bytes that it does not look at again', () => {
    const sum = accumulate([1]);
    sum.toBytes().fill(0);
    assertSame(sum.sum(), 1, 'sum');
  });

  it('merges without a change to the other one, and doubles when it merges itself', () => {
    const [one, other] = [accumulate([1, 2]), accumulate([0.5])];
    assertSame(one.merge(other).merge(one).sum(), 7, 'merged');
    assertSame(other.sum(), 0.5, 'the other');
  });

  it('needs the type of raw bytes, and no other than that of an array', () => {
    const sum = accumulate([1]);
    const add = sum.add.bind(sum) as AnyAdd;
    for (const data of [Buffer.alloc(8), new Uint8Array(8), new ArrayBuffer(8), new Int32Array(2)]) {
      throwsCode('ERR_ELEMENT_TYPE', () => add(data));
    }
    throwsCode('ERR_ELEMENT_TYPE', () => add(new Float32Array(2), 'f64'));
    throwsCode('ERR_ELEMENT_TYPE', () => add(new Float64Array(2), 'f32'));
    throwsCode('ERR_ELEMENT_TYPE', () => add(Buffer.alloc(8), 'i32'));
    throwsCode('ERR_ELEMENT_TYPE', () => add(Buffer.alloc(8), 'toString'));
    throwsCode('ERR_BYTE_LENGTH', () => add(Buffer.alloc(12), 'f64'));
    for (const type of [null, 1, {}, Symbol('f32')]) {
      throwsCode('ERR_INVALID_ARG_TYPE', () => add(Buffer.alloc(8), type));
    }
    throwsCode('ERR_INVALID_ARG_TYPE', () => add(1, 'f64'));
    throwsCode('ERR_INVALID_ARG_TYPE', () => add([1, 2]));
    throwsCode('ERR_INVALID_ARG_TYPE', () => add(1n));
    assert.deepEqual(sum.toBytes(), accumulate([1]).toBytes());
  });

  it('ends repeated doubling with an error that changes nothing', () => {
    const sum = accumulate([2 ** 1023]);
    for (let exponent = 1024; exponent < 1165; exponent++) sum.merge(sum);
    const bytes = sum.toBytes();
    throwsCode('ERR_OUT_OF_RANGE', () => sum.merge(sum));
    assert.deepEqual(sum.toBytes(), bytes);
    assertSame(sum.sum(), Infinity, 'sum');
    const largest = SumAccumulator.from(bytes)
      .merge(accumulate([-1]))
      .merge(SumAccumulator.from(bytes));
    throwsCode('ERR_OUT_OF_RANGE', () => largest.add(Float64Array.of(1)));
    throwsCode('ERR_OUT_OF_RANGE', () => largest.add(1));
  });
});

describe('SumAccumulator.from', () => {
  it('reads bytes of every kind, at any offset', () => {
    const bytes = accumulate([1e-300, 7]).toBytes();
    const shifted = atOffset(bytes, 5);
    const view = new DataView(shifted.buffer, shifted.byteOffset, shifted.length);
    for (const data of [bytes, shifted, view, bytes.buffer, new Uint8ClampedArray(bytes)]) {
      assert.deepEqual(SumAccumulator.from(data).toBytes(), bytes);
    }
  });

  it('refuses or keeps bytes with any one bit flipped', () => {
    let kept = 0;
    for (const x of [[], [-0], [1], [-1e-320, 1e308], [-Infinity], [NaN]]) {
      const bytes = accumulate(x).toBytes();
      for (let bit = 0; bit < 8 * bytes.length; bit++) {
        const flipped = Uint8Array.from(bytes);
        flipped[bit >> 3]! ^= 1 << (bit & 7);
        let decoded: SumAccumulator;
        try {
          decoded = SumAccumulator.from(flipped);
        } catch (error) {
          assert.equal((error as { code?: unknown }).code, 'ERR_INVALID_ACCUMULATOR');
          continue;
        }
        kept++;
        assert.deepEqual(decoded.toBytes(), flipped);
      }
    }
    assert.ok(kept > 2 * 2240);
  });

  it('refuses bytes of another length, version or kind', () => {
    const bytes = accumulate([1]).toBytes();
    for (const length of [0, 1, 287])
      throwsCode('ERR_INVALID_ACCUMULATOR', () => SumAccumulator.from(bytes.subarray(0, length)));
    throwsCode('ERR_INVALID_ACCUMULATOR', () => SumAccumulator.from(Buffer.concat([bytes, Buffer.alloc(1)])));
    throwsCode('ERR_INVALID_ACCUMULATOR', () => SumAccumulator.from(Uint8Array.from(bytes).fill(2, 4, 5)));
    throwsCode('ERR_INVALID_ACCUMULATOR', () => SumAccumulator.from(Uint8Array.from(bytes).fill(6, 5, 6)));
    throwsCode('ERR_INVALID_ACCUMULATOR', () => SumAccumulator.from(Uint8Array.from(bytes).fill(0, 5, 6)));
  });

  it('reads what workers send', async () => {
    const code = `
      const { parentPort, workerData } = require('node:worker_threads');
      const { SumAccumulator } = require('simd-arena');
      parentPort.postMessage(new SumAccumulator().add(workerData).toBytes());
    `;
    const data = Float64Array.from({ length: 900 }, (_, i) => (-1) ** i * 1.1 ** i);
    const sent = [0, 1, 2].map((part) => {
      const worker = new Worker(code, { eval: true, workerData: data.slice(300 * part, 300 * (part + 1)) });
      return new Promise<Uint8Array>((resolve, reject) => {
        worker.on('message', resolve).on('error', reject);
      });
    });
    const total = new SumAccumulator();
    for (const bytes of await Promise.all(sent)) total.merge(SumAccumulator.from(bytes));
    assertSame(total.sum(), sumExactF64(data), 'total');
    assert.deepEqual(total.toBytes(), new SumAccumulator().add(data).toBytes());
  });
});
