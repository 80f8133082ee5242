// What several integration tests share: programs and workers of their own, and memory that can be told apart.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Worker, type WorkerOptions } from 'node:worker_threads';

import { withArena } from 'simd-arena';

import { runtime } from '../support/runtime';

/** How a program ended. */
export interface Ended {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Environment variables to set, or to remove where they are undefined. */
export type Variables = Readonly<Record<string, string | undefined>>;

function fixturePath(name: string): string {
  return join(__dirname, 'fixtures', `${name}.js`);
}

/** Runs a program of fixtures/ to its end. */
export async function runFixture(
  name: string,
  args: readonly string[] = [],
  variables: Variables = {},
): Promise<Ended> {
  const child = spawn(process.execPath, ['--expose-gc', fixturePath(name), ...args], {
    env: { ...process.env, ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
    // Longer than any test may take: none outlives its test run.
    timeout: 60_000,
    killSignal: 'SIGKILL',
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  return { code, signal, stdout, stderr };
}

/** Runs a program that must end well and in silence; what it prints to stdout, as JSON. */
export async function resultOf(
  name: string,
  args: readonly string[] = [],
  variables: Variables = {},
): Promise<unknown> {
  const { stdout, ...end } = await runFixture(name, args, variables);
  assert.deepEqual(end, { code: 0, signal: null, stderr: '' });
  return JSON.parse(stdout) as unknown;
}

/** Asserts that an uncaught error with this message and these properties is what was printed, as each runtime does it. */
export function assertUncaught(
  stderr: string,
  message: string,
  properties: Readonly<Record<string, unknown>> = {},
): void {
  assert.ok(stderr.includes(`rror: ${message}`), stderr);
  for (const [name, value] of Object.entries(properties)) {
    // Deno prints the message alone.
    if (runtime !== 'deno') assert.match(stderr, new RegExp(`^ *${name}: ['"]?${String(value)}['"]?,?$`, 'm'));
  }
}

/** Starts a worker of fixtures/. */
export function startWorker(name: string, options: WorkerOptions = {}): Worker {
  return new Worker(fixturePath(name), options);
}

/** The next message of a worker. */
export function messageOf(worker: Worker): Promise<unknown> {
  // Not once(): that rejects when the worker throws, which may overtake the message.
  return new Promise((resolve) => worker.once('message', resolve));
}

/** The exit code of a worker that is about to end. */
export function exitOf(worker: Worker): Promise<number> {
  // Not once(): that rejects when the worker throws.
  return new Promise((resolve) => worker.once('exit', resolve));
}

/** Fills `bytes` with what only `seed` gives. */
export function fillPattern(bytes: Uint8Array, seed: number): void {
  let state = seed | 1;
  for (let index = 0; index < bytes.length; index++) {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    bytes[index] = state >>> 24;
  }
}

/** The bytes that {@link fillPattern} gives, on the JavaScript heap. */
export function patternOf(length: number, seed: number): Buffer {
  const bytes = Buffer.alloc(length);
  fillPattern(bytes, seed);
  return bytes;
}

/** Opens `scopes` scopes after each other that overwrite `bytes` bytes of their arenas. */
export function overwriteReleasedMemory(bytes: number, scopes = 4): void {
  for (let count = 0; count < scopes; count++) {
    withArena((arena) => {
      arena.allocUnsafe(Uint8Array, bytes).fill(0xee);
    });
  }
}

/** Collects garbage and turns the event loop until `done`, for a bounded number of times. */
export async function collectUntil(done: () => boolean): Promise<void> {
  assert.ok(globalThis.gc, 'tests run with --expose-gc');
  for (let round = 0; round < 100 && !done(); round++) {
    globalThis.gc();
    await nextTurn();
  }
  assert.ok(done(), 'still there after 100 collections');
}

/** Moves the memory of `buffer` to another ArrayBuffer, as users can on Node 22 and later. */
export function transfer(buffer: ArrayBufferLike): ArrayBuffer {
  return (buffer as unknown as { transfer(): ArrayBuffer }).transfer();
}

/** Whether the runtime has `ArrayBuffer.prototype.transfer`. */
export const hasTransfer: boolean = 'transfer' in ArrayBuffer.prototype;
