// What the actors have done, for comparison with what the statistics of the package say.
import assert from 'node:assert/strict';

/** Counts of events, each with how many more there may have been: an exhausted stack does not tell how far it let things get. */
export class Ledger<Name extends string> {
  readonly #names: readonly Name[];
  #before: Readonly<Record<Name, number>>;
  #least: Record<Name, number>;
  #most: Record<Name, number>;

  /** `before`: what the statistics say at the start. */
  constructor(names: readonly Name[], before: Readonly<Record<Name, number>>) {
    this.#names = names;
    this.#before = before;
    this.#least = this.#zeros();
    this.#most = this.#zeros();
  }

  /** Something has happened. */
  add(name: Name, count = 1): void {
    this.#least[name] += count;
    this.#most[name] += count;
  }

  /** Something may have happened. */
  maybe(name: Name, count = 1): void {
    this.#most[name] += count;
  }

  /** Asserts that the statistics, since the last time, count what was added here; then counts anew. */
  check(whose: string, now: Readonly<Record<Name, number>>): void {
    for (const name of this.#names) {
      const counted = now[name] - this.#before[name];
      const least = this.#least[name];
      const most = this.#most[name];
      const expected = least === most ? `${least}` : `${least} to ${most}`;
      assert.ok(counted >= least && counted <= most, `${whose} count ${counted} ${name} instead of ${expected}`);
    }
    this.#before = now;
    this.#least = this.#zeros();
    this.#most = this.#zeros();
  }

  #zeros(): Record<Name, number> {
    return Object.fromEntries(this.#names.map((name) => [name, 0])) as Record<Name, number>;
  }
}

/** The events of `arenaStats` that the actors predict. */
export const arenaEvents = [
  'allocations',
  'resets',
  'limitHits',
  'escapes',
  'staleWrites',
  'overdueHolds',
  'chunksLost',
  'leaks',
] as const;
/** What happens to the arenas of a thread. */
export type ArenaLedger = Ledger<(typeof arenaEvents)[number]>;

/** The events of a pool that the actors predict. */
export const poolEvents = ['requests', 'allocations', 'bytesAllocated', 'leaks', 'lost'] as const;
/** What happens to one pool. */
export type PoolLedger = Ledger<(typeof poolEvents)[number]>;
