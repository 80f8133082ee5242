// Assertions about the package's errors: the class, the stable code, and the facts.
import assert from 'node:assert/strict';

import { statusTable } from '#internal/tables';
import type { ErrorCode, SimdArenaError } from 'simd-arena';

const classes = { TypeError, RangeError, Error };

/** Asserts that `error` is an error of the package with this code and the class that the table gives it. */
export function assertCode(error: unknown, code: ErrorCode, facts: object = {}): SimdArenaError {
  const row = statusTable.find((candidate) => candidate?.code === code);
  assert.ok(row);
  assert.ok(error instanceof Error, `expected ${code}, not ${typeof error}`);
  const actual = error as SimdArenaError;
  assert.equal(actual.code, code, actual.stack);
  assert.equal(Object.getPrototypeOf(actual), classes[row.kind].prototype, `${code} is a ${row.kind}`);
  for (const [key, value] of Object.entries(facts)) {
    assert.deepEqual((actual as unknown as Record<string, unknown>)[key], value, `${code}: ${key}`);
  }
  return actual;
}

/** Asserts that `run` throws an error with this code; returns the error. */
export function throwsCode(code: ErrorCode, run: () => unknown, facts?: object): SimdArenaError {
  let result: unknown;
  try {
    result = run();
  } catch (error) {
    return assertCode(error, code, facts);
  }
  return assert.fail(`expected ${code}, but got a ${typeof result}`);
}

/** Asserts that `promise` rejects with an error with this code; resolves to the error. */
export async function rejectsCode(code: ErrorCode, promise: PromiseLike<unknown>): Promise<SimdArenaError> {
  let result: unknown;
  try {
    result = await promise;
  } catch (error) {
    return assertCode(error, code);
  }
  return assert.fail(`expected ${code}, but got a ${typeof result}`);
}
