// Looks whether all memory of the process has come back, with nothing but what the package exports.
import { setImmediate as nextTurn } from 'node:timers/promises';

/** The largest buffer that a pool keeps. */
const BUDGET = 2 ** 27;

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
