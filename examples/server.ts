// An HTTP server that reduces binary frames in arenas: `npm start`, then follow what it prints.
//
//   POST /frames     a JSON summary of the body: count, sum, mean, any, all
//   POST /normalize  the body minus its mean, as float32; the response is written from a pool
//   GET  /stats      what the arenas of this process do, and the pool
//
// A body is raw little-endian numbers. `?type=` names them (f32, the default; i32; u8), `?skip=` the bytes of a header
// in front of them: nothing has to be aligned. PORT and HOST say where it listens; only this machine can reach it else.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import {
  BufferPool,
  all,
  any,
  arenaStats,
  configure,
  meanF32,
  runtimeInfo,
  sum,
  withArena,
  type Arena,
  type ArenaOptions,
  type ErrorCode,
} from 'simd-arena';

const MiB = 2 ** 20;

/** The largest body, and what an arena keeps for the next request. */
const arenaOptions = { maxBytes: 16 * MiB, retainBytes: 16 * MiB } satisfies ArenaOptions;

/** All requests together; SIMD_ARENA_BUDGET overrides it. */
const BUDGET_BYTES = 512 * MiB;

/** Where a body without Content-Length begins to grow. */
const FIRST_BODY_BYTES = 65536;

/** Response bodies, which outlive the scope of their request. */
export const responses = new BufferPool({ label: 'responses' });

const elementBytes = { f32: 4, i32: 4, u8: 1 } as const;

/** What the numbers of a frame are. */
export type FrameType = keyof typeof elementBytes;

/** How to read a body. */
export interface FrameFormat {
  readonly type: FrameType;
  /** Bytes in front of the first number. */
  readonly skip: number;
}

/** What is said about a frame. */
export interface FrameSummary {
  readonly count: number;
  readonly sum: number;
  /** null where there is nothing. */
  readonly mean: number | null;
  /** Whether any number is not 0. */
  readonly any: boolean;
  /** Whether all numbers are not 0. */
  readonly all: boolean;
}

/** The bytes of a request, as they arrive. */
export interface Body {
  readonly chunks: AsyncIterable<Buffer>;
  /** Content-Length, where the client says it. */
  readonly length: number | undefined;
}

/** From a body to its summary. */
export type FrameHandler = (body: Body, format: FrameFormat) => Promise<FrameSummary>;

/** Reduces a frame inside a scope: when the promise settles, its memory serves the next request. */
export const summarizeInArena: FrameHandler = (body, { type, skip }) =>
  withArena({ ...arenaOptions, label: 'frame' }, async (arena) => {
    const frame = afterHeader(await readBody(body, arena), skip);
    const total = sum(frame, type);
    const count = frame.length / elementBytes[type];
    const mean = count === 0 ? null : total / count;
    return { count, sum: total, mean, any: any(frame, type), all: all(frame, type) };
  });

/** A body without the header in front of its numbers. */
function afterHeader(body: Buffer, skip: number): Buffer {
  if (skip > body.length) throw new BadRequest(`skip is ${skip}, but the body has only ${body.length} bytes`);
  return body.subarray(skip);
}

/** All bytes of a body, in arena memory; a body that arrives in one piece stays where it is. */
async function readBody({ chunks, length }: Body, arena: Arena): Promise<Buffer> {
  let bytes: Buffer | undefined;
  let used = 0;
  for await (const chunk of chunks) {
    if (chunk.length === length) return chunk;
    // Content-Length is only what the client says: maxBytes and the budget bound what it can take.
    bytes ??= arena.allocUnsafe(Buffer, length ?? FIRST_BODY_BYTES);
    const end = used + chunk.length;
    if (end > bytes.length) {
      const larger = arena.allocUnsafe(Buffer, Math.max(2 * bytes.length, end));
      larger.set(bytes.subarray(0, used));
      bytes = larger;
    }
    bytes.set(chunk, used);
    used = end;
  }
  return bytes?.subarray(0, used) ?? Buffer.alloc(0);
}

/** Answers with memory of the pool, which the socket may go on reading until the response is closed. */
async function normalize(body: Body, { type, skip }: FrameFormat, response: ServerResponse): Promise<void> {
  if (type !== 'f32') throw new BadRequest(`/normalize takes f32 only, not ${type}`);
  const bytes = await withArena({ ...arenaOptions, label: 'normalize' }, async (arena) => {
    const frame = afterHeader(await readBody(body, arena), skip);
    const mean = meanF32(frame);
    const result = responses.getOrAlloc(frame.length);
    result.set(frame);
    const numbers = new Float32Array(result.buffer, result.byteOffset, result.length / 4);
    for (let i = 0; i < numbers.length; i++) numbers[i]! -= mean;
    responses.putAfter(result, response); // once it is filled: the client may be gone already
    return result;
  });
  response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': bytes.length });
  response.end(bytes);
}

/** A request that makes no sense. */
class BadRequest extends Error {}

function readFormat(query: URLSearchParams): FrameFormat {
  const type = query.get('type') ?? 'f32';
  const skip = Number(query.get('skip') ?? 0);
  if (!Object.hasOwn(elementBytes, type)) {
    throw new BadRequest(`type must be ${Object.keys(elementBytes).join(', ')}, not ${JSON.stringify(type)}`);
  }
  if (!Number.isSafeInteger(skip) || skip < 0) throw new BadRequest('skip must be a whole number of bytes');
  return { type: type as FrameType, skip };
}

