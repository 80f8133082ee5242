// The environment variables, read once when the package loads. A malformed value is an error, never ignored.
import { createError } from '../errors';
import type { StaleViews } from '../types';
import { Status } from './tables';

/** What the environment variables say; undefined where they say nothing. */
export interface Environment {
  /** `SIMD_ARENA_BACKEND`: where chunks come from. */
  readonly backend: 'external' | 'wasm' | undefined;
  /** `SIMD_ARENA_SIZE`: bytes of an arena's first chunk. */
  readonly arenaBytes: number | undefined;
  /** `SIMD_ARENA_BUDGET`: bytes that all arenas of the process may hold. */
  readonly budgetBytes: number | undefined;
  /** `SIMD_ARENA_STALE_VIEWS`: the default of `staleViews`. */
  readonly staleViews: StaleViews | undefined;
  /** `SIMD_ARENA_ISA`: the instruction set to use; the native addon checks it. */
  readonly isa: string | undefined;
}

type Variables = Readonly<Record<string, string | undefined>>;

const units: Readonly<Record<string, number>> = { '': 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30 };

function malformed(name: string, value: string, expected: string): Error {
  return createError(Status.InvalidEnvironment, `${name}=${JSON.stringify(value)}; expected ${expected}`);
}

function oneOf<Choice extends string>(
  variables: Variables,
  name: string,
  choices: readonly Choice[],
): Choice | undefined {
  const value = variables[name];
  if (value === undefined) return undefined;
  const choice = choices.find((candidate) => candidate === value);
  if (choice === undefined) throw malformed(name, value, choices.join(' | '));
  return choice;
}

function bytes(variables: Variables, name: string): number | undefined {
  const value = variables[name];
  if (value === undefined) return undefined;
  const [, digits, unit] = /^(\d+)([kmg]?)$/i.exec(value) ?? [];
  const count = Number(digits) * (units[unit?.toLowerCase() ?? ''] ?? NaN);
  if (!Number.isSafeInteger(count) || count === 0) {
    throw malformed(name, value, 'a positive whole number of bytes, which may end with k, m or g');
  }
  return count;
}

/** Reads and checks the variables. */
export function readEnvironment(variables: Variables): Environment {
  return {
    backend: oneOf(variables, 'SIMD_ARENA_BACKEND', ['external', 'wasm']),
    arenaBytes: bytes(variables, 'SIMD_ARENA_SIZE'),
    budgetBytes: bytes(variables, 'SIMD_ARENA_BUDGET'),
    staleViews: oneOf(variables, 'SIMD_ARENA_STALE_VIEWS', ['revoke', 'poison', 'allow']),
    isa: variables['SIMD_ARENA_ISA'],
  };
}
