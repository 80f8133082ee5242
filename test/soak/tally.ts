// How much of everything was done, for the report of a run.

/** What counts as an operation. */
export const operations = ['scopes', 'arenas', 'buffers', 'reductions', 'responses', 'workers'] as const;
/** What counts as a fault. */
export const faults = [
  'thefts',
  'throws',
  'escapes',
  'limits',
  'scarce',
  'misuses',
  'dropped',
  'stale',
  'stacks',
  'aborts',
  'ends',
] as const;

type Event = (typeof operations)[number] | (typeof faults)[number];

/** See the head of this file. */
export class Tally {
  readonly #counts = new Map<Event, number>();

  add(event: Event, count = 1): void {
    this.#counts.set(event, this.of(event) + count);
  }

  of(event: Event): number {
    return this.#counts.get(event) ?? 0;
  }

  total(events: readonly Event[]): number {
    return events.reduce((sum, event) => sum + this.of(event), 0);
  }
}
