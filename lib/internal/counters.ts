// The thread's event counters: one number for each row of the statistics table, written here and read by native code
// of any thread. A SharedArrayBuffer, which nobody can detach.
import { memoryStatNames } from './tables';

/** Indexed by `MemoryStat`. Those that native code gathers from the arenas stay 0 here. */
export const counters: Float64Array = new Float64Array(
  new SharedArrayBuffer(memoryStatNames.length * Float64Array.BYTES_PER_ELEMENT),
);
