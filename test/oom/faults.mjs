// Makes allocations and Node-API calls of the addon fail: for programs that run under `tools/with-addon oom`.
//
//   import { memory, nodeApi } from '../oom/faults.mjs';
//
//   memory.fail({ first: 3 });                            the fourth allocation from now on fails, and no other
//   memory.fail({ count: Infinity, oneIn: 100, seed });   one allocation in a hundred fails, at random
//   memory.stop();                                        nothing fails any more
//
// Allocations are those of native code, the mapping of pages included; V8 and Node-API keep their memory. They are counted
// together in all threads.
import { createRequire } from 'node:module';

/** FaultPlan of test/native/faults/fault_plan.h: the index of each word. */
const Word = { calls: 0, failed: 1, first: 2, end: 3, oneIn: 4, seed: 5, throws: 6 };
const WORDS = Object.keys(Word).length;
const MAX_WORD = 2 ** 32 - 1;

class Faults {
  #words;

  /** @param {Uint32Array} words */
  constructor(words) {
    this.#words = words;
  }

  /**
   * Has calls fail from now on.
   *
   * @param {object} [options]
   * @param {number} [options.first] - how many calls succeed before
   * @param {number} [options.count] - how many calls may fail then
   * @param {number} [options.oneIn] - how rarely they do
   * @param {number} [options.seed] - which of them
   * @param {boolean} [options.throws] - whether a Node-API call that fails leaves an exception pending
   */
  fail({ first = 0, count = 1, oneIn = 1, seed = 0, throws = false } = {}) {
    this.stop();
    const words = this.#words;
    words[Word.calls] = 0;
    words[Word.failed] = 0;
    words[Word.first] = first;
    words[Word.oneIn] = oneIn;
    words[Word.seed] = seed;
    words[Word.throws] = Number(throws);
    words[Word.end] = Math.min(first + count, MAX_WORD);
  }

  stop() {
    this.#words[Word.end] = 0;
  }

  /** Calls since {@link fail}, until {@link stop}. */
  get calls() {
    return this.#words[Word.calls];
  }

  /** How many of them have failed. */
  get failed() {
    return this.#words[Word.failed];
  }
}

/** @type {{ faults?: ArrayBuffer }} */
const addon = createRequire(import.meta.url)('../../build/Release/simd_arena.node');
if (addon.faults === undefined) throw new Error('run this under tools/with-addon oom');

export const memory = new Faults(new Uint32Array(addon.faults, 0, WORDS));
export const nodeApi = new Faults(new Uint32Array(addon.faults, WORDS * Uint32Array.BYTES_PER_ELEMENT, WORDS));
