// Runs steps while calls fail, and says what came of each.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { inspect } from 'node:util';

/** The largest buffer that a pool keeps. */
export const BUDGET = 2 ** 27;

/**
 * What a step returned, or the code of what it threw, as text to compare: an error without a code is told by its stack.
 *
 * @param {() => unknown} step
 */
export async function outcomeOf(step) {
  try {
    return inspect(await step(), { depth: null, maxArrayLength: null, breakLength: Infinity });
  } catch (error) {
    return error.code ?? error.stack;
  }
}

/**
 * Whether the arenas and pools of the process have given back all that they had: one buffer can have all of the budget, and
 * nothing is open.
 *
 * @param {typeof import('simd-arena')} simdArena
 */
export async function isAllBack({ arenaStats, BufferPool, configure }) {
  configure({ budgetBytes: BUDGET });
  const pool = new BufferPool();
  try {
    for (let round = 0; round < 10; round++) {
      globalThis.gc?.();
      await nextTurn();
      try {
        pool.put(pool.getOrAlloc(BUDGET));
      } catch (error) {
        if (error.code !== 'ERR_MEMORY_BUDGET') throw error;
        continue;
      }
      const { used, openScopes, held } = arenaStats({ scope: 'process' });
      return used === 0 && openScopes === 0 && held === 0;
    }
    return false;
  } finally {
    pool.close();
    configure({ budgetBytes: Infinity });
  }
}
