// Counts garbage collections.
import { PerformanceObserver } from 'node:perf_hooks';
import { setImmediate as turn } from 'node:timers/promises';

/** Counts the collections of this process, and their time, until it is stopped. */
export class CollectionWatch {
  #count = 0;
  #milliseconds = 0;
  #observer = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) {
      this.#count++;
      this.#milliseconds += duration;
    }
  });

  constructor() {
    this.#observer.observe({ entryTypes: ['gc'] });
  }

  /** Counts anew. */
  reset() {
    this.#count = 0;
    this.#milliseconds = 0;
  }

  /**
   * Stops, once the last collections have been reported.
   *
   * @param {number} requests
   * @returns what 100,000 requests cost, in the form of samples
   */
  async stop(requests) {
    await turn();
    this.#observer.disconnect();
    return {
      collections: [(this.#count / requests) * 1e5],
      collecting: [(this.#milliseconds / requests) * 1e5],
    };
  }
}
