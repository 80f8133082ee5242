// What requests cost in the long run: garbage collection, turns of the event loop, memory; and what loading the package
// takes.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { setImmediate as turn } from 'node:timers/promises';
import { withArena } from 'simd-arena';

import { CollectionWatch } from '../lib/collections.mjs';

const MiB = 2 ** 20;
const REQUESTS = 100_000;
const SHORT_REQUESTS = 2000;
const LENGTHS = [16384, 1024, 64];

/**
 * A request writes all of its arrays and reads a little.
 *
 * @param {(n: number) => Float32Array} allocate
 * @param {number} i
 */
function handle(allocate, i) {
  let sum = 0;
  for (const n of LENGTHS) sum += allocate(n).fill(i)[n - 1];
  return sum;
}

/** @param {number} i */
const withNew = async (i) => handle((n) => new Float32Array(n), i);
/** @param {number} i */
const withSlowBuffers = async (i) => handle((n) => new Float32Array(Buffer.allocUnsafeSlow(4 * n).buffer), i);
/** @param {'revoke' | 'allow'} staleViews */
const withScope = (staleViews) => (/** @type {number} */ i) =>
  withArena({ staleViews }, async (arena) => handle((n) => arena.allocUnsafe(Float32Array, n), i));

/** @type {Record<string, (i: number) => Promise<number>>} */
const handlers = {
  'withArena (revoke, the default)': withScope('revoke'),
  'withArena, allow': withScope('allow'),
  'new Float32Array': withNew,
  'new Float32Array on Buffer.allocUnsafeSlow': withSlowBuffers,
};

/**
 * @param {import('../lib/measure.mjs').Effort} effort
 * @param {string} peer
 */
async function serveRequests({ isShort }, peer) {
  const serve = handlers[peer];
  const requests = isShort ? SHORT_REQUESTS : REQUESTS;
  const watch = new CollectionWatch();
  let rssBefore = 0;
  let start = 0;
  for (let i = -requests / 10; i < requests; i++) {
    if (i === 0) {
      watch.reset();
      rssBefore = process.memoryUsage.rss();
      start = performance.now();
    }
    await serve(i);
    await turn();
  }
  const elapsed = performance.now() - start;
  const rssAfter = process.memoryUsage.rss();
  const collected = await watch.stop(requests);
  return {
    [peer]: {
      microseconds: [(elapsed / requests) * 1e3],
      ...collected,
      rss: [process.resourceUsage().maxRSS / 1024],
      growth: [(rssAfter - rssBefore) / MiB],
    },
  };
}

/** @type {Record<string, string>} */
const scripts = {
  "with require('simd-arena')": "require('simd-arena');",
  'plain node': '',
};

/**
 * @param {import('../lib/measure.mjs').Effort} effort
 * @param {string} peer
 */
async function startProcess(effort, peer) {
  const report = 'console.log(performance.now() - start, process.memoryUsage.rss());';
  const script = `const start = performance.now(); ${scripts[peer]} ${report}`;
  const cwd = fileURLToPath(new URL('../..', import.meta.url));
  const milliseconds = [];
  const rss = [];
  for (let i = 0; i < (effort.isShort ? 1 : 5); i++) {
    const { stdout } = spawnSync(process.execPath, ['-e', script], { cwd, encoding: 'utf8' });
    const [time, bytes] = stdout.split(' ').map(Number);
    milliseconds.push(time);
    rss.push(bytes / MiB);
  }
  return { [peer]: { milliseconds, rss } };
}

export const suite = {
  title: 'Memory',
  notes: [
    'A request is an async function with three arrays of 16384, 1024 and 64 floats, which it fills, and one turn of the event ' +
      'loop. Each peer has a process of its own. Growth is the resident memory at the end minus that after the first tenth.',
  ],
  cells: [
    {
      name: 'requests',
      title: `${REQUESTS.toLocaleString('en-US')} requests`,
      isolated: true,
      peerNames: Object.keys(handlers),
      run: serveRequests,
      columns: [
        { metric: 'microseconds', title: 'mean time', unit: 'µs', digits: 2, hasRatio: true },
        { metric: 'collections', title: 'GCs per 100 k', unit: '', digits: 0 },
        { metric: 'collecting', title: 'GC time per 100 k', unit: 'ms', digits: 1 },
        { metric: 'rss', title: 'highest RSS', unit: 'MiB', digits: 1 },
        { metric: 'growth', title: 'growth', unit: 'MiB', digits: 1 },
      ],
    },
    {
      name: 'loading',
      title: 'Loading the package',
      isolated: true,
      peerNames: Object.keys(scripts),
      run: startProcess,
      columns: [
        { metric: 'milliseconds', title: 'load time', unit: 'ms', digits: 1 },
        { metric: 'rss', title: 'RSS', unit: 'MiB', digits: 1, hasRatio: true },
      ],
    },
  ],
};
