// Warnings of a thread: those that the faults explain are not printed, and every other one is an error.
import type { SimdArenaError } from 'simd-arena';

const expected: readonly (string | undefined)[] = ['SIMD_ARENA_CHUNK_LOST', 'SIMD_ARENA_STALE_WRITE'];

/** Watches the warnings of this thread. */
export function watchWarnings(): void {
  process.removeAllListeners('warning');
  process.on('warning', (warning: Error & Partial<SimdArenaError>) => {
    if (!expected.includes(warning.code)) throw warning;
  });
}
