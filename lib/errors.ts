// Errors: built-in classes with a stable `code` and the facts as properties. This module makes all that the facade
// throws; the native addon throws the same codes, from the same table.
import { type ErrorCode, type Status, statusTable } from './internal/tables';

export type { ErrorCode };

/** What an error knows beyond its message; which of them are there depends on `code`. */
export interface ErrorFacts {
  /** Bytes that were asked for. */
  readonly requested?: number | undefined;
  /** Bytes that are allowed. */
  readonly limit?: number | undefined;
  /** Bytes in use when the error came up. */
  readonly used?: number | undefined;
  /** The label of the scope that the error is about. */
  readonly label?: string | undefined;
}

/** Every error of this package: a `TypeError`, `RangeError` or `Error` with a stable `code`. */
export interface SimdArenaError extends Error, ErrorFacts {
  readonly code: ErrorCode;
}

const constructors = { TypeError, RangeError, Error };

/** The error of `status`; `detail` follows the message of the table. */
export function createError(status: Status, detail?: string, facts?: ErrorFacts): SimdArenaError {
  const row = statusTable[status];
  const message = detail === undefined ? row.message : `${row.message}: ${detail}`;
  const known = Object.entries(facts ?? {}).filter(([, value]) => value !== undefined);
  return Object.assign(new constructors[row.kind](message), { code: row.code }, Object.fromEntries(known));
}
