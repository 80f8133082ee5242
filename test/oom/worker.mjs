// A thread that uses an arena and a pool, says how much, and ends while it still has both.
import { parentPort } from 'node:worker_threads';

import { Arena, BufferPool, sumU8 } from 'simd-arena';

const view = new Arena().alloc(Uint8Array, 100_000).fill(1);
const buffer = new BufferPool().getOrAlloc(1000).fill(1);
parentPort?.postMessage(sumU8(view) + sumU8(buffer));
