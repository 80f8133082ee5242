// Millions of operations on one pool, as a server does them, with memory that must stay flat: `npm run soak`.
//
//   npm run soak -- --operations 300000       default: 10,000,000
//
// An operation is a request of a buffer, or its return. Sizes are log-normal from 100 bytes to 4 MiB; three buffers in
// four come back at once, but in bursts; the others live for up to 4,000 requests. Between them, scopes with labels use
// arenas. Of all buffers, 1 in 50 comes back by putAfter, 1 in 10,000 is forgotten, and 1 in 100,000 has its memory taken
// away. Each carries a mark at both ends, which must be there when it comes back.
//
// Prints a line every tenth of the run. Exits with 1 if the statistics do not add up, if a mark is gone, or if memory ever
// exceeds that of the warm-up, the first tenth, by more than MAX_GROWTH: resident memory less what V8 has reserved for its
// heap, whose young generation grows to its limit whatever a program does; and what is in use of that heap.
import assert from 'node:assert/strict';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { parseArgs } from 'node:util';

import { arenaStats, BufferPool, runtimeInfo, withArena } from 'simd-arena';

const { values } = parseArgs({ options: { operations: { type: 'string', default: '10000000' } } });
const requests = Number(values.operations) / 2;
assert.ok(requests >= 50_000 && Number.isSafeInteger(requests / 10), '--operations: multiples of 20, from 100000 on');
assert.ok(globalThis.gc, 'run with --expose-gc');

const MIB = 2 ** 20;
const MIN_BYTES = 100;
const MAX_BYTES = 4 * MIB;
const MAX_LIFETIME = 4000;
/** Requests between two turns of the event loop: those of one server request, as it were. */
const REQUESTS_PER_TURN = 50;
/** Noise of the collector, and far below what a leak would take. */
const MAX_GROWTH = 16 * MIB;

const pool = new BufferPool({ label: 'soak', leakDetection: 'off' });
/** What the run has done, for comparison with what the pool and the arenas say. */
const done = { requests: 0, bytes: 0, forgotten: 0, stolen: 0, scopes: 0, allocations: 0 };
/** Buffers that are out, by the request after which they come back, modulo the length. */
const due = Array.from({ length: MAX_LIFETIME }, () => []);

/** From 0 to 1, the same in every run. */
let state = 1;
function random() {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return state / 2 ** 32;
}

/** Log-normal, with a median of 4 KiB and a mean of 12. */
function randomSize() {
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return Math.round(Math.min(MAX_BYTES, Math.max(MIN_BYTES, 4096 * Math.exp(1.5 * normal))));
}

/** How many requests later a buffer comes back; a burst keeps all that it asked for. */
function randomLifetime(request) {
  const isBurst = request % 10_000 < 500;
  return !isBurst && random() < 0.75 ? 0 : Math.floor(MAX_LIFETIME * random() ** 4);
}

async function useBuffer(request) {
  const size = randomSize();
  const buffer = pool.getOrAlloc(size);
  assert.equal(buffer.length, size);
  const mark = request % 251;
  buffer[0] = mark;
  buffer[size - 1] = mark;
  done.requests++;
  done.bytes += size;

  due[(request + randomLifetime(request)) % MAX_LIFETIME].push({ buffer, mark });
  await returnAll(due[request % MAX_LIFETIME].splice(0));
}

async function returnAll(entries) {
  for (const { buffer, mark } of entries) {
    assert.ok(buffer[0] === mark && buffer.at(-1) === mark, 'somebody else has changed a buffer');
    const chance = random() * 100_000;
    if (chance < 10) {
      done.forgotten++;
      continue;
    }
    if (chance < 11) {
      await steal(buffer);
      done.stolen++;
    }
    if (chance < 2000) pool.putAfter(buffer, nextTurn());
    else pool.put(buffer);
  }
}

