// What a run prints: a line for every check, and a summary.
import { arenaStats, type BufferPool, type PoolAllocator } from 'simd-arena';

import type { Memory } from './invariants';
import type { PoolAccount } from './pool-account';
import { faults, operations } from './tally';
import type { World } from './world';

const WIDTH = 11;
const sizes = ['RSS', 'heap', 'external', 'pooled'] as const;

const cell = (text: string | number): string => String(text).padStart(WIDTH);
const mib = (bytes: number): string => cell((bytes / 2 ** 20).toFixed(1));

/** Names the columns; sizes are in MiB. */
export function printHeader(): void {
  console.log(['seconds', ...operations, ...faults, ...sizes, 'leaks', 'lost'].map(cell).join(''));
}

/** One check: events since the start. */
export function printLine(
  seconds: number,
  { tally }: World,
  accounts: readonly PoolAccount<BufferPool | PoolAllocator>[],
  pooled: number,
  { rss, heap, external }: Memory,
): void {
  const stats = accounts.map(({ pool }) => pool.stats());
  const leaks = stats.reduce((sum, { leaks }) => sum + leaks, arenaStats().leaks);
  const lost = stats.reduce((sum, { lost }) => sum + lost, arenaStats().chunksLost);
  const events = [...operations, ...faults].map((event) => cell(tally.of(event)));
  console.log(
    [cell(seconds.toFixed(0)), ...events, ...[rss, heap, external, pooled].map(mib), cell(leaks), cell(lost)].join(''),
  );
}

/** The end of a run in which nothing was wrong. */
export function printSummary({ tally }: World): void {
  console.log('All that was taken has come back, and all counts agree.');
  console.log(`${tally.total(operations)} operations, ${tally.total(faults)} faults, 0 wrong`);
}
