// A worker: does what the main thread does for a while, posts memory that it has stolen, and ends as it was told.
import { parentPort, workerData } from 'node:worker_threads';

import { Arena, BufferPool, configure } from 'simd-arena';

import { AsyncScopes } from './async-scopes';
import { OwnedArenas } from './owned-arenas';
import { PoolAccount } from './pool-account';
import { Pools } from './pools';
import { Reductions } from './reductions';
import { ForeignScarcity } from './scarcity';
import { Scopes } from './scopes';
import { steal } from './theft';
import { watchWarnings } from './warnings';
import { THROWN, type Order } from './workers';
import { World } from './world';

const { seed, end, workFor } = workerData as Order;
const world = new World(seed, new ForeignScarcity());
const random = world.random(0);

/** Sends a buffer that was taken away from its arena or pool to the main thread. */
function post(view: ArrayBufferView | undefined): void {
  const stolen = view && steal(view, random);
  if (stolen) parentPort!.postMessage(stolen, [stolen.buffer as ArrayBuffer]);
}

function fail(): never {
  throw new Error(THROWN);
}

async function main(): Promise<void> {
  configure({ leakDetection: 'off' });
  const pool = new PoolAccount(world, new BufferPool({ label: 'soak worker' }));
  const actors = [
    new Scopes(world),
    new AsyncScopes(world),
    new OwnedArenas(world),
    new Pools(world, 8, new BufferPool({ label: 'soak worker buffers' })),
    new Reductions(world, pool),
  ];
  const last = performance.now() + workFor;
  const work = Promise.all(actors.map((actor) => actor.run(() => end === 'return' && performance.now() > last)));
  const arena = new Arena();
  post(world.allocate(() => arena.allocUnsafe(Uint8Array, 1 + random.below(100_000))));
  post(pool.take(() => pool.pool.getOrAlloc(1 + random.below(100_000))));
  // These two, and a parent that terminates, in the middle of everything.
  if (end === 'exit') setTimeout(() => process.exit(7), workFor);
  if (end === 'throw') setTimeout(fail, workFor);
  await work;
}

watchWarnings();
void main();
