import assert from 'node:assert/strict';

import { MAX_SHORT_LENGTH, shortDots, shortReductions } from '#internal/short-reductions';
import { elementTypes } from '#internal/tables';

import { decode, kindOf, type ElementKind } from '../../support/element-types';
import { assertSame, randomFloats } from '../../support/numbers';
import { referenceDot } from '../../support/reference-reductions';
import {
  assertOutcome,
  assertReduces,
  genericReductions,
  oddly,
  outcomeOf,
  randomBytes,
  unaryOps,
} from '../../support/reductions';

const kinds = elementTypes.map(({ label }) => kindOf(label));

/** Bytes that spell what is likely to go wrong, and random ones. */
function* inputsOf({ type, bytes, isFloat, named }: ElementKind, length: number): Generator<Uint8Array> {
  for (const seed of [1, 2, 3, 4, 5]) yield randomBytes(length * bytes, seed);
  yield new Uint8Array(length * bytes);
  yield new Uint8Array(length * bytes).fill(1);
  if (!isFloat) return;
  const special = [0, -0, 1, -1, NaN, Infinity, -Infinity, 1e30, -1e30, 1e-30];
  for (let seed = 0; seed < 20; seed++) {
    // Finite, of magnitudes that make every order of additions round in another way.
    const numbers = randomFloats(length, seed);
    yield new Uint8Array(type === 'f64' ? Float64Array.from(numbers, (x) => x / 3).buffer : numbers.buffer);
  }
  for (let shift = 0; shift < 60; shift++) {
    const data = new Uint8Array(length * bytes);
    const numbers = new named[0]!(data.buffer) as unknown as Float32Array;
    for (let i = 0; i < length; i++) numbers[i] = special[((i + shift) * (1 + (shift >> 2))) % (shift % 2 ? 2 : 10)]!;
    yield data;
  }
}

describe('short reductions', () => {
  for (const op of unaryOps) {
    for (const kind of kinds) {
      const short = shortReductions[op]?.[kind.type];
      if (short === undefined) continue;
      const [array] = kind.named.length > 0 ? kind.named : [Uint8Array];
      const native = genericReductions.find(([name]) => name === op)![1];

      it(`give the bits of the reference and of native code: ${op} of ${kind.type}`, () => {
        for (let length = 1; length <= MAX_SHORT_LENGTH; length++) {
          for (const bytes of inputsOf(kind, length)) {
            const what = `${op} of [${decode(kind, bytes).join()}]`;
            const run = (): unknown => short(new array!(bytes.buffer) as never, length);
            assertReduces(run, op, kind, bytes, what);
            assertOutcome(
              run,
              outcomeOf(() => native(oddly(bytes), kind.type)),
              what,
            );
          }
        }
      });
    }
  }

  for (const kind of kinds) {
    const short = shortDots[kind.type];
    if (short === undefined) continue;

    it(`give the bits of the reference: dot of ${kind.type}`, () => {
      for (let length = 1; length <= MAX_SHORT_LENGTH; length++) {
        const b = randomBytes(length * kind.bytes, 9);
        for (const a of inputsOf(kind, length)) {
          const expected = referenceDot(kind, decode(kind, a), decode(kind, b));
          const [x, y] = [a, b].map((bytes) => new kind.named[0]!(bytes.buffer));
          assertSame(short(x as never, y as never, length), expected, `length ${length}`);
        }
      }
    });
  }

  it('end with an index of the input, though another thread overwrites what they have found', () => {
    for (const op of ['argmin', 'argmax'] as const) {
      for (const [type, short] of Object.entries(shortReductions[op]!)) {
        let reads = 0;
        const changing = new Proxy([], {
          get: () => {
            reads++;
            assert.ok(reads < 1000, `${op} of ${type} does not end`);
            return reads;
          },
        });
        const index = short(changing as never, 9) as number;
        assert.ok(index < 9, `${op} of ${type}: ${index}`);
      }
    }
  });

  it('are there for the common types', () => {
    const covered = unaryOps.map((op) => [op, Object.keys(shortReductions[op] ?? {}).join(' ')] as const);
    const missing = covered.filter(([, types]) => !types.startsWith('f32 f64 i32 u8')).map(([op]) => op);
    assert.deepEqual(missing, ['norm', 'variance', 'std']);
  });
});
