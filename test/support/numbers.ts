// Numbers for tests: repeatable random ones, and comparison by bits.
import assert from 'node:assert/strict';

/** Asserts that two values are the same, in all bits that mean something: -0 is not 0, and NaN is NaN. */
export function assertSame(actual: unknown, expected: unknown, what: string): void {
  if (!Object.is(actual, expected)) assert.fail(`${what}: ${String(actual)} instead of ${String(expected)}`);
}

/** A repeatable source of uniform 32-bit integers (Mulberry32). */
export function randomWords(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return (t ^ (t >>> 14)) >>> 0;
  };
}

/** Floats of very different magnitudes and both signs, all finite. */
export function randomFloats(length: number, seed = length): Float32Array {
  const next = randomWords(seed);
  return Float32Array.from({ length }, () => (next() / 2 ** 32 - 0.5) * 2 ** ((next() % 60) - 30));
}

/** The bytes of `data` at `offset` of a buffer that is otherwise full of other bytes. */
export function atOffset(data: ArrayBufferView, offset: number): Buffer {
  const bytes = Buffer.alloc(offset + data.byteLength + 7, 0xc3);
  // A slab of its own, so that offset is the offset from an aligned address.
  const own = Buffer.from(new ArrayBuffer(bytes.length)).fill(0xc3);
  new Uint8Array(own.buffer).set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), offset);
  return own.subarray(offset, offset + data.byteLength);
}
