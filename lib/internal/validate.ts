// Checks of arguments that several modules share.
import { types } from 'node:util';

import { createError } from '../errors';
import type { LeakDetection, StaleViews } from '../types';
import { Status } from './tables';

/** The longest string that an error shows as a whole: what a client has sent may be a body of megabytes. */
const MAX_QUOTED = 50;

/** A string in quotes; of a long one, its start. */
export function quote(text: string): string {
  return JSON.stringify(text.length > MAX_QUOTED ? `${text.slice(0, MAX_QUOTED)}…` : text);
}

function describe(value: unknown): string {
  if (typeof value === 'string') return `the string ${quote(value)}`;
  if (typeof value === 'number' || typeof value === 'boolean' || value === undefined) return String(value);
  if (value === null) return 'null';
  if (typeof value === 'bigint') return `the bigint ${value}n`;
  if (!types.isProxy(value) && Array.isArray(value)) return 'an array';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

/** `what` must be `expected`, but is `value`. */
export function wrongType(what: string, expected: string, value: unknown): Error {
  return createError(Status.InvalidArgType, `${what} must be ${expected}, not ${describe(value)}`);
}

/** A safe integer from `min` to `max`; an error that names `what` for anything else. */
export function checkInteger(what: string, value: unknown, max: number = Number.MAX_SAFE_INTEGER, min = 0): number {
  if (typeof value !== 'number') throw wrongType(what, 'a number', value);
  if (!Number.isSafeInteger(value) || value < min || value > max) {
    throw createError(Status.OutOfRange, `${what} must be an integer from ${min} to ${max}, not ${value}`);
  }
  return value;
}

function checkChoice<Choice extends string>(what: string, value: unknown, choices: readonly Choice[]): Choice {
  if (typeof value !== 'string') throw wrongType(what, 'a string', value);
  const choice = choices.find((candidate) => candidate === value);
  if (choice === undefined) {
    throw createError(Status.OutOfRange, `${what} must be ${choices.join(' | ')}, not ${describe(value)}`);
  }
  return choice;
}

/** A level of `staleViews`; an error that names `what` for anything else. */
export function checkStaleViews(what: string, value: unknown): StaleViews {
  return checkChoice(what, value, ['revoke', 'poison', 'allow']);
}

/** A level of `leakDetection`; an error that names `what` for anything else. */
export function checkLeakDetection(what: string, value: unknown): LeakDetection {
  return checkChoice(what, value, ['off', 'sampled', 'all']);
}

/** An object; an error that names `what` for anything else. */
export function checkObject(what: string, value: unknown): object {
  if (typeof value !== 'object' || value === null) throw wrongType(what, 'an object', value);
  return value;
}
