// The memory budget of the process: how much of it is in use (nothing tells, so it is tried out), and another one for a while.
import { BufferPool, configure, runtimeInfo } from 'simd-arena';

/** The smallest chunk there is; all sizes are multiples of it. */
const CHUNK_BYTES = 65536;

/** Bytes of the budget that are in use: the smallest budget that has room for one more chunk tells. Then there is none. */
export function budgetInUse(): number {
  const pool = new BufferPool({ maxPoolBytes: 0 });
  const fits = (chunks: number): boolean => {
    configure({ budgetBytes: (chunks + 1) * CHUNK_BYTES });
    try {
      pool.put(pool.getOrAlloc(CHUNK_BYTES));
      return true;
    } catch {
      return false;
    }
  };
  try {
    let low = 0;
    let high = 1;
    while (!fits(high)) high *= 2;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (fits(middle)) high = middle;
      else low = middle + 1;
    }
    return low * CHUNK_BYTES;
  } finally {
    pool.close();
    configure({ budgetBytes: Infinity });
  }
}

/** Runs `run` with a budget of `bytes`, and restores the one before. */
export function withBudget(bytes: number, run: () => void): void {
  const before = runtimeInfo().budgetBytes;
  configure({ budgetBytes: bytes });
  try {
    run();
  } finally {
    configure({ budgetBytes: before });
  }
}
