// Threads that start, use the package and end in the middle of native work, again and again: `npm run check:workers`.
//
//   npm run check:workers -- --seconds 300       default: 20
//
// Exits with 1 where one does not end as it should, or where anything of it stays behind: in the statistics of the process,
// or in its budget. Programs of their own are those in which only threads load the package, or load it first, and those that
// exit while threads work.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';

import { isAllBack } from '../support/is-all-back.mjs';

const WORKERS = 6;
const works = ['reductions', 'pieces', 'pools', 'scopes'];
/** How a thread ends, and with which code. */
const ends = { terminate: 1, exit: 7, throw: 1, return: 0 };

const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '20' }, program: { type: 'string' } },
});

/** @param {number} index - chooses what the thread does, how it ends, and when */
async function runWorker(index) {
  const work = works[index % works.length];
  const end = Object.keys(ends)[Math.floor(index / works.length) % Object.keys(ends).length];
  const worker = new Worker(new URL('worker.mjs', import.meta.url), { workerData: { work, end } });
  /** @type {Error[]} */
  const errors = [];
  worker.on('error', (error) => errors.push(error));
  const exited = new Promise((resolve) => worker.once('exit', resolve));
  // One in three of those that are terminated may not even have loaded the package; then Node.js may call that a success.
  const early = end === 'terminate' && index % 3 === 0;
  if (end === 'terminate') {
    if (!early) await once(worker, 'message');
    await delay((index * 7) % 40);
    await worker.terminate();
  }
  const code = await exited;
  const messages = errors.map(({ message }) => message);
  assert.deepEqual(messages, end === 'throw' ? ['thrown on purpose'] : [], `${work}, ${end}`);
  assert.ok(code === ends[end] || (early && code === 0), `${work}, ${end}: ${code}`);
}

/** Threads at the same time, which do all there is to do. */
async function runWorkers(first, count) {
  await Promise.all(Array.from({ length: count }, (_, index) => runWorker(first + index)));
}

/** Programs of their own, by name, and the code with which each exits. */
const programs = {
  async onlyThreads() {
    for (let first = 0; first < works.length * Object.keys(ends).length; first += WORKERS) {
      await runWorkers(first, WORKERS);
      globalThis.gc();
    }
    return 0;
  },
  async threadsFirst() {
    await runWorkers(0, works.length);
    const simdArena = await import('simd-arena');
    await runWorkers(works.length, WORKERS);
    assert.ok(await isAllBack(simdArena));
    return 0;
  },
  async exitAmidWork() {
    const workers = works.map(
      (work) => new Worker(new URL('worker.mjs', import.meta.url), { workerData: { work, end: 'terminate' } }),
    );
    await Promise.all(workers.map((worker) => once(worker, 'message')));
    await delay(20);
    process.exit(5);
  },
};

/** @param {keyof typeof programs} name */
async function runProgram(name) {
  const child = spawn(process.execPath, ['--expose-gc', fileURLToPath(import.meta.url), '--program', name], {
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: 120_000,
    killSignal: 'SIGKILL',
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text) => (stderr += text));
  const [code, signal] = await once(child, 'close');
  assert.deepEqual({ code, signal, stderr }, { code: name === 'exitAmidWork' ? 5 : 0, signal: null, stderr: '' }, name);
}

async function churn(seconds) {
  const simdArena = await import('simd-arena');
  const { arenas, capacity } = simdArena.arenaStats({ scope: 'process' });
  const deadline = performance.now() + seconds * 1000;
  let workers = 0;
  let runs = 0;
  do {
    // Prime to the number of combinations, so that each comes with each neighbour.
    await runWorkers(workers, WORKERS + 1);
    workers += WORKERS + 1;
    const after = simdArena.arenaStats({ scope: 'process' });
    assert.deepEqual({ arenas: after.arenas, capacity: after.capacity }, { arenas, capacity });
    assert.ok(await isAllBack(simdArena), 'memory is missing');
    if (workers % 3 === 0) {
      for (const name of Object.keys(programs)) await runProgram(name);
      runs += 1;
    }
  } while (performance.now() < deadline || runs === 0);
  console.log(`${workers} threads and ${runs * Object.keys(programs).length} programs ended as they should`);
}

if (values.program === undefined) await churn(Number(values.seconds));
else process.exitCode = await programs[values.program]();
