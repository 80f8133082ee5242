// Has every allocation of native code fail, and Node-API calls: `npm run check:oom`, under tools/with-addon oom.
//
// Allocations: programs of their own, in which the first one fails, the second one … alone; every fifth and the nineteen
// after it; and some at random. No failure may do more than make a call throw the error that the documentation
// names; afterwards everything works, and all memory has come back. Node-API calls: see node-api.mjs.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const SEEDS = 20;
const codes = ['ERR_ARENA_OUT_OF_MEMORY', 'ERR_POOL_OUT_OF_MEMORY', 'ERR_OUT_OF_MEMORY'];
/** What a thread says that cannot even load the addon. */
const loadFailure = /^Error: simd-arena cannot load its native addon/;

/**
 * @param {string} name
 * @param {string} backend
 * @param {object} [faults]
 */
async function run(name, backend, faults = {}) {
  const program = fileURLToPath(new URL(name, import.meta.url));
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    ['--expose-gc', program, JSON.stringify(faults)],
    { env: { ...process.env, SIMD_ARENA_BACKEND: backend, NODE_NO_WARNINGS: '1' }, timeout: 120_000 },
  );
  assert.equal(stderr, '');
  return JSON.parse(stdout);
}

/**
 * Runs the program as `faultsOf` says of 0, 1, 2 …, until nothing fails; returns how often something did.
 *
 * @param {string} backend
 * @param {(index: number) => object | undefined} faultsOf - undefined: enough
 * @param {Set<string>} seen - the errors that came up
 */
async function failMemory(backend, faultsOf, seen) {
  const expected = (await run('program.mjs', backend, { first: 2 ** 31 })).outcomes;
  let next = 0;
  let failures = 0;
  let done = false;

  async function work() {
    while (!done) {
      const faults = faultsOf(next++);
      if (faults === undefined) return;
      const which = `${backend}: ${JSON.stringify(faults)}`;
      const { failed, outcomes, afterwards, allBack } = await run('program.mjs', backend, faults).catch((error) => {
        throw new Error(which, { cause: error });
      });
      if (failed === 0) done = true;
      else failures += 1;
      for (const [step, outcome] of Object.entries(outcomes)) {
        if (outcome === expected[step]) continue;
        if (step === 'worker' && loadFailure.test(outcome)) continue;
        assert.ok(codes.includes(outcome), `${which}, ${step}: ${outcome}`);
        seen.add(outcome);
      }
      assert.deepEqual(afterwards, expected, `afterwards, ${which}`);
      assert.ok(allBack, `memory is missing: ${which}`);
    }
  }
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  return failures;
}

const seen = new Set();
for (const backend of ['external', 'wasm']) {
  const alone = await failMemory(backend, (first) => ({ first }), seen);
  console.log(`${backend} memory: ${alone} allocations fail alone`);
  assert.ok(alone > 90);
}
const inARow = await failMemory('external', (index) => ({ first: 5 * index, count: 20 }), seen);
const atRandom = await failMemory(
  'external',
  (seed) => (seed < SEEDS ? { count: 2 ** 31, oneIn: 8, seed } : undefined),
  seen,
);
console.log(`${inARow} runs with twenty failures in a row, ${atRandom} with failures at random`);
assert.ok(inARow > 18);
assert.equal(atRandom, SEEDS);
assert.deepEqual([...seen].sort(), [...codes].sort());

const refused = await Promise.all(['external', 'wasm'].map((backend) => run('node-api.mjs', backend)));
console.log(`${refused.join(' and ')} Node-API calls fail, with external and with wasm memory`);
