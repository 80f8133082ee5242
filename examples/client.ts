// The other process of the demo: sends frames over loopback, many at a time, and checks every answer against plain
// JavaScript. Started by demo.ts, told what to do by messages.
import { Agent, request, type IncomingMessage } from 'node:http';

import type { FrameSummary, FrameType } from './server';

/** What demo.ts asks for. */
export interface ClientTask {
  readonly requests: number;
  /** Summaries of frames; or all else that the server offers, wrong and aborted requests included. */
  readonly kind: 'frames' | 'others';
}

/** What it hears back. */
export interface ClientReport {
  /** Results checked. */
  readonly checked: number;
  /** Bytes of all bodies sent. */
  readonly bytes: number;
  /** Requests that were given up half-way, on purpose. */
  readonly aborted: number;
  /** Results that were not what plain JavaScript says, and how they differ: the first few. */
  readonly mismatches: number;
  readonly examples: readonly string[];
}

const MIN_BYTES = 16;
const MAX_BYTES = 8 * 2 ** 20;
const FRAMES = 60;
const CONCURRENCY = 8;

/** Of the sum of magnitudes: what sum() documents, and what a plain loop over n numbers may be wrong by at most. */
const SUM_ERROR = 3e-14;
const UNIT_ROUNDOFF = 2 ** -53;

const types: readonly FrameType[] = ['f32', 'f32', 'f32', 'i32', 'u8'];
const constructors = { f32: Float32Array, i32: Int32Array, u8: Uint8Array } as const;

/** The summary of a frame that is not empty. */
type ExactSummary = FrameSummary & { readonly mean: number };

/** A body to send, and what is true of it. */
interface Frame {
  readonly path: string;
  readonly body: Buffer;
  readonly numbers: Float32Array | Int32Array | Uint8Array;
  readonly expected: ExactSummary;
  /** How far from `expected.sum` a sum may be. */
  readonly tolerance: number;
}

// The same frames in every run: mulberry32.
let seed = 1;
function random(): number {
  seed = (seed + 0x6d2b79f5) | 0;
  let t = Math.imul(seed ^ (seed >>> 15), seed | 1);
  t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
}

/** Numbers of one type: ordinary ones, some frames with a 0 among them, some with nothing else. */
function makeNumbers(type: FrameType, length: number, index: number): Frame['numbers'] {
  const numbers = new constructors[type](length);
  if (index % 10 === 7) return numbers;
  for (let i = 0; i < length; i++) {
    if (type === 'f32') numbers[i] = (random() - 0.25) * 1000;
    else numbers[i] = type === 'i32' ? (random() - 0.5) * 2 ** 32 : 1 + random() * 255;
    if (numbers[i] === 0) numbers[i] = 1;
  }
  if (index % 10 === 4) numbers[Math.floor(random() * length)] = 0;
  return numbers;
}

/** The truth, by a compensated sum (Neumaier's) in float64. */
function summarize(numbers: Frame['numbers']): { readonly expected: ExactSummary; readonly magnitudes: number } {
  let sum = 0;
  let compensation = 0;
  let magnitudes = 0;
  let nonzero = 0;
  for (const x of numbers) {
    const next = sum + x;
    compensation += Math.abs(sum) >= Math.abs(x) ? sum - next + x : x - next + sum;
    sum = next;
    magnitudes += Math.abs(x);
    if (x !== 0) nonzero++;
  }
  sum += compensation;
  const count = numbers.length;
  return { expected: { count, sum, mean: sum / count, any: nonzero > 0, all: nonzero === count }, magnitudes };
}

function makeFrame(index: number): Frame {
  const type = types[index % types.length]!;
  const byteLength = MIN_BYTES * (MAX_BYTES / MIN_BYTES) ** (index / (FRAMES - 1));
  const numbers = makeNumbers(type, Math.floor(byteLength / constructors[type].BYTES_PER_ELEMENT), index);
  // A header of 1 to 7 bytes, so that the numbers lie at odd offsets.
  const skip = 1 + (index % 7);
  const body = Buffer.concat([Buffer.alloc(skip, '#'), new Uint8Array(numbers.buffer)]);
  const { expected, magnitudes } = summarize(numbers);
  const path = `/frames?type=${type}&skip=${skip}`;
  const relative = Math.max(SUM_ERROR, numbers.length * UNIT_ROUNDOFF);
  return { path, body, numbers, expected, tolerance: type === 'f32' ? relative * magnitudes : 0 };
}

