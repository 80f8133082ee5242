// What it takes to get memory that outlives one scope, and to give it back: pools, and what is left to the collector.
import { createRequire } from 'node:module';
import { setImmediate as turn } from 'node:timers/promises';
import { MemPool } from '@thi.ng/malloc';
import { BufferPool, PoolAllocator } from 'simd-arena';
import typedArrayPool from 'typedarray-pool';

import { CollectionWatch } from '../lib/collections.mjs';

const KiB = 2 ** 10;
const MiB = 2 ** 20;
const REQUESTS = 100_000;
const SHORT_REQUESTS = 2000;
const REQUESTS_PER_TURN = 1000;
/** Room for everything that is out at once. */
const HEAP_BYTES = 16 * MiB;

/**
 * @typedef {Float32Array | Buffer} View
 *
 * @typedef {object} Source - of memory
 * @property {() => View} take
 * @property {(view: any) => void} give
 */

const giveToCollector = () => {};

/**
 * The peer that comes with hundreds of megabytes, and so is measured only where somebody has installed it: see bench/README.md.
 *
 * @returns {Record<string, (bytes: number) => Source>}
 */
function stdlibSource() {
  const require = createRequire(import.meta.url);
  try {
    require.resolve('@stdlib/array/pool');
  } catch {
    return {};
  }
  const pool = require('@stdlib/array/pool');
  return {
    '@stdlib/array/pool': (bytes) => ({ take: () => pool(bytes / 4, 'float32'), give: (view) => pool.free(view) }),
  };
}

/** @type {Record<string, (bytes: number) => Source>} */
const sources = {
  'PoolAllocator (revoke, the default)': (bytes) => {
    const pool = new PoolAllocator();
    return { take: () => pool.allocUnsafe(Float32Array, bytes / 4), give: (view) => pool.free(view) };
  },
  'PoolAllocator, allow': (bytes) => {
    const pool = new PoolAllocator({ staleViews: 'allow' });
    return { take: () => pool.allocUnsafe(Float32Array, bytes / 4), give: (view) => pool.free(view) };
  },
  'BufferPool (revoke, the default)': (bytes) => {
    const pool = new BufferPool();
    return { take: () => pool.getOrAlloc(bytes), give: (buffer) => pool.put(buffer) };
  },
  'BufferPool, allow': (bytes) => {
    const pool = new BufferPool({ staleViews: 'allow' });
    return { take: () => pool.getOrAlloc(bytes), give: (buffer) => pool.put(buffer) };
  },
  'typedarray-pool': (bytes) => ({
    take: () => typedArrayPool.mallocFloat32(bytes / 4),
    give: (view) => typedArrayPool.freeFloat32(view),
  }),
  '@thi.ng/malloc': (bytes) => {
    const heap = new MemPool({ size: HEAP_BYTES });
    return {
      take: () => /** @type {Float32Array} */ (heap.mallocAs('f32', bytes / 4)),
      give: (view) => heap.free(view),
    };
  },
  ...stdlibSource(),
  'a free list of Float32Arrays, by hand': (bytes) => {
    /** @type {Float32Array[]} */
    const free = [];
    return { take: () => free.pop() ?? new Float32Array(bytes / 4), give: (view) => free.push(view) };
  },
  'new Float32Array': (bytes) => ({ take: () => new Float32Array(bytes / 4), give: giveToCollector }),
  'Buffer.allocUnsafe': (bytes) => ({ take: () => Buffer.allocUnsafe(bytes), give: giveToCollector }),
  'Buffer.allocUnsafeSlow': (bytes) => ({ take: () => Buffer.allocUnsafeSlow(bytes), give: giveToCollector }),
};

const IN_TURN = 8;
/** What a request does, as source text. */
const patterns = {
  'one at a time': 'const view = take(); view[0] = i; give(view); return i;',
  [`${IN_TURN} out at a time`]: `const at = i & ${IN_TURN - 1}; give(held[at]); held[at] = take(); held[at][0] = i; return i;`,
};

