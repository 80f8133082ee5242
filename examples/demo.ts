// `npm run demo`: a server, and a client in another process that sends it some thousand frames of mixed sizes at once.
// Every result is checked; then the same server runs with plain JavaScript in place of arenas, and both are compared.
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { performance, PerformanceObserver } from 'node:perf_hooks';

import { arenaStats, runtimeInfo } from 'simd-arena';

import type { ClientReport, ClientTask } from './client';
import { createFrameServer, responses, summarizeInArena, type Body, type FrameHandler } from './server';

const REQUESTS_PER_PHASE = 480;
const MAX_ROUNDS = 4;
/** On a slow machine fewer rounds do. */
const ROUNDS_SECONDS = 25;
const OTHER_REQUESTS = 160;
const WARM_UP_REQUESTS = 240;
const DEADLINE_SECONDS = 55;

const elements = { f32: Float32Array, i32: Int32Array, u8: Uint8Array } as const;

/** What summarizeInArena does, without the package. */
const summarizePlainly: FrameHandler = async (body, { type, skip }) => {
  const chunks: Buffer[] = [];
  for await (const chunk of body.chunks) chunks.push(chunk);
  const frame = Buffer.concat(chunks).subarray(skip);
  // A typed array cannot begin at an odd offset: its numbers are copied to an even one.
  const bytes = frame.buffer.slice(frame.byteOffset, frame.byteOffset + frame.length);
  const numbers = new elements[type](bytes);
  const count = numbers.length;
  let sum = 0;
  let any = false;
  let all = true;
  for (let i = 0; i < count; i++) {
    const x = numbers[i]!;
    sum += x;
    if (x === 0) all = false;
    else any = true;
  }
  return { count, sum, mean: count === 0 ? null : sum / count, any, all };
};

/** One request. */
interface Sample {
  readonly bytes: number;
  readonly milliseconds: number;
}

/** What one kind of handler has taken so far. */
class Measurements {
  samples: Sample[] = [];
  bytes = 0;
  seconds = 0;
  cpuSeconds = 0;
  collections = 0;
  collectionMilliseconds = 0;

  /** Of the time of requests of some sizes. */
  percentile(p: number, minBytes = 0, maxBytes = Infinity): number {
    const times = this.samples
      .filter(({ bytes }) => bytes >= minBytes && bytes < maxBytes)
      .map(({ milliseconds }) => milliseconds)
      .sort((a, b) => a - b);
    return times[Math.floor(p * (times.length - 1))] ?? NaN;
  }

  mean(): number {
    return this.samples.reduce((sum, { milliseconds }) => sum + milliseconds, 0) / this.samples.length;
  }
}

/** The time that a handler itself takes: allocation, copies and reduction, and not the waiting for the network. */
function timed(summarize: FrameHandler, measurements: Measurements): FrameHandler {
  return async (body, format) => {
    let bytes = 0;
    let milliseconds = 0;
    let start = performance.now();
    const watch = async function* (chunks: Body['chunks']): Body['chunks'] {
      milliseconds += performance.now() - start;
      for await (const chunk of chunks) {
        bytes += chunk.length;
        start = performance.now();
        yield chunk;
        milliseconds += performance.now() - start;
      }
      start = performance.now();
    };
    const result = await summarize({ length: body.length, chunks: watch(body.chunks) }, format);
    milliseconds += performance.now() - start;
    measurements.samples.push({ bytes, milliseconds });
    return result;
  };
}

const line = (text = ''): void => {
  console.log(text);
};
const integer = (x: number): string => Math.round(x).toLocaleString('en-US');
const fixed = (digits: number, unit: string) => (x: number) => `${x.toFixed(digits)} ${unit}`;

async function ask(client: ChildProcess, task: ClientTask): Promise<ClientReport> {
  client.send(task);
  const [report] = (await once(client, 'message')) as [ClientReport];
  return report;
}

function printComparison(arena: Measurements, plain: Measurements): void {
  const row = (name: string, value: (of: Measurements) => number, show: (x: number) => string, more = false): void => {
    const a = value(arena);
    const p = value(plain);
    const ratio = p / a;
    const times = Number.isFinite(ratio) ? `${ratio.toFixed(2)}x` : '';
    // What is lost within the noise is no loss.
    const loses = more ? ratio > 1.05 : ratio < 0.95;
    const verdict = loses ? '  arenas lose' : '';
    line(`  ${name.padEnd(28)}${show(a).padStart(14)}${show(p).padStart(14)}${times.padStart(16)}${verdict}`);
  };
  const milliseconds = fixed(3, 'ms');
  line(`${'On the server'.padEnd(30)}${'arenas'.padStart(14)}${'plain'.padStart(14)}${'plain / arenas'.padStart(16)}`);
  row('time in handler, median', (of) => of.percentile(0.5), milliseconds);
  row('  below 16 KiB', (of) => of.percentile(0.5, 0, 2 ** 14), milliseconds);
  row('  16 KiB to 256 KiB', (of) => of.percentile(0.5, 2 ** 14, 2 ** 18), milliseconds);
  row('  256 KiB and more', (of) => of.percentile(0.5, 2 ** 18), milliseconds);
  row('time in handler, mean', (of) => of.mean(), milliseconds);
  row('time in handler, p99', (of) => of.percentile(0.99), milliseconds);
  row('garbage collections', (of) => of.collections, integer);
  row('time collecting garbage', (of) => of.collectionMilliseconds, fixed(1, 'ms'));
  row('CPU time per request', (of) => (of.cpuSeconds / of.samples.length) * 1e3, milliseconds);
  row('requests per second', (of) => of.samples.length / of.seconds, integer, true);
  row('MiB per second', (of) => of.bytes / of.seconds / 2 ** 20, integer, true);
}