const frames = Array.from({ length: FRAMES }, (_, index) => makeFrame(index));

const port = Number(process.argv[2]);
const agent = new Agent({ keepAlive: true, maxSockets: CONCURRENCY });

let report = { checked: 0, bytes: 0, aborted: 0, mismatches: 0, examples: [] as string[] };

function check(isRight: boolean, describe: () => string): void {
  report.checked++;
  if (isRight) return;
  report.mismatches++;
  if (report.examples.length < 5) report.examples.push(describe());
}

/** Sends a body, with its length or in chunks, and resolves to the response once its headers are there. */
function post(path: string, body: Buffer, chunked = false): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const headers = chunked ? {} : { 'content-length': body.length };
    const outgoing = request({ port, agent, method: 'POST', path, headers }, resolve).on('error', reject);
    report.bytes += body.length;
    if (chunked) outgoing.write(body);
    outgoing.end(chunked ? undefined : body);
  });
}

async function read(response: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

async function sendFrame(index: number): Promise<void> {
  // Sizes in a mixed order: 37 and the number of frames have no common factor.
  const { path, body, expected, tolerance } = frames[(index * 37) % FRAMES]!;
  const answer = await read(await post(path, body, index % 10 === 9));
  const result = JSON.parse(answer.toString()) as FrameSummary;
  const isRight =
    result.count === expected.count &&
    result.any === expected.any &&
    result.all === expected.all &&
    Math.abs(result.sum - expected.sum) <= tolerance &&
    result.mean === result.sum / result.count;
  check(isRight, () => `${path}: ${answer.toString().trim()}, expected ${JSON.stringify(expected)}`);
}

/** The response is the frame minus its mean, rounded to float32. */
async function normalizeFrame({ body, numbers, expected, tolerance }: Frame, skip: number): Promise<void> {
  const bytes = await read(await post(`/normalize?skip=${skip}`, body));
  const isRight =
    bytes.length === numbers.byteLength &&
    numbers.every((x, i) => {
      const allowed = tolerance / expected.count + Math.abs(x - expected.mean) * 2 ** -23;
      return Math.abs(bytes.readFloatLE(4 * i) - (x - expected.mean)) <= allowed;
    });
  check(isRight, () => `/normalize of ${expected.count} numbers: ${bytes.length} bytes that differ`);
}

/** A client that leaves in the middle of the response. */
async function abortFrame(frame: Frame, skip: number): Promise<void> {
  const response = await post(`/normalize?skip=${skip}`, frame.body);
  response.on('error', () => undefined).destroy();
  report.aborted++;
}

async function refused(path: string, body: Buffer, status: number): Promise<void> {
  const response = await post(path, body);
  await read(response);
  check(response.statusCode === status, () => `${path}: status ${String(response.statusCode)}, expected ${status}`);
}

async function sendOther(index: number): Promise<void> {
  const floats = frames.filter(({ path }) => path.includes('f32'));
  const frame = floats[index % floats.length]!;
  const skip = frame.body.length - frame.numbers.byteLength;
  if (index % 16 === 13) await refused('/frames', Buffer.alloc(17 * 2 ** 20), 413);
  else if (index % 16 === 14) await refused('/frames', Buffer.alloc(4095), 400);
  else if (index % 2 === 0) await normalizeFrame(frame, skip);
  else await abortFrame(frame, skip);
}

async function run({ requests, kind }: ClientTask): Promise<ClientReport> {
  report = { checked: 0, bytes: 0, aborted: 0, mismatches: 0, examples: [] };
  const send = kind === 'frames' ? sendFrame : sendOther;
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < requests) await send(next++);
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, work));
  return report;
}

process.on('message', (task: ClientTask) => {
  run(task).then(
    (result) => process.send?.(result),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});
process.once('disconnect', () => {
  agent.destroy();
});
