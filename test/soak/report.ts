// What a run prints: a line for every check, and a summary.
import { arenaStats } from 'simd-arena';

import type { Memory } from './invariants';
import type { AnyAccount } from './pool-account';
import { faults, operations } from './tally';
import type { World } from './world';

const WIDTH = 11;

const cell = (text: string | number): string => String(text).padStart(WIDTH);
const mib = (bytes: number): string => cell((bytes / 2 ** 20).toFixed(1));

/** Names the columns; sizes are in MiB. */
export function printHeader(): void {
  const names = ['seconds', ...operations, ...faults, 'RSS', 'heap', 'external', 'pooled', 'leaks', 'lost'];
  console.log(names.map(cell).join(''));
}

/** One check: events since the start, of all arenas and pools of the main thread. */
export function printLine(ms: number, { tally }: World, accounts: readonly AnyAccount[], memory: Memory): void {
  const { rss, heap, external, pooled } = memory;
  const stats = accounts.map(({ pool }) => pool.stats());
  const leaks = stats.reduce((sum, { leaks }) => sum + leaks, arenaStats().leaks);
  const lost = stats.reduce((sum, { lost }) => sum + lost, arenaStats().chunksLost);
  const cells = [
    cell((ms / 1000).toFixed(0)),
    ...[...operations, ...faults].map((event) => cell(tally.of(event))),
    ...[rss, heap, external, pooled].map(mib),
    cell(leaks),
    cell(lost),
  ];
  console.log(cells.join(''));
}

/** The end of a run in which nothing was wrong. */
export function printSummary({ tally }: World): void {
  console.log('All that was taken has come back, and all counts agree.');
  console.log(`${tally.total(operations)} operations, ${tally.total(faults)} faults, 0 wrong`);
}
