// What the runtime and the backend under test can do, and ways to make them do it.
import assert from 'node:assert/strict';
import * as workerThreads from 'node:worker_threads';

import { idleArenas } from '#internal/idle-arenas';
import { defaultLease } from '#internal/lease';
import { native } from '#internal/native';
import { arenaStats, runtimeInfo } from 'simd-arena';

/** Which runtime this is. */
export const runtime: 'bun' | 'deno' | 'node' =
  process.versions['bun'] !== undefined ? 'bun' : process.versions['deno'] !== undefined ? 'deno' : 'node';

/** Whether an ArrayBuffer may be larger than 4 GiB: not in JavaScriptCore. */
export const hasHugeBuffers: boolean = runtime !== 'bun';

/** The first line of a captured stack: JavaScriptCore has one of its own. */
export const stackTitle: string = runtime === 'bun' ? 'Error' : 'Allocated';

/** Where the arenas of this run have their memory. */
export const backend: 'external' | 'wasm' = runtimeInfo().backend;

/**
 * Whether addons may make external ArrayBuffers: on all runtimes that tests run on, but for the addon of the preset
 * no-external. Where they may not, pools lie in ordinary ArrayBuffers.
 */
export const hasExternalBuffers: boolean = process.env['SIMD_ARENA_TEST_ADDON']?.includes('/no-external/') !== true;

/** The backends that this runtime can have. */
export const backends: readonly ('external' | 'wasm')[] = hasExternalBuffers ? ['external', 'wasm'] : ['wasm'];

interface ModernBuffer {
  transfer?: () => ArrayBuffer;
  resize(bytes: number): void;
  grow(bytes: number): void;
}
type ModernConstructor<B> = new (bytes: number, options?: { maxByteLength: number }) => B & ModernBuffer;

/** ArrayBuffer and SharedArrayBuffer with what es2022 does not declare yet. */
export const ResizableBuffer = ArrayBuffer as unknown as ModernConstructor<ArrayBuffer>;
export const GrowableBuffer = SharedArrayBuffer as unknown as ModernConstructor<SharedArrayBuffer>;

/** Whether the runtime has `ArrayBuffer.prototype.transfer`. */
export const hasTransfer: boolean = 'transfer' in ArrayBuffer.prototype;

/** Whether the runtime remembers which buffers are marked as untransferable. */
const marksAreKept = 'isMarkedAsUntransferable' in workerThreads;

/** Whether `view` lies at a multiple of `alignment`. */
export function isAligned(view: ArrayBufferView, alignment: number): boolean {
  return (view.byteOffset - native.alignedOffset(view.buffer as ArrayBuffer, alignment)) % alignment === 0;
}

/** Calls `view.buffer.transfer()`. */
export function transferBuffer(view: ArrayBufferView): ArrayBuffer {
  return (view.buffer as unknown as Required<ModernBuffer>).transfer();
}

/** Whether a marked buffer cannot be transferred either: Node 22 keeps the marks, and moves the buffers all the same. */
export const marksForbidTransfer: boolean = hasTransfer && !canMoveMarked();

/** Whether marking a buffer as untransferable keeps arenas of this run from revoking it. */
export const marksForbidRevocation: boolean = backend === 'wasm' ? marksAreKept : marksForbidTransfer;

/**
 * Whether marking the buffer of a pooled view keeps the pool from revoking it. Node 20 detaches external buffers natively,
 * which asks for no marks, but can only transfer others.
 */
export const marksForbidPoolRevocation: boolean = hasTransfer ? marksForbidTransfer : !hasExternalBuffers;

function canMoveMarked(): boolean {
  const view = new Uint8Array(8);
  workerThreads.markAsUntransferable(view.buffer);
  try {
    transferBuffer(view);
    return true;
  } catch {
    return false;
  }
}

/** Detaches an ordinary buffer. */
export function detach(buffer: ArrayBuffer): void {
  structuredClone(buffer, { transfer: [buffer] });
}

/** Hands `view` to a byte stream that fills its first byte with 7; resolves to the stream's own view of the memory. */
export async function readByob(view: Uint8Array): Promise<Uint8Array> {
  const stream = new ReadableStream({
    type: 'bytes',
    pull(controller) {
      const request = controller.byobRequest!;
      (request.view as Uint8Array)[0] = 7;
      request.respond(1);
    },
  });
  const { value } = await stream.getReader({ mode: 'byob' }).read(view);
  return value!;
}

/** Takes the chunk of `view` away, which works on every version with external buffers; asserts that it is gone. */
export async function steal(view: Uint8Array): Promise<Uint8Array> {
  const stolen = await readByob(view);
  assert.equal(view.length, 0);
  return stolen;
}

/** Runs the garbage collector; an error where the process was started without --expose-gc. */
export function collectGarbage(): void {
  assert.ok(globalThis.gc, 'run with --expose-gc');
  globalThis.gc();
}

/** Collects garbage that is there already, so that what a test drops can be told from it. */
export async function collectTwice(): Promise<void> {
  for (let turn = 0; turn < 2; turn++) {
    collectGarbage();
    await nextTurn();
  }
}

/** Collects garbage and lets finalizers run until `done`; asserts that they get there. */
export async function collectUntil(done: () => boolean): Promise<void> {
  for (let turn = 0; turn < 50 && !done(); turn++) {
    collectGarbage();
    await nextTurn();
  }
  assert.ok(done(), 'finalizers have not run');
}

/** Lets the event loop turn once. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Forgets all idle arenas of this thread, so that the next ones start cold. */
export function forgetIdleArenas(): void {
  idleArenas.releaseIdle();
  const { arenas } = arenaStats();
  while (arenaStats().arenas <= arenas) idleArenas.take(defaultLease);
}