/**
 * A function of source text of its own, so that V8 optimizes it for its source alone.
 *
 * @param {string} pattern
 * @param {string} name
 * @param {number} bytes
 * @returns {(i: number) => number}
 */
function makeRequest(pattern, name, bytes) {
  const { take, give } = sources[name](bytes);
  const held = Array.from({ length: IN_TURN }, take);
  if (!pattern.includes('held')) held.forEach(give);
  return new Function('take', 'give', 'held', `return (i) => { ${pattern} }; // ${name}`)(take, give, held);
}

/**
 * Makes its source when it is measured, and not in the processes of the others.
 *
 * @param {string} pattern
 * @param {string} name
 * @param {number} bytes
 * @returns {import('../lib/measure.mjs').Peer}
 */
function makePeer(pattern, name, bytes) {
  return {
    name,
    get op() {
      return makeRequest(pattern, name, bytes);
    },
  };
}

/**
 * @param {number} bytes
 * @param {import('../lib/measure.mjs').Effort} effort
 * @param {string} peer
 */
async function serveRequests(bytes, { isShort }, peer) {
  const serve = makeRequest(patterns[`${IN_TURN} out at a time`], peer, bytes);
  const requests = isShort ? SHORT_REQUESTS : REQUESTS;
  const watch = new CollectionWatch();
  let start = 0;
  for (let i = -requests / 10; i < requests; i++) {
    if (i % REQUESTS_PER_TURN === 0) await turn();
    if (i === 0) {
      watch.reset();
      start = performance.now();
    }
    serve(i);
  }
  const elapsed = performance.now() - start;
  const collected = await watch.stop(requests);
  return {
    [peer]: {
      nanoseconds: [(elapsed / requests) * 1e6],
      ...collected,
      rss: [process.resourceUsage().maxRSS / 1024],
    },
  };
}

/** @type {Record<string, number>} */
const sizes = { '1 KiB': KiB, '64 KiB': 64 * KiB, '1 MiB': MiB };

/**
 * @param {[string, number]} size
 * @returns {import('./index.mjs').Cell[]}
 */
function cellsOf([size, bytes]) {
  const slug = size.replace(' ', '');
  const timed = Object.entries(patterns).map(([title, pattern], index) => ({
    name: `pool-${slug}-${index === 0 ? 'one' : 'eight'}`,
    title: `${size}, ${title}`,
    isolated: true,
    isLong: bytes !== KiB,
    peers: () => Object.keys(sources).map((name) => makePeer(pattern, name, bytes)),
  }));
  return [
    ...timed,
    {
      name: `pool-${slug}-requests`,
      title: `${size}, ${IN_TURN} out at a time: ${REQUESTS.toLocaleString('en-US')} requests`,
      isolated: true,
      isLong: bytes !== KiB,
      peerNames: Object.keys(sources),
      run: (effort, peer) => serveRequests(bytes, effort, peer),
      columns: [
        { metric: 'nanoseconds', title: 'mean time', unit: 'ns', digits: 0, hasRatio: true },
        { metric: 'collections', title: 'GCs per 100 k', unit: '', digits: 0 },
        { metric: 'collecting', title: 'GC time per 100 k', unit: 'ms', digits: 1 },
        { metric: 'rss', title: 'highest RSS', unit: 'MiB', digits: 1 },
      ],
    },
  ];
}

export const suite = {
  title: 'Pools',
  notes: [
    'A request takes a buffer, writes one element, and gives a buffer back: the same one, or the one that was taken eight ' +
      'requests before. Each peer has a process of its own. The last table of each size counts all that 100,000 such requests ' +
      'cost, with a turn of the event loop after every thousand.',
    'The peers do not check what the pools check. typedarray-pool and the free list hand one buffer to two owners after a ' +
      'double free, take back what is not theirs, and keep what they have for ever; whoever kept a view reads and writes ' +
      "what the next owner has. @thi.ng/malloc has one fixed heap. With 'allow', the pools do not revoke either, but refuse " +
      'what comes back twice or from elsewhere, and keep their limits.',
  ],
  cells: Object.entries(sizes).flatMap(cellsOf),
};
