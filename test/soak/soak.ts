// The whole package at work for as long as one likes, with faults, and memory that must stay flat: `npm run soak`.
//
//   npm run soak -- --minutes 30 --seed 1        these are the defaults
//
// Actors work at once: scopes, arenas, pools, reductions, a server with its clients, workers, and an exhausted machine.
// Every few seconds they stop and let go of everything; then all statistics must add up with what they did, and memory
// must be back where it was after the warm-up, the first tenth. Prints a line each time, and exits with 1 at the first
// thing that is wrong: a count, a result, a byte of a body, a mark of an owner, a warning.
import assert from 'node:assert/strict';
import { parseArgs } from 'node:util';

import { BufferPool, configure, PoolAllocator, runtimeInfo } from 'simd-arena';

import { AsyncScopes } from './async-scopes';
import { Clients } from './clients';
import { Exhaustion } from './exhaustion';
import { Invariants } from './invariants';
import { OwnedArenas } from './owned-arenas';
import { PoolAccount } from './pool-account';
import { Pools } from './pools';
import { Reductions } from './reductions';
import { printHeader, printLine, printSummary } from './report';
import { Scarcity } from './scarcity';
import { Scopes } from './scopes';
import { BodyServer } from './server';
import { watchWarnings } from './warnings';
import { Workers } from './workers';
import { World } from './world';

const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '30' }, seed: { type: 'string', default: '1' } },
});
const duration = Number(values.minutes) * 60_000;
const seed = Number(values.seed);
assert.ok(duration > 0 && Number.isSafeInteger(seed), '--minutes: a positive number; --seed: a whole number');

const CHECK_INTERVAL_MS = 5000;

async function main(): Promise<void> {
  // What is dropped is counted; where it was made is no matter.
  configure({ leakDetection: 'off' });
  const world = new World(seed, new Scarcity());
  const pools = [
    new Pools(world, 8, new BufferPool({ label: 'soak bytes' })),
    new Pools(world, 9, new BufferPool({ label: 'soak poison', staleViews: 'poison', maxIdleMs: 1000 }), 'poison'),
    new Pools(world, 10, new PoolAllocator({ label: 'soak elements', maxPoolBytes: 2 ** 24, maxBuffersPerBucket: 32 })),
  ];
  const reduced = new PoolAccount(world, new BufferPool({ label: 'soak reductions' }));
  const server = new BodyServer(world);
  const actors = [
    new Scopes(world),
    new AsyncScopes(world),
    new OwnedArenas(world),
    ...pools,
    new Reductions(world, reduced),
    new Clients(world, server),
    new Workers(world),
    new Exhaustion(world),
  ];
  const accounts = [...pools.map(({ account }) => account), reduced, server.account];
  const invariants = new Invariants(world, accounts);

  const { version, platform, arch } = process;
  console.log(`Node.js ${version}, ${platform} ${arch}, ${runtimeInfo().backend} arenas, --seed ${seed}`);
  printHeader();
  const start = performance.now();
  for (let elapsed = 0; elapsed < duration; elapsed = performance.now() - start) {
    const next = Math.min(start + duration, performance.now() + CHECK_INTERVAL_MS);
    await Promise.all(actors.map((actor) => actor.run(() => performance.now() >= next)));
    const pooled = accounts.reduce((sum, { pool }) => sum + pool.stats().pooledBytes, 0);
    const memory = await invariants.check(elapsed >= duration / 10);
    printLine((performance.now() - start) / 1000, world, accounts, pooled, memory);
  }
  printSummary(world);
}

process.on('uncaughtException', (error) => {
  console.error(error);
  console.error(`--seed ${seed} has failed`);
  process.exit(1);
});
watchWarnings();
void main();
