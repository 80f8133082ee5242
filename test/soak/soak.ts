// The whole package at work for as long as one likes, with faults, and memory that must stay flat: `npm run soak`.
//
//   npm run soak -- --minutes 30 --seed 1        these are the defaults
//
// Actors work at once: scopes, arenas, pools, reductions, a server with its clients, workers, and an exhausted machine.
// Every few seconds they stop and let go of everything; then all statistics must add up with what they did, and memory
// must be back where it was in the warm-up, the first quarter. Prints a line each time, and exits with 1 at the first thing
// that is wrong: a count, a result, a byte of a body, a mark of an owner, a warning.
import assert from 'node:assert/strict';
import { parseArgs } from 'node:util';

import { configure, runtimeInfo } from 'simd-arena';

import { assemble } from './cast';
import { Invariants } from './invariants';
import { printHeader, printLine, printSummary } from './report';
import { Scarcity } from './scarcity';
import { watchWarnings } from './warnings';
import { World } from './world';

const CHECK_INTERVAL_MS = 5000;

const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '30' }, seed: { type: 'string', default: '1' } },
});
const duration = Number(values.minutes) * 60_000;
const seed = Number(values.seed);
assert.ok(duration > 0 && Number.isSafeInteger(seed), '--minutes: a positive number; --seed: a whole number');

async function main(): Promise<void> {
  const { version, platform, arch } = process;
  console.log(`Node.js ${version}, ${platform} ${arch}, ${runtimeInfo().backend} arenas, --seed ${seed}`);
  printHeader();
  // What is dropped is counted; where it was made is no matter.
  configure({ leakDetection: 'off' });
  const world = new World(seed, new Scarcity());
  const { actors, accounts } = assemble(world);
  const invariants = new Invariants(world, accounts);

  const start = performance.now();
  for (let elapsed = 0; elapsed < duration;) {
    const end = start + Math.min(duration, elapsed + CHECK_INTERVAL_MS);
    await Promise.all(actors.map((actor) => actor.run(() => performance.now() >= end)));
    const memory = await invariants.check(elapsed >= duration / 4);
    elapsed = performance.now() - start;
    printLine(elapsed, world, accounts, memory);
  }
  printSummary(world);
  process.exitCode = 0;
}

// Until it has ended: a run that waits for what never comes ends where the event loop has nothing to do.
process.exitCode = 1;
process.on('exit', (code) => {
  if (code !== 0) console.error(`--seed ${seed} has failed, or has not ended`);
});

process.on('uncaughtException', (error) => {
  console.error(error);
  process.exit(1);
});
watchWarnings();
void main();
