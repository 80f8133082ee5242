import assert from 'node:assert/strict';

import { dot, type ElementType } from 'simd-arena';

import { decode, elementKinds, Float16, kindOf, type ElementKind } from '../support/element-types';
import { throwsCode } from '../support/errors';
import { assertSame } from '../support/numbers';
import { referenceDot } from '../support/reference-reductions';
import { CHUNK_LENGTH, CHUNK_LENGTH_F64 } from '../support/reference-sum';
import {
  assertReduces,
  genericReductions,
  oddly,
  randomBytes,
  randomElements,
  type AnyReduction,
} from '../support/reductions';

/** Lengths on both sides of every seam: short inputs, registers, blocks, chunks. */
const lengths = [
  0,
  1,
  2,
  3,
  7,
  8,
  9,
  15,
  16,
  17,
  31,
  32,
  33,
  63,
  64,
  65,
  300,
  CHUNK_LENGTH + 33,
  CHUNK_LENGTH_F64 + 65,
];
const genericDot = dot as unknown as (a: unknown, b: unknown, type?: unknown) => unknown;

/** Every kind of raw bytes. */
function rawForms(bytes: Uint8Array): unknown[] {
  const copy = new Uint8Array(bytes);
  const shared = new SharedArrayBuffer(bytes.length);
  new Uint8Array(shared).set(bytes);
  return [copy, new Uint8ClampedArray(copy), oddly(bytes), new DataView(copy.buffer), copy.buffer, shared];
}

/** Every way to hand elements to a reduction, with the arguments that go with it. */
function formsOf(
  { type, own, named }: ElementKind,
  bytes: Uint8Array,
): [data: unknown, type: ElementType | undefined][] {
  const buffer = new Uint8Array(bytes).buffer;
  return [
    ...(own === undefined ? [] : [[new own(buffer), undefined] as [unknown, undefined]]),
    ...named.map((array): [unknown, ElementType] => [new array(buffer), type]),
    ...rawForms(bytes).map((raw): [unknown, ElementType] => [raw, type]),
  ];
}

for (const [op, reduce] of genericReductions) {
  describe(op, () => {
    for (const kind of elementKinds) {
      it(`gives the result of the reference for ${kind.type}`, () => {
        for (const length of lengths) {
          const bytes = randomElements(kind, length);
          for (const [data, type] of formsOf(kind, bytes)) {
            assertReduces(() => reduce(data, type), op, kind, bytes, `${kind.type}, length ${length}`);
          }
        }
      });
    }

    if (op !== 'variance' && op !== 'std') {
      it('gives the result of the reference for floats of any bits, and for zeros', () => {
        for (const kind of elementKinds.filter(({ isFloat }) => isFloat)) {
          for (const length of [1, 2, 3, 5, 16, 17, 40, 300]) {
            for (const seed of [1, 2, 3, 4]) {
              const bytes = seed === 4 ? new Uint8Array(length * kind.bytes) : randomBytes(length * kind.bytes, seed);
              for (const [data, type] of formsOf(kind, bytes)) {
                assertReduces(() => reduce(data, type), op, kind, bytes, `${kind.type}, length ${length}`);
              }
            }
          }
        }
      });
    }

    it('takes the type from a typed array, and of raw bytes by its name only', () => {
      for (const { own, type } of elementKinds) {
        if (own === undefined) continue;
        const data = new own(randomElements(kindOf(type), 40).buffer);
        assert.deepEqual(reduce(data), reduce(data, type), type);
        assert.deepEqual(reduce(data, undefined), reduce(data, type), type);
      }
      const bytes = new Uint8Array(8);
      assert.deepEqual(reduce(new Uint8ClampedArray(bytes)), reduce(bytes, 'u8'));
      for (const raw of [Buffer.from(bytes), new DataView(bytes.buffer), bytes.buffer, new SharedArrayBuffer(8)]) {
        throwsCode('ERR_ELEMENT_TYPE', () => reduce(raw));
      }
    });

    it('refuses what is no type', () => {
      refusesTypes((type) => reduce(new Float32Array(20), type));
      throwsCode('ERR_INVALID_ARG_TYPE', () => reduce(new Float32Array(20), {}, {}));
    });

    it('never takes elements of one type for those of another', () => {
      for (const kind of elementKinds) {
        for (const array of [0, 4, 40].flatMap(arraysOf)) {
          const isBytes = array instanceof Uint8Array || array instanceof Uint8ClampedArray;
          if (isBytes || kind.named.some((named) => array instanceof named)) continue;
          throwsCode('ERR_ELEMENT_TYPE', () => reduce(array, kind.type));
          throwsCode('ERR_ELEMENT_TYPE', () => reduce(array, kind.type, { stride: 1 }));
        }
      }
    });

    it('refuses bytes that do not fill the last element', () => {
      for (const { bytes, type } of elementKinds) {
        for (const length of [1, 3, 5, 127, 4097]) {
          if (length % bytes === 0) continue;
          for (const raw of rawForms(new Uint8Array(length))) throwsCode('ERR_BYTE_LENGTH', () => reduce(raw, type));
        }
      }
    });
  });
}

