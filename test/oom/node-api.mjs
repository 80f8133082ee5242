// A program in which Node-API calls of the addon fail, one at a time. Started by check.mjs.
//
// Every call that a step makes fails, with and without an exception. Of those with which a thread loads and initializes the
// addon, one in seven does, and other ones with an exception than without; those of this thread's own loading do not.
//
// A step either returns what it always returns, or throws; then it has left nothing behind, and succeeds the next time.
import assert from 'node:assert/strict';

import * as simdArena from 'simd-arena';

import { nodeApi } from './faults.mjs';
import { outcomeOf } from './outcome.mjs';
import { steps } from './steps.mjs';
import { isAllBack } from '../support/is-all-back.mjs';

/** A thread that loads the package makes hundreds of equal calls; the number is prime to that of the calls for one function. */
const CALLS_OF_WORKER = 7;
/** The first call of a worker that fails with an exception: none of those that fail without. */
const FIRST_WITH_EXCEPTION = 3;

/** What a step throws: the code of an error, or the first line of one without, of node-addon-api or of a thread. */
const expectedError = new RegExp(
  `^(${[
    'ERR_INJECTED$',
    'ERR_((ARENA|POOL)_)?OUT_OF_MEMORY$',
    'Error: Error in native callback\\n',
    'Error: simd-arena cannot load its native addon for ',
  ].join('|')})`,
);

let failures = 0;
for (const [name, step] of Object.entries(steps)) {
  const run = () => outcomeOf(() => step(simdArena));
  const expected = await run();
  for (const throws of [false, true]) {
    const isWorker = name === 'worker';
    for (let first = isWorker && throws ? FIRST_WITH_EXCEPTION : 0; ; first += isWorker ? CALLS_OF_WORKER : 1) {
      const which = `${name}, call ${first}${throws ? ' with an exception' : ''}`;
      nodeApi.fail({ first, throws });
      const outcome = await run();
      nodeApi.stop();
      if (nodeApi.failed === 0) break;
      failures += 1;
      if (outcome !== expected) assert.match(outcome, expectedError, which);
      assert.equal(await run(), expected, `after ${which}`);
      assert.ok(await isAllBack(simdArena), `memory is missing after ${which}`);
    }
  }
}
assert.ok(failures > 300, `only ${failures} calls have failed`);
console.log(failures);
