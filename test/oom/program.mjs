// A program in which allocations fail: all steps, from the initialization of the package on. Started by check.mjs.
//
//   node --expose-gc program.mjs '{"first": 3, "count": 1}'     which: options of faults.mjs
//
// Prints what came of the steps then, and of the same steps once there is memory again.
import { createRequire } from 'node:module';

import { memory } from './faults.mjs';
import { outcomeOf } from './outcome.mjs';
import { steps } from './steps.mjs';
import { isAllBack } from '../support/is-all-back.mjs';

const require = createRequire(import.meta.url);
const load = () => require('simd-arena');

/** @returns {Promise<Record<string, string>>} */
async function runAll() {
  /** @type {Record<string, string>} */
  const outcomes = {};
  outcomes.load = await outcomeOf(() => typeof load());
  for (const [name, step] of Object.entries(steps)) outcomes[name] = await outcomeOf(() => step(load()));
  return outcomes;
}

memory.fail(JSON.parse(process.argv[2] ?? '{}'));
const outcomes = await runAll();
memory.stop();
const { failed } = memory;
const afterwards = await runAll();
console.log(JSON.stringify({ failed, outcomes, afterwards, allBack: await isAllBack(load()) }));