/** An array of every kind that the engine has. */
function arraysOf(length: number): ArrayBufferView[] {
  const types = [Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array];
  const arrays = [...types, Float32Array, Float64Array, BigInt64Array, BigUint64Array].map((type) => new type(length));
  return Float16 === undefined ? arrays : [...arrays, new Float16(new ArrayBuffer(2 * length))];
}

function refusesTypes(call: (type: unknown) => unknown): void {
  for (const type of ['', 'F32', 'float32', 'toString', '__proto__', 'constructor']) {
    throwsCode('ERR_ELEMENT_TYPE', () => call(type));
  }
  for (const type of [null, 5, 5n, true, Symbol('f32'), () => 'f32']) {
    throwsCode('ERR_INVALID_ARG_TYPE', () => call(type));
  }
}

describe('dot', () => {
  for (const kind of elementKinds) {
    it(`gives the result of the reference for ${kind.type}`, () => {
      for (const length of lengths) {
        const [a, b] = [randomElements(kind, length, 2 * length), randomElements(kind, length, 2 * length + 1)];
        const expected = referenceDot(kind, decode(kind, a), decode(kind, b));
        const others = formsOf(kind, b);
        for (const [index, [data, type]] of formsOf(kind, a).entries()) {
          assertSame(genericDot(data, others[index]![0], type), expected, `${kind.type}, length ${length}`);
          if (type !== undefined) {
            assertSame(genericDot(data, others.at(-1)![0], type), expected, `${kind.type} and bytes`);
          }
        }
      }
    });
  }

  it('gives the result of the reference for floats of any bits', () => {
    for (const kind of elementKinds.filter(({ isFloat }) => isFloat)) {
      for (const length of [1, 2, 3, 5, 16, 17, 40, 300]) {
        const [a, b] = [randomBytes(length * kind.bytes, 5), randomBytes(length * kind.bytes, 6)];
        const expected = referenceDot(kind, decode(kind, a), decode(kind, b));
        for (const [index, [data, type]] of formsOf(kind, a).entries()) {
          assertSame(genericDot(data, formsOf(kind, b)[index]![0], type), expected, `${kind.type}, length ${length}`);
        }
      }
    }
  });

  it('multiplies an array with itself', () => {
    assertSame(dot(Float32Array.of(3, 4), Float32Array.of(3, 4)), 25, 'f32');
    const same = BigInt64Array.of(2n ** 40n, -1n);
    assertSame(dot(same, same), 2n ** 80n + 1n, 'i64');
  });

  it('refuses operands of different lengths or types', () => {
    const four = new Float32Array(4);
    for (const length of [0, 3, 5, 40]) {
      throwsCode('ERR_LENGTH_MISMATCH', () => genericDot(four, new Float32Array(length)));
      throwsCode('ERR_LENGTH_MISMATCH', () => genericDot(four, Buffer.alloc(4 * length), 'f32'));
    }
    throwsCode('ERR_ELEMENT_TYPE', () => genericDot(four, new Int32Array(4)));
    throwsCode('ERR_ELEMENT_TYPE', () => genericDot(four, new Int32Array(4), 'f32'));
    throwsCode('ERR_ELEMENT_TYPE', () => genericDot(new Int32Array(4), four, 'f32'));
    throwsCode('ERR_ELEMENT_TYPE', () => genericDot(four, new Uint8Array(16)));
    throwsCode('ERR_ELEMENT_TYPE', () => genericDot(Buffer.alloc(4), Buffer.alloc(4)));
    throwsCode('ERR_ELEMENT_TYPE', () => genericDot(four, Buffer.alloc(16)));
    throwsCode('ERR_BYTE_LENGTH', () => genericDot(four, Buffer.alloc(15), 'f32'));
    throwsCode('ERR_INVALID_ARG_TYPE', () => genericDot(four, undefined));
    throwsCode('ERR_INVALID_ARG_TYPE', () => genericDot(four, [1, 2, 3, 4], 'f32'));
  });

  it('refuses what is no type', () => {
    refusesTypes((type) => genericDot(new Float32Array(20), new Float32Array(20), type));
  });

  it('tells data that has lost its memory from empty data', () => {
    const empty = new Float32Array(0);
    const lost = new Float32Array(4);
    structuredClone(lost.buffer, { transfer: [lost.buffer] });
    assertSame(dot(empty, empty), 0, 'empty');
    throwsCode('ERR_DETACHED', () => dot(lost, empty));
    throwsCode('ERR_DETACHED', () => dot(empty, lost));
    throwsCode('ERR_DETACHED', () => dot(lost, lost));
  });
});

describe('Float16Array', () => {
  it('is half-precision data, where the engine has it', () => {
    // Node.js 24 has it, and the tests run there too.
    if (Float16 === undefined) return;
    const halves = new Float16(Uint16Array.of(0x3c00, 0xc000, 0x7c00).buffer);
    const call = (reduce: AnyReduction): unknown => reduce(halves);
    const results = Object.fromEntries(genericReductions.map(([op, reduce]) => [op, call(reduce)]));
    assert.equal(results['sum'], Infinity);
    assert.equal(results['min'], -2);
    assert.equal(results['argmax'], 2);
    throwsCode('ERR_ELEMENT_TYPE', () => genericDot(halves, halves, 'bf16'));
    const part = new (Float16 as unknown as typeof Uint16Array)(halves.buffer, 2, 1);
    assertSame(genericReductions[0]![1](part), -2, 'at an offset');
  });
});
