// Waiting until somebody else is done with memory: until a stream closes, or a promise settles.
//
// Each function calls `done` once, or throws and never calls it: ERR_INVALID_ARG_TYPE, which names `what`, for anything that
// cannot be waited for, and whatever the methods and getters of the user throw.
import type { ClosableStream, Until } from '../types';
import { wrongType } from './validate';

function isStream(value: unknown): value is ClosableStream {
  return typeof (value as ClosableStream | null | undefined)?.once === 'function';
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as PromiseLike<unknown> | null | undefined)?.then === 'function';
}

/** Calls `done` when `stream` emits `'close'`: not on `'finish'`, which a client may prevent. At once if it is closed already. */
export function whenClosed(what: string, stream: ClosableStream, done: () => void): void {
  if (!isStream(stream)) throw wrongType(what, 'a stream', stream);
  if (stream.closed ?? stream.stream?.destroyed ?? false) {
    done();
    return;
  }
  // A boolean for the compiler too, which does not see that once() may call the listener.
  let closed = false as boolean;
  let listening = false;
  stream.once('close', () => {
    if (closed) return;
    closed = true;
    if (listening) done();
  });
  // Not reached where once() throws: its listener then does nothing, whenever it is called.
  listening = true;
  if (closed) done();
}

/** Calls `done` when `promise` settles, either way. */
export function whenSettled(what: string, promise: PromiseLike<unknown>, done: () => void): void {
  if (!isThenable(promise)) throw wrongType(what, 'a promise', promise);
  // Through a promise of our own, which neither a throwing nor a repeating then() of the user gets past.
  new Promise((resolve) => {
    resolve(promise);
  }).then(done, done);
}

/**
 * Calls `done` when `until` closes or settles. What is both a stream and a thenable counts as a stream: it may have its
 * result before it has closed, and until then it may use the memory.
 */
export function whenDone(what: string, until: Until, done: () => void): void {
  if (isStream(until)) whenClosed(what, until, done);
  else if (isThenable(until)) whenSettled(what, until, done);
  else throw wrongType(what, 'a stream or a promise', until);
}
