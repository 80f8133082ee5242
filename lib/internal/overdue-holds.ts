// Finds arenas whose scope has ended long ago and whose release still waits for a hold.
//
// One unreferenced timer, which runs only while there are such arenas: a hold is reported, once, when a third check in a
// row finds it, 20 to 30 seconds after the end of the scope.
import { holdOverdueChannel, ofScope, report } from '../diagnostics';
import type { ArenaCore } from './arena-core';
import { counters } from './counters';
import { MemoryStat } from './tables';

const CHECK_INTERVAL_MS = 10_000;
const OVERDUE_CHECKS = 3;

/** Held arenas, with the number of checks that have found them. */
const held = new Map<ArenaCore, number>();
let timer: NodeJS.Timeout | undefined;

/** Starts watching an arena whose scope has ended. */
export function watchHolds(core: ArenaCore): void {
  held.set(core, 0);
  timer ??= setInterval(check, CHECK_INTERVAL_MS).unref();
}

/** Stops watching an arena, which is about to be released. */
export function unwatchHolds(core: ArenaCore): void {
  held.delete(core);
  if (held.size > 0) return;
  clearInterval(timer);
  timer = undefined;
}

function check(): void {
  for (const [core, checks] of held) {
    held.set(core, checks + 1);
    if (checks + 1 === OVERDUE_CHECKS) reportOverdue(core);
  }
}

function reportOverdue(core: ArenaCore): void {
  const { label } = core.lease;
  counters[MemoryStat.overdueHolds]! += 1;
  report(
    holdOverdueChannel,
    'SIMD_ARENA_HOLD_OVERDUE',
    { label },
    `The memory${ofScope(label)} is still held, long after the scope ended`,
  );
}
