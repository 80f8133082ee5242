// What is held: kept alive until its holds end, and reported when its owner has let go of it long before.
//
// One unreferenced timer, which runs while something is held: a hold is reported, once, when a third check in a row finds
// its owner gone, 20 to 30 seconds after it went.
import { holdOverdueChannel, labelled, report } from '../diagnostics';
import { counters } from './counters';
import { MemoryStat } from './tables';

const CHECK_INTERVAL_MS = 10_000;
const OVERDUE_CHECKS = 3;

/** Memory that somebody may hold. */
export interface Held {
  /** Names it in reports. */
  readonly label: string | undefined;
  /** Whether its owner has let go of it: only holds keep it. */
  readonly released: boolean;
}

/** What is held, with the number of checks that have found it released. */
const held = new Map<Held, number>();
let timer: NodeJS.Timeout | undefined;

/** Starts watching what has got its first hold. */
export function watchHolds(memory: Held): void {
  // The timer first: where the stack is exhausted, nothing is watched.
  timer ??= setInterval(check, CHECK_INTERVAL_MS);
  timer.unref();
  held.set(memory, 0);
}

/** Stops watching what has lost its last hold. */
export function unwatchHolds(memory: Held): void {
  held.delete(memory);
}

function check(this: NodeJS.Timeout): void {
  for (const [memory, checks] of held) {
    if (!memory.released) continue;
    held.set(memory, checks + 1);
    if (checks + 1 === OVERDUE_CHECKS) reportOverdue(memory.label);
  }
  // An exhausted stack may have started a timer that nobody knows, which would keep the process alive.
  if (held.size > 0 && this === timer) return;
  clearInterval(this);
  if (this === timer) timer = undefined;
}

function reportOverdue(label: string | undefined): void {
  counters[MemoryStat.overdueHolds]! += 1;
  report(
    holdOverdueChannel,
    'SIMD_ARENA_HOLD_OVERDUE',
    { label },
    `Memory${labelled(label)} is still held, long after its owner has let go of it`,
  );
}
