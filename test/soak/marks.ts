// Marks at both ends and in the middle of memory, by which it shows whether somebody else has written to it.
import assert from 'node:assert/strict';

/** Memory that its owner has marked. */
export interface Marked {
  readonly bytes: Uint8Array;
  readonly length: number;
  readonly mark: number;
}

/** The bytes of a view. */
export function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function placesIn(length: number): readonly number[] {
  return length === 0 ? [] : [0, length >> 1, length - 1];
}

/** Marks `view`, with one of 251 marks. */
export function markView(view: ArrayBufferView, seed: number): Marked {
  const bytes = bytesOf(view);
  const { length } = bytes;
  const mark = 1 + (seed % 251);
  for (const place of placesIn(length)) bytes[place] = mark;
  return { bytes, length, mark };
}

/** Asserts that the marks are there. */
export function checkMarks({ bytes, length, mark }: Marked): void {
  assert.equal(bytes.length, length, 'memory that belongs to somebody was revoked');
  for (const place of placesIn(length)) {
    if (bytes[place] !== mark) assert.fail(`somebody else has written to byte ${place} of ${length}`);
  }
}

/** Asserts that `view` is all zero where marks would be. */
export function checkZeros(view: ArrayBufferView): void {
  const bytes = bytesOf(view);
  for (const place of placesIn(bytes.length)) assert.equal(bytes[place], 0, 'not all that was allocated is zero');
}
