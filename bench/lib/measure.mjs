// Times peers against each other with Benchmark.js: small portions of each in turn, so that a slow phase of the machine
// hits them all, and a sample of every portion, so that medians can be taken.
import Benchmark from 'benchmark';

/**
 * @typedef {object} Peer
 * @property {string} name
 * @property {(input: any) => unknown} op - what it returns is kept, so that nothing is optimized away
 * @property {readonly unknown[]} [inputs] - what `op` is called with, in turn: a power of two of them; default: 0, 1, 2, …
 * @property {'number' | 'object' | 'promise'} [returns] - what `op` returns; default: a number or boolean
 * @property {() => void} [before] - called once
 * @property {() => void} [after] - called after each batch
 * @property {number} [batch] - most calls of `op` in a batch
 *
 * @typedef {object} Effort
 * @property {number} warmUpSeconds - of each peer
 * @property {number} rounds - portions of each peer
 * @property {number} seconds - of one sample
 * @property {number} samples - of one portion
 * @property {boolean} isShort - only shows that everything runs
 */

/** Batches take about this long, so that the benchmark's own loop does not show. */
const BATCH_NANOSECONDS = 50_000;
const MAX_BATCH = 2 ** 16;

/** What a loop does with one result. */
const uses = {
  number: 'sum += +result;',
  object: 'keep.last = result;',
  promise: 'sum += +(await result);',
};

const keep = { last: /** @type {unknown} */ (undefined) };

/**
 * A loop of source text of its own, so that V8 optimizes it for its peer alone.
 *
 * @param {Peer} peer
 * @returns {(count: number) => void | Promise<void>}
 */
function makeLoop({ op, inputs, after, returns = 'number' }) {
  const source = `return ${returns === 'promise' ? 'async ' : ''}function loop(count) {
    let sum = 0;
    for (let i = 0; i < count; i++) {
      const result = op(${inputs ? `inputs[i & ${inputs.length - 1}]` : 'i'});
      ${uses[returns]}
    }
    if (sum !== 0) keep.last = sum;
    ${after ? 'after();' : ''}
  };`;
  return new Function('op', 'inputs', 'after', 'keep', source)(op, inputs, after, keep);
}

/**
 * What runs now. Called through a field that changes, a loop is compiled by itself, and not as a part of the functions
 * that Benchmark.js makes anew for each portion.
 */
const current = {
  /** @type {(count: number) => void | Promise<void>} */
  loop: () => {},
  batch: 1,
};
const runCurrent = () => current.loop(current.batch);
for (const op of [() => 1, () => 2, () => 3]) {
  current.loop = makeLoop({ name: '', op });
  runCurrent();
}

/** @param {bigint} start */
const nanosecondsSince = (start) => Number(process.hrtime.bigint() - start);

/**
 * Compiles the loop, and finds how many calls take long enough.
 *
 * @param {(count: number) => void | Promise<void>} loop
 * @param {number} maxBatch
 * @param {number} seconds
 */
async function warmUp(loop, maxBatch, seconds) {
  const end = process.hrtime.bigint() + BigInt(Math.round(seconds * 1e9));
  Object.assign(current, { loop, batch: 1 });
  do {
    const start = process.hrtime.bigint();
    await runCurrent();
    if (nanosecondsSince(start) < BATCH_NANOSECONDS / 2) current.batch = Math.min(2 * current.batch, maxBatch);
  } while (process.hrtime.bigint() < end);
  return current.batch;
}

/**
 * One portion: nanoseconds of one call, several times.
 *
 * @param {(count: number) => void | Promise<void>} loop
 * @param {number} batch
 * @param {Effort} effort
 * @param {boolean} isAsync
 * @returns {Promise<number[]>}
 */
function measurePortion(loop, batch, { seconds, samples }, isAsync) {
  Object.assign(current, { loop, batch });
  return new Promise((resolve, reject) => {
    /** @param {Benchmark.Deferred} deferred */
    const runAsync = (deferred) => {
      Promise.resolve(runCurrent()).then(() => deferred.resolve(), reject);
    };
    const benchmark = new Benchmark({
      fn: isAsync ? runAsync : runCurrent,
      defer: isAsync,
      minTime: seconds,
      maxTime: seconds * samples,
      minSamples: samples,
      onError: () => reject(benchmark.error),
      onComplete: () => resolve(benchmark.stats.sample.map((time) => (time / batch) * 1e9)),
    });
    benchmark.run();
  });
}

/**
 * Samples of every peer: nanoseconds of one call, the garbage collector included.
 *
 * @param {readonly Peer[]} peers
 * @param {Effort} effort
 * @returns {Promise<Record<string, number[]>>}
 */
export async function measure(peers, effort) {
  /** @type {{ loop: (count: number) => void | Promise<void>, batch: number, isAsync: boolean, samples: number[] }[]} */
  const prepared = [];
  for (const peer of peers) {
    peer.before?.();
    const loop = makeLoop(peer);
    const batch = await warmUp(loop, peer.batch ?? MAX_BATCH, effort.warmUpSeconds);
    prepared.push({ loop, batch, isAsync: peer.returns === 'promise', samples: [] });
  }
  for (let round = 0; round < effort.rounds; round++) {
    for (const { loop, batch, isAsync, samples } of prepared) {
      samples.push(...(await measurePortion(loop, batch, effort, isAsync)));
    }
  }
  return Object.fromEntries(peers.map(({ name }, index) => [name, prepared[index].samples]));
}
