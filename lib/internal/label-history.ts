// What the scopes of each label needed lately: the next one starts at that size, and its arena keeps as much.
//
// One history for each label of this thread, up to 1000; scopes of further labels learn nothing. A history counts needs,
// one for each release of memory: a scope that allocates nothing asks for no chunk, so it says nothing about its size.
//
// Invariant: of the last 64 needs, `#larger` are above `#wanted` and `#notSmaller` are not below it, so that a need
// costs a few comparisons, and a pass over all of them only where the percentile moves.
import { MIN_CHUNK_BYTES } from './chunk-size';
import { Granule } from './granule';
import { RETAIN_BYTES, RETAIN_BYTES_PER_THREAD } from './settings';

/** Needs that a history remembers. */
const WINDOW = 64;
/**
 * One need in so many may be larger than what is wanted: the 95th percentile, by nearest rank. Of fewer, from the second
 * on, one may be as well, so that no single scope decides.
 */
const ONE_LARGER_IN = 20;
const MAX_LABELS = 1000;

/** See the head of this file. */
export class LabelHistory {
  /** What recent scopes needed, at the 95th percentile or without the largest; undefined while there were none. */
  learnedBytes: number | undefined;
  /**
   * What their arenas keep: twice as much, so that neither the rounding of chunks nor needs that vary make an arena drop
   * its chunk. No arena keeps more than all idle ones of the thread may.
   */
  retainedBytes: number = RETAIN_BYTES;

  /** In granules; a ring once there are `WINDOW`. */
  readonly #needs: number[] = [];
  #next = 0;
  #wanted = 0;
  #larger = 0;
  #notSmaller = 0;

  /**
   * Adds what a scope needed, at least 1 granule, and forgets what the 64th before it did. True where idle arenas that
   * were within `retainedBytes` may not be any more.
   */
  add(granules: number): boolean {
    const needs = this.#needs;
    const wanted = this.#wanted;
    const forgotten = this.#next < needs.length ? needs[this.#next]! : -1;
    needs[this.#next] = granules;
    this.#next = (this.#next + 1) % WINDOW;
    this.#larger += Number(granules > wanted) - Number(forgotten > wanted);
    this.#notSmaller += Number(granules >= wanted) - Number(forgotten >= wanted);
    const allowed = needs.length === 1 ? 0 : Math.max(1, Math.floor(needs.length / ONE_LARGER_IN));
    if (this.#larger <= allowed && this.#notSmaller > allowed) return false;
    const { retainedBytes } = this;
    this.#select(allowed);
    return this.retainedBytes < retainedBytes;
  }

  /** Wants the largest need but `allowed`. */
  #select(allowed: number): void {
    const needs = this.#needs;
    const largest = new Array<number>(allowed + 1).fill(0);
    for (const need of needs) {
      let rank = allowed;
      if (need <= largest[rank]!) continue;
      for (; rank > 0 && largest[rank - 1]! < need; rank--) largest[rank] = largest[rank - 1]!;
      largest[rank] = need;
    }
    const wanted = largest[allowed]!;
    this.#wanted = wanted;
    this.learnedBytes = wanted * Granule.Bytes;
    this.retainedBytes = Math.min(Math.max(2 * this.learnedBytes, MIN_CHUNK_BYTES), RETAIN_BYTES_PER_THREAD);
    this.#larger = 0;
    this.#notSmaller = 0;
    for (const need of needs) {
      this.#larger += Number(need > wanted);
      this.#notSmaller += Number(need >= wanted);
    }
  }
}

const histories = new Map<string, LabelHistory>();

/** The history of a label; undefined for a label past the first 1000. */
export function historyOf(label: string): LabelHistory | undefined {
  const known = histories.get(label);
  if (known !== undefined || histories.size === MAX_LABELS) return known;
  const history = new LabelHistory();
  histories.set(label, history);
  return history;
}
