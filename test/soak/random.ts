// Choices that a seed repeats: every actor has a source of its own, so that what one of them does moves none of another's.
import { randomWords } from '../support/numbers';

/** A repeatable source of choices. */
export class Random {
  readonly #next: () => number;

  constructor(seed: number) {
    this.#next = randomWords(seed);
  }

  /** A whole number from 0 to 2^32 - 1. */
  word(): number {
    return this.#next();
  }

  /** From 0 to 1, without 1. */
  fraction(): number {
    return this.#next() / 2 ** 32;
  }

  /** A whole number from 0 to `limit` - 1. */
  below(limit: number): number {
    return Math.floor(this.fraction() * limit);
  }

  /** True once in `count` times. */
  oneIn(count: number): boolean {
    return this.below(count) === 0;
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!;
  }

  /** A log-normal whole number from 0 to `most`; the one in the middle is `median`, and one in six is 4.5 times that. */
  size(median: number, most: number): number {
    const normal = Math.sqrt(-2 * Math.log(1 - this.fraction())) * Math.cos(2 * Math.PI * this.fraction());
    return Math.round(Math.min(most, median * Math.exp(1.5 * normal)));
  }
}
