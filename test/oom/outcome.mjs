// Says what came of a step while calls fail.
import { inspect } from 'node:util';

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
