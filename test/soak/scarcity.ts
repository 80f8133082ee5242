// Times in which memory is scarce, so that any allocation may be refused.
//
// There is one way to make it scarce so far, a low budget; another one is a line in `shortages`.
import { configure, type ErrorCode, type SimdArenaError } from 'simd-arena';

import type { Random } from './random';

/** A way to make memory scarce in all threads. */
interface Shortage {
  readonly codes: readonly ErrorCode[];
  readonly begin: (random: Random) => void;
  readonly end: () => void;
}

const MIB = 2 ** 20;

const shortages: readonly Shortage[] = [
  {
    codes: ['ERR_MEMORY_BUDGET'],
    begin: (random) => configure({ budgetBytes: random.oneIn(2) ? 0 : random.below(16 * MIB) }),
    end: () => configure({ budgetBytes: Infinity }),
  },
];

/** Whether memory is scarce, as the thread that makes it so knows. */
export class Scarcity {
  #shortage: Shortage | undefined;

  begin(random: Random): void {
    this.#shortage = random.pick(shortages);
    this.#shortage.begin(random);
  }

  end(): void {
    this.#shortage?.end();
    this.#shortage = undefined;
  }

  /** What `allocate` returns; undefined if it was refused because memory is scarce. */
  attempt<V>(allocate: () => V): V | undefined {
    try {
      return allocate();
    } catch (error) {
      const { code } = error as Partial<SimdArenaError>;
      if (code === undefined || !this.expects(code)) throw error;
      return undefined;
    }
  }

  protected expects(code: ErrorCode): boolean {
    return this.#shortage?.codes.includes(code) ?? false;
  }
}

/** Scarcity in a thread that does not make it: it may begin and end at any time. */
export class ForeignScarcity extends Scarcity {
  protected override expects(code: ErrorCode): boolean {
    return shortages.some(({ codes }) => codes.includes(code));
  }
}
