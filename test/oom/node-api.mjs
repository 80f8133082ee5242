// A program in which Node-API calls of the addon fail, one at a time. Started by check.mjs.
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

let failures = 0;
for (const [name, step] of Object.entries(steps)) {
  const run = () => outcomeOf(() => step(simdArena));
  const expected = await run();
  for (const throws of [false, true]) {
    for (let first = 0; ; first += name === 'worker' ? CALLS_OF_WORKER : 1) {
      const which = `${name}, call ${first}${throws ? ' with an exception' : ''}`;
      nodeApi.fail({ first, throws });
      const outcome = await run();
      nodeApi.stop();
      if (nodeApi.failed === 0) break;
      failures += 1;
      if (outcome !== expected) assert.match(outcome, /^(ERR_\w+|Error: .*|TypeError: .*)(\n|$)/, which);
      assert.equal(await run(), expected, `after ${which}`);
      assert.ok(await isAllBack(simdArena), `memory is missing after ${which}`);
    }
  }
}
assert.ok(failures > 300, `only ${failures} calls have failed`);
console.log(failures);
