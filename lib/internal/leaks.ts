// Leak detection: which allocations are traced, and how a leak of one of those is reported.
//
// Tracing an allocation means taking its stack, as text. It takes microseconds, so 'sampled' traces a few. The stack
// is formatted at once: a stack that is not formatted yet keeps the functions and receivers of its frames alive, and so,
// often enough, what was allocated there, which then never gets found.
import { dirname } from 'node:path';

import { labelled, leakChannel, reportOnce, type LeakMessage } from '../diagnostics';
import type { LeakDetection } from '../types';

/** Allocations from one that 'sampled' traces to the next, on average: a stack then costs 0.6 ns for each of them. */
const MEAN_DISTANCE = 16_384;
/** The largest number that V8 counts down without allocating, whatever its build. */
const MAX_DISTANCE = 2 ** 30 - 1;

/** The first line of a stack is the name of what has it. */
const STACK_NAME = 'Allocated';
const PACKAGE_FOLDER = dirname(__dirname);
const UNKNOWN_STACK = 'Allocated where no stack could be taken';

// Captured before anybody can replace them.
const captureStackTrace = Error.captureStackTrace.bind(Error);
const { random } = Math;

/** Random for 'sampled', because a program that allocates in a fixed pattern would otherwise have some of it never traced. */
function distanceOf(level: LeakDetection): number {
  if (level === 'all') return 1;
  return level === 'off' ? MAX_DISTANCE : 1 + Math.floor(random() * (2 * MEAN_DISTANCE - 1));
}

function stackAbove(caller: CallableFunction | NewableFunction): string {
  const traced: { readonly name: string; readonly stack?: unknown } = { name: STACK_NAME };
  try {
    captureStackTrace(traced, caller);
    // JavaScriptCore gives the name of its own, and nothing else where `caller` ended with this call: it is off the stack.
    if (traced.stack === 'Error') captureStackTrace(traced);
    const { stack } = traced;
    if (typeof stack === 'string') return stack;
  } catch {
    // Error.prepareStackTrace is code of the user; and the stack may be exhausted.
  }
  return UNKNOWN_STACK;
}

/**
 * Chooses the allocations to trace. Callers count down themselves, because every nanosecond counts, and before the
 * allocation changes anything:
 *
 *     const stack = --sampler.countdown === 0 ? sampler.trace(caller) : undefined;
 */
export class LeakSampler {
  /** Allocations up to the next one for {@link trace}. */
  countdown: number;
  #level: LeakDetection;

  constructor(level: LeakDetection) {
    this.#level = level;
    this.countdown = distanceOf(level);
  }

  get level(): LeakDetection {
    return this.#level;
  }

  set level(level: LeakDetection) {
    this.#level = level;
    this.countdown = distanceOf(level);
  }

  /**
   * Counts anew, and returns the stack of this allocation, from the caller of `caller` on; undefined where nothing is
   * traced. `Error.prepareStackTrace` of the user may run. Does not throw.
   */
  trace(caller: CallableFunction | NewableFunction): string | undefined {
    this.countdown = distanceOf(this.#level);
    return this.#level === 'off' ? undefined : stackAbove(caller);
  }
}

/** What this thread's arenas, and pools whose options say nothing, are sampled by; `configure` sets its level. */
export const defaultSampler: LeakSampler = new LeakSampler('sampled');

/**
 * The place of an allocation: the first frame of its stack that is neither the package's nor Node.js's own, however many
 * callers lead there. The whole stack where there is none.
 */
function placeOf(stack: string): string {
  const frames = stack.split('\n').slice(1);
  return frames.find((frame) => !frame.includes(PACKAGE_FOLDER) && !frame.includes('node:')) ?? stack;
}

/** Reports what was dropped without being released: once for each label and place, if it was traced. */
export function reportLeak(leak: Omit<LeakMessage, 'stack'>, stack: string | undefined): void {
  if (stack === undefined) return;
  const { kind, label } = leak;
  const what =
    kind === 'arena'
      ? `An arena${labelled(label)} was dropped without being closed`
      : `A buffer${labelled(label)} was dropped without being put back`;
  reportOnce(leakChannel, 'SIMD_ARENA_LEAK', { ...leak, stack }, `${label ?? ''} ${placeOf(stack)}`, what);
}