function bodyOf(request: IncomingMessage): Body {
  const length = request.headers['content-length'];
  return {
    // An error in the middle of a body must not destroy the connection that the answer goes through.
    chunks: request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>,
    length: length === undefined ? undefined : Number(length),
  };
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  // JSON has no NaN and no Infinity.
  const text = JSON.stringify(value, (_key, item: unknown) =>
    typeof item === 'number' && !Number.isFinite(item) ? String(item) : item,
  );
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(`${text}\n`);
}

const statusOfCode: Partial<Record<ErrorCode, number>> = {
  ERR_ARENA_LIMIT: 413,
  ERR_MEMORY_BUDGET: 503,
  ERR_ARENA_OUT_OF_MEMORY: 503,
  ERR_POOL_OUT_OF_MEMORY: 503,
  ERR_BYTE_LENGTH: 400,
};

function sendError(response: ServerResponse, error: unknown): void {
  // The client has gone: nobody to answer, and putAfter has seen to the memory.
  if (response.destroyed || response.headersSent) {
    response.destroy();
    return;
  }
  const { code, message } = error as { readonly code?: ErrorCode; readonly message: string };
  const status = error instanceof BadRequest ? 400 : ((code && statusOfCode[code]) ?? 500);
  if (status === 500) {
    console.error(error);
    sendJson(response, 500, { error: 'Internal error' });
    return;
  }
  if (status === 503) response.setHeader('retry-after', 1);
  sendJson(response, status, { error: message, code });
}

const methodOfPath = new Map([
  ['/frames', 'POST'],
  ['/normalize', 'POST'],
  ['/stats', 'GET'],
]);

/** The server, not yet listening. */
export function createFrameServer(summarize: FrameHandler = summarizeInArena): Server {
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = '', url = '' } = request;
    const [path = '', search] = url.split('?', 2);
    const query = new URLSearchParams(search);
    const allowed = methodOfPath.get(path);
    if (allowed !== undefined && method !== allowed) {
      response.setHeader('allow', allowed);
      sendJson(response, 405, { error: `${path} takes ${allowed}, not ${method}` });
      return;
    }
    switch (path) {
      case '/frames':
        sendJson(response, 200, await summarize(bodyOf(request), readFormat(query)));
        break;
      case '/normalize':
        await normalize(bodyOf(request), readFormat(query), response);
        break;
      case '/stats':
        sendJson(response, 200, {
          thread: arenaStats(),
          process: arenaStats({ scope: 'process' }),
          responses: responses.stats(),
          runtime: runtimeInfo(),
        });
        break;
      default:
        sendJson(response, 404, { error: 'There are POST /frames, POST /normalize and GET /stats' });
    }
  };

  return createServer((request, response) => {
    answer(request, response)
      .catch((error: unknown) => {
        sendError(response, error);
      })
      // What is left of a refused body is read and dropped, so that the client gets to see the answer.
      .finally(() => request.resume());
  });
}

function usage(host: string, port: number): string {
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
  return `Listening on ${url}; Ctrl+C ends it. Try, in another terminal:

  # four float32 numbers, 1 2 3 4
  printf '\\0\\0\\200?\\0\\0\\0@\\0\\0@@\\0\\0\\200@' | curl --data-binary @- ${url}/frames

  # the same behind a header of 3 bytes: unaligned
  printf 'abc\\0\\0\\200?\\0\\0\\0@\\0\\0@@\\0\\0\\200@' | curl --data-binary @- '${url}/frames?skip=3'

  # 8 MiB of random bytes
  head -c 8388608 /dev/urandom | curl --data-binary @- '${url}/frames?type=u8'

  # minus the mean, as float32
  printf '\\0\\0\\200?\\0\\0\\0@\\0\\0@@\\0\\0\\200@' | curl -s --data-binary @- ${url}/normalize | od -A n -t f4

  # too large: 413
  head -c 20000000 /dev/zero | curl --data-binary @- ${url}/frames

  # what the arenas and the pool do
  curl -s ${url}/stats
`;
}

/** The number of PORT; undefined where it is none. */
function readPort(): number | undefined {
  const text = process.env['PORT'] ?? '8080';
  return /^\d+$/.test(text) && Number(text) < 65536 ? Number(text) : undefined;
}

function main(): void {
  const port = readPort();
  if (port === undefined) {
    console.error(`PORT must be a number from 0 to 65535, not ${JSON.stringify(process.env['PORT'])}.`);
    process.exitCode = 1;
    return;
  }
  const { HOST: host = 'localhost' } = process.env;
  if (process.env['SIMD_ARENA_BUDGET'] === undefined) configure({ budgetBytes: BUDGET_BYTES });
  const server = createFrameServer();
  server.on('error', (error) => {
    console.error(`Cannot listen: ${error.message}. PORT=8081 npm start takes another port, HOST another address.`);
    process.exitCode = 1;
  });
  server.listen(port, host, () => {
    console.log(usage(host, (server.address() as AddressInfo).port));
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      server.close();
      // Requests in progress get a moment.
      setTimeout(() => {
        server.closeAllConnections();
      }, 2000).unref();
    });
  }
}

if (require.main === module) main();
