// The arenas that are held: kept alive until their holds end, and reported when their scope has ended long before.
//
// One unreferenced timer, which runs while there are such arenas: a hold is reported, once, when a third check in a row
// finds its scope ended, 20 to 30 seconds after the end.
import { holdOverdueChannel, ofScope, report } from '../diagnostics';
import type { ArenaCore } from './arena-core';
import { counters } from './counters';
import { ArenaState, MemoryStat } from './tables';

const CHECK_INTERVAL_MS = 10_000;
const OVERDUE_CHECKS = 3;

/** Held arenas, with the number of checks that have found their scope ended. */
const held = new Map<ArenaCore, number>();
let timer: NodeJS.Timeout | undefined;

/** Starts watching an arena, which has got its first hold. */
export function watchHolds(core: ArenaCore): void {
  held.set(core, 0);
  timer ??= setInterval(check, CHECK_INTERVAL_MS).unref();
}

/** Stops watching an arena, whose last hold has ended. */
export function unwatchHolds(core: ArenaCore): void {
  held.delete(core);
}

function check(): void {
  for (const [core, checks] of held) {
    if (core.state[ArenaState.open] !== 0) continue;
    held.set(core, checks + 1);
    if (checks + 1 === OVERDUE_CHECKS) reportOverdue(core);
  }
  if (held.size > 0) return;
  clearInterval(timer);
  timer = undefined;
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
