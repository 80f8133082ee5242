// The vocabulary of the catalogue: members of a surface, their parameters, hostile values for these, and what they lead to.
import assert from 'node:assert/strict';

import { statusTable } from '#internal/tables';
import type { ErrorCode } from 'simd-arena';

import { assertCode } from '../support/errors';

/** What is thrown where it is no error of the package: by JavaScript itself, or by code of the user. */
export interface Thrown {
  readonly throws: RegExp | Error | (new (message: string) => Error);
  /** Says that to return is as good. */
  readonly mayReturn?: boolean;
}

/**
 * What a call does: it throws an error of the package, or one of somebody else, or it returns. 'right' is what a valid
 * call returns, which the member checks; 'any' is a result of any kind, or an error of the package; a function asserts that
 * the result is right.
 */
export type Outcome = ErrorCode | Thrown | 'right' | 'any' | ((result: unknown, self: unknown) => void);

/** A hostile value. */
export interface Row {
  readonly what: string;
  /** Makes the value; `args` are the other arguments, of a valid call, and `self` is the receiver. */
  readonly make: (args: readonly unknown[], self: unknown) => unknown;
  readonly outcome: Outcome;
  /** How the message begins to speak of the culprit, where that is not the name of the parameter. */
  readonly names?: string;
  /** Says whether a call that returns may change the receiver, where that is not what the member says. */
  readonly changes?: boolean;
  /** Says that the receiver is of no use afterwards. */
  readonly closes?: boolean;
}

/** A parameter. */
export interface Parameter {
  /** What messages call it; '' where they need not name it. */
  readonly name: string;
  readonly rows: readonly Row[];
}

/** A parameter with that name. */
export function parameter(name: string, values: readonly Row[]): Parameter {
  return { name, rows: values };
}

/** A function, constructor or method, as a valid call uses it. */
export interface Member {
  /** `sumF32`, `Arena`, `Arena.lease`, `Arena#alloc`. */
  readonly name: string;
  readonly parameters: readonly Parameter[];
  /** Makes the arguments of a valid call. */
  readonly args: (self: unknown) => unknown[];
  /** Asserts that the result of a valid call is right, and leaves nothing of it open. */
  readonly check: (result: unknown, self: unknown, args: readonly unknown[]) => void;
  /** What a valid call does, if it is not 'right'. */
  readonly valid?: Outcome;
  /** Says that a call that returns may change the receiver. */
  readonly changes?: boolean;
  /** Says that the method only calls other public methods of whatever it is called on, and so may refuse none. */
  readonly delegates?: boolean;
}

/** Asserts that a call returns undefined. */
export function nothing(result: unknown): void {
  assert.equal(result, undefined);
}

/** What the methods of a class need. */
export interface Subject {
  /** A receiver. */
  readonly make: () => object;
  /** All of its state that a refused call must not change. */
  readonly state: (self: unknown) => unknown;
  /** Releases what the receiver has, whatever was done to it. */
  readonly end?: (self: unknown) => void;
  /** What its methods throw afterwards. */
  readonly closed?: ErrorCode;
}

const codes: readonly unknown[] = statusTable.flatMap((row) => row?.code ?? []);
const namingCodes: readonly unknown[] = ['ERR_INVALID_ARG_TYPE', 'ERR_OUT_OF_RANGE'];

function assertThrown(error: unknown, expected: Exclude<Outcome, 'right' | 'any'>, names: string): void {
  if (typeof expected === 'function') throw error;
  if (typeof expected === 'object') {
    const { throws } = expected;
    if (throws instanceof RegExp) assert.match((error as Error).message, throws);
    else if (throws instanceof Error) assert.equal(error, throws);
    else assert.equal((error as Error).constructor, throws, (error as Error).stack);
    return;
  }
  const { message } = assertCode(error, expected);
  if (names === '' || !namingCodes.includes(expected)) return;
  // After the sentence of the table, which has words that are names of parameters, too.
  const detail = message.replace(/^[^:]+: /, '');
  assert.ok(detail.startsWith(`${names} `), `"${message}" does not name ${names}`);
}

/** What is known of a call whose outcome is asserted. */
export interface Call {
  readonly self?: unknown;
  /** Asserts that a result is 'right'. */
  readonly check?: (result: unknown) => void;
  /** What the message of an error of the package must name. */
  readonly names?: string;
}

/** Calls, and asserts the outcome; true if the call has returned. */
export function assertOutcome(call: () => unknown, outcome: Outcome, { self, check, names = '' }: Call = {}): boolean {
  let result: unknown;
  try {
    result = call();
  } catch (error) {
    if (outcome === 'right') throw error;
    if (outcome === 'any') assert.ok(codes.includes((error as { code?: unknown }).code), (error as Error).stack);
    else assertThrown(error, outcome, names);
    return false;
  }
  if (outcome === 'right') check?.(result);
  else if (typeof outcome === 'function') outcome(result, self);
  else if (outcome !== 'any' && (outcome as Thrown).mayReturn !== true)
    assert.fail(`returned instead of ${JSON.stringify(outcome)}`);
  return true;
}