/** What needs a word of explanation. */
const remarks: Readonly<Record<string, string>> = {
  capacity: 'bytes kept for the next requests',
  peak: 'bytes in use at once, at most',
  wasted: 'bytes skipped by open arenas',
  grows: 'times that an arena took memory from the system',
  limitHits: 'oversized requests, refused on purpose',
};

function printStats(): void {
  line('Arenas at the end (what is 0 is left out)');
  for (const [name, value] of Object.entries({ ...arenaStats() })) {
    if (!(value > 0)) continue;
    const remark = remarks[name];
    line(`  ${name.padEnd(28)}${integer(value).padStart(14)}${remark === undefined ? '' : `   ${remark}`}`);
  }
}

const notes = [
  'arenas: withArena, sum, any, all. plain: Buffer.concat, new Float32Array (or the like), one loop over it. The two',
  'alternate, phase by phase; time in handler leaves out the network. Times and counts: above 1x, arenas take less; per',
  'second: below 1x, arenas do more. Small frames gain nothing: they arrive in one piece and stay where they are, and a',
  'scope costs a little. On Node 20 collections are not fewer, because both read into buffers of sockets.',
  '`npm run bench` compares with faster rivals than one loop.',
];

async function main(): Promise<void> {
  const info = runtimeInfo();
  line(`simd-arena ${info.version}: ${info.isa} kernels, ${info.backend} memory`);
  line(`Node.js ${process.version}, ${process.platform} ${process.arch}, ${cpus()[0]?.model ?? 'unknown CPU'}`);
  line();

  const arena = new Measurements();
  const plain = new Measurements();
  const handlers = [
    [arena, timed(summarizeInArena, arena)],
    [plain, timed(summarizePlainly, plain)],
  ] as const;
  let handler: FrameHandler = summarizeInArena;
  const server = createFrameServer((body, format) => handler(body, format));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const client = fork(join(__dirname, 'client.js'), [String(port)]);

  let current: Measurements | undefined;
  const collector = new PerformanceObserver((list) => {
    if (current === undefined) return;
    for (const entry of list.getEntries()) {
      current.collections++;
      current.collectionMilliseconds += entry.duration;
    }
  });
  collector.observe({ entryTypes: ['gc'] });

  line('A client process sends binary frames of 16 B to 8 MiB, 8 at a time: float32, int32 and bytes behind a header');
  line('of 1 to 7 bytes, so that the numbers lie unaligned. The server answers count, sum, mean, any and all.');
  line();

  const reports: ClientReport[] = [];
  const runPhase = async (of: Measurements): Promise<void> => {
    const start = performance.now();
    const cpuStart = process.cpuUsage();
    current = of;
    const report = await ask(client, { kind: 'frames', requests: REQUESTS_PER_PHASE });
    const cpu = process.cpuUsage(cpuStart);
    of.seconds += (performance.now() - start) / 1e3;
    of.cpuSeconds += (cpu.user + cpu.system) / 1e6;
    of.bytes += report.bytes;
    reports.push(report);
    // Collections are reported a turn later.
    await new Promise((resolve) => setTimeout(resolve, 20));
    current = undefined;
  };

  for ([, handler] of handlers) {
    reports.push(await ask(client, { kind: 'frames', requests: WARM_UP_REQUESTS }));
  }
  arena.samples = [];
  plain.samples = [];
  const start = performance.now();
  for (let round = 0; round < MAX_ROUNDS && performance.now() - start < ROUNDS_SECONDS * 1e3; round++) {
    for (const [of, summarize] of handlers) {
      handler = summarize;
      await runPhase(of);
    }
  }
  handler = summarizeInArena;
  const others = await ask(client, { kind: 'others', requests: OTHER_REQUESTS });
  reports.push(others);

  client.disconnect();
  await once(client, 'exit');
  server.close();
  await once(server, 'close');
  collector.disconnect();

  const total = (of: (report: ClientReport) => number): number => reports.reduce((sum, report) => sum + of(report), 0);
  const checked = total((report) => report.checked);
  const mismatches = total((report) => report.mismatches);
  const { openScopes, held, used } = arenaStats();
  const pool = responses.stats();
  line('Correctness');
  line(`  ${'requests'.padEnd(28)}${integer(checked + others.aborted).padStart(14)}`);
  line(`  ${'results checked'.padEnd(28)}${integer(checked).padStart(14)}   against plain JavaScript`);
  line(`  ${'mismatches'.padEnd(28)}${integer(mismatches).padStart(14)}`);
  line(`  ${'clients that left early'.padEnd(28)}${integer(others.aborted).padStart(14)}`);
  line(`  ${'bytes still in use'.padEnd(28)}${integer(used).padStart(14)}   ${openScopes} scopes open, ${held} held`);
  line(
    `  ${'responses from the pool'.padEnd(28)}${integer(pool.allocations).padStart(14)}   ${pool.inUse} not put back`,
  );
  for (const report of reports) for (const example of report.examples) line(`  MISMATCH ${example}`);
  line();
  printComparison(arena, plain);
  line();
  for (const text of notes) line(`  ${text}`);
  line();
  printStats();
  line();
  const isRight = mismatches === 0 && used === 0 && openScopes === 0 && held === 0 && pool.inUse === 0;
  line(isRight ? 'All results are right, and all memory came back.' : 'SOMETHING IS WRONG: see above.');
  process.exitCode = isRight ? 0 : 1;
}

setTimeout(() => {
  console.error(`Not done after ${DEADLINE_SECONDS} seconds.`);
  process.exit(1);
}, DEADLINE_SECONDS * 1e3).unref();

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
