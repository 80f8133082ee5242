// Has numpy time itself, in a process of its own, with one thread.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import { findNumpy } from '../../tools/find-numpy.mjs';

const program = fileURLToPath(new URL('time_numpy.py', import.meta.url));

/**
 * @param {string} expression - of np, and the arrays a and b
 * @param {string} dtype
 * @param {string} fill - see data.mjs
 * @param {number} length
 * @param {import('./measure.mjs').Effort} effort
 * @returns {number[] | undefined} nanoseconds of a call; undefined where there is no numpy
 */
export function timeNumpy(expression, dtype, fill, length, { seconds, samples, rounds }) {
  const found = findNumpy();
  if (found === undefined) return undefined;
  const args = [program, expression, dtype, fill, length, seconds, samples * rounds].map(String);
  const { status, stdout, stderr } = spawnSync(found.python, args, {
    encoding: 'utf8',
    env: { ...process.env, OPENBLAS_NUM_THREADS: '1' },
  });
  if (status !== 0) throw new Error(stderr);
  return stdout.trim().split(' ').map(Number);
}