/** Takes the memory of a buffer away, as reading from a byte stream into it does. */
async function steal(buffer) {
  const source = new ReadableStream({
    type: 'bytes',
    pull: ({ byobRequest }) => {
      byobRequest.view[0] = 7;
      byobRequest.respond(1);
    },
  });
  await source.getReader({ mode: 'byob' }).read(buffer);
  assert.equal(buffer.length, 0);
}

/** A scope with one of eight labels, each of which needs another size. */
function useArena() {
  const label = Math.floor(random() * 8);
  withArena({ label: `soak ${label}` }, (arena) => {
    for (let count = 0; count <= label; count++) arena.alloc(Uint8Array, 500 << label)[0] = label;
  });
  done.scopes++;
  done.allocations += label + 1;
}

async function collect() {
  for (let turn = 0; turn < 4; turn++) {
    globalThis.gc();
    await nextTurn();
  }
}

/** Asserts that what the run has done is what the statistics say; `out` buffers have not come back yet. */
function checkStatistics(out) {
  const stats = pool.stats();
  const { allocations, bytesAllocated, inUse, deallocations, leaks, lost, hits, misses } = stats;
  const { requests, bytes, forgotten, stolen } = done;
  assert.deepEqual(
    { allocations, bytesAllocated, inUse, deallocations, leaks, lost, requests: hits + misses },
    {
      allocations: requests,
      bytesAllocated: bytes,
      inUse: out,
      deallocations: requests - out,
      leaks: forgotten,
      lost: stolen,
      requests,
    },
  );
  assert.ok(stats.pooledBytes <= 64 * MIB && stats.buckets.every(({ idle }) => idle <= 8), 'limits of the pool');
  const arenas = arenaStats();
  assert.equal(arenas.used, 0);
  assert.equal(arenas.openScopes, 0);
  assert.equal(arenas.resets, done.scopes);
  assert.equal(arenas.allocations, done.allocations);
}

const toMib = (bytes) => (bytes / MIB).toFixed(1).padStart(8);

/** Prints where the run is; returns what must stay flat, in bytes. */
async function report(seconds) {
  await collect();
  checkStatistics(due.reduce((sum, { length }) => sum + length, 0));
  const { rss, heapTotal, heapUsed, external, arrayBuffers } = process.memoryUsage();
  const { pooledBytes, bytesInUse, hitRate, leaks, lost } = pool.stats();
  const sizes = [rss, heapTotal, heapUsed, external, arrayBuffers, pooledBytes, bytesInUse].map(toMib).join(' ');
  const count = String(2 * done.requests).padStart(10);
  console.log(
    `${count} ${sizes} ${hitRate.toFixed(4)} ${String(leaks).padStart(6)} ${String(lost).padStart(5)} ${seconds.toFixed(0).padStart(5)}`,
  );
  return { 'resident memory beside the heap': rss - heapTotal, 'the heap in use': heapUsed };
}

async function run() {
  const { version, platform, arch } = process;
  console.log(`Node.js ${version}, ${platform} ${arch}, ${runtimeInfo().backend} arenas; sizes in MiB`);
  console.log('operations      RSS     heap     used external  buffers   pooled   in use  hits    leaks  lost     s');
  const start = performance.now();
  let warm;
  for (let request = 0; request < requests; request++) {
    await useBuffer(request);
    if (request % 10 === 0) useArena();
    if (request % REQUESTS_PER_TURN === 0) await nextTurn();
    if ((request + 1) % (requests / 10) !== 0) continue;
    const now = await report((performance.now() - start) / 1000);
    warm ??= now;
    for (const [name, bytes] of Object.entries(now)) {
      assert.ok(bytes - warm[name] <= MAX_GROWTH, `${name} has grown by ${bytes - warm[name]} bytes since the warm-up`);
    }
  }
  for (const entries of due) await returnAll(entries.splice(0));
  await collect();
  checkStatistics(0);
  console.log('All that was asked for has come back, and all counts agree.');
}

await run();
