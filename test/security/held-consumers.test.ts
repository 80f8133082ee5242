import assert from 'node:assert/strict';
import { randomFill } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { open, readFile, writeFile, type FileHandle } from 'node:fs/promises';
import { createServer, get, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { connect, createServer as createSocketServer, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { MessageChannel } from 'node:worker_threads';
import { deflate, inflateSync } from 'node:zlib';

import { Arena, arenaStats, BufferPool, PoolAllocator, withArena } from 'simd-arena';

import { promise } from '../support/promises';
import { collectTwice } from '../support/runtime';
import { fillPattern, overwriteReleasedMemory, patternOf } from '../integration/support';

/** Little enough that an idle arena keeps it, and more than sockets and pipes take at once. */
const BYTES = 900_000;
const EXPECTED = patternOf(BYTES, 42);

/** Where the memory comes from, how it is held for an operation, and how others come to use what was released. */
interface Source {
  readonly make: () => Buffer;
  readonly hold: (view: Buffer, operation: Promise<unknown>) => void;
  readonly reuse: () => void;
}

const sources: Readonly<Record<string, () => Source>> = {
  'arena memory, by hold()': () => {
    const arena = new Arena();
    return {
      make: () => arena.allocUnsafe(Buffer, BYTES),
      hold: (_view, operation) => {
        const hold = arena.hold();
        const end = (): void => hold[Symbol.dispose]();
        operation.then(end, end);
        arena.close();
      },
      reuse: () => overwriteReleasedMemory(BYTES, 1),
    };
  },
  'arena memory, by a scope that is open': () => {
    const arena = new Arena();
    return {
      make: () => arena.allocUnsafe(Buffer, BYTES),
      hold: (_view, operation) => {
        const end = (): void => arena.close();
        operation.then(end, end);
      },
      reuse: () => overwriteReleasedMemory(BYTES, 1),
    };
  },
  'arena memory': () => {
    const arena = new Arena();
    return {
      make: () => arena.allocUnsafe(Buffer, BYTES),
      hold: (_view, operation) => {
        arena.waitUntil(operation);
        arena.close();
      },
      reuse: () => overwriteReleasedMemory(BYTES, 1),
    };
  },
  'views of an allocator, by freeAfter': () => {
    const allocator = new PoolAllocator();
    return {
      make: () => allocator.allocUnsafe(Buffer, BYTES),
      hold: (view, operation) => {
        allocator.freeAfter(view, operation);
        allocator.reclaimAll();
      },
      reuse: () => allocator.free(allocator.allocUnsafe(Uint8Array, BYTES).fill(0xee)),
    };
  },
  'pooled buffers that are out': () => {
    const pool = new BufferPool();
    return {
      make: () => pool.getOrAlloc(BYTES),
      hold: (view, operation) => {
        const end = (): void => pool.put(view);
        operation.then(end, end);
        pool.trim(0);
      },
      reuse: () => pool.put(pool.getOrAlloc(BYTES).fill(0xee)),
    };
  },
  'pooled buffers': () => {
    const pool = new BufferPool();
    return {
      make: () => pool.getOrAlloc(BYTES),
      hold: (view, operation) => {
        pool.putAfter(view, operation);
        pool.reclaimAll();
      },
      reuse: () => pool.put(pool.getOrAlloc(BYTES).fill(0xee)),
    };
  },
};

/**
 * Runs an operation on memory that is given back as soon as the operation has started, while others use whatever
 * memory there is to have, and look whether anything writes to theirs.
 */
async function onHeldMemory<T>({ make, hold, reuse }: Source, start: (view: Buffer) => Promise<T>): Promise<T> {
  const view = make();
  fillPattern(view, 42);
  const operation = start(view);
  hold(view, operation);

  using bystander = new Arena();
  const other = bystander.allocUnsafe(Uint8Array, BYTES).fill(0xdd);
  let settled = false;
  const stop = (): void => {
    settled = true;
  };
  operation.then(stop, stop);
  const isSettled = (): boolean => settled;
  for (let turn = 0; !isSettled(); turn++) {
    if (turn % 16 === 0) reuse();
    await nextTurn();
  }
  await nextTurn();
  assert.ok(
    other.every((byte) => byte === 0xdd),
    'the memory of others is untouched',
  );
  assert.equal(view.length, 0, 'the hold has ended');
  return await operation;
}

async function receiveAll(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) {
    chunks.push(chunk);
    if (chunks.length % 4 === 0) await delay(1);
  }
  return Buffer.concat(chunks);
}

/** What arenas of this thread have in use. */
function inUse(): { readonly used: number; readonly held: number; readonly openScopes: number } {
  const { used, held, openScopes } = arenaStats();
  return { used, held, openScopes };
}

promise('Asynchronous consumers', () => {
  let before = inUse();

  beforeEach(async () => {
    await collectTwice();
    before = inUse();
  });

  for (const [name, makeSource] of Object.entries(sources)) {
    describe(`asynchronous users of held ${name}`, () => {
      let directory: string;
      let path: string;

      beforeEach(() => {
        directory = mkdtempSync(join(tmpdir(), 'simd-arena-'));
        path = join(directory, 'file');
      });

      afterEach(() => {
        rmSync(directory, { recursive: true });
        assert.deepEqual(inUse(), before);
      });

      async function withFile<T>(flags: string, use: (file: FileHandle) => Promise<T>): Promise<T> {
        const file = await open(path, flags);
        try {
          return await use(file);
        } finally {
          await file.close();
        }
      }

      it('fs.write: the file has every byte', async () => {
        await withFile('w', (file) => onHeldMemory(makeSource(), (view) => file.write(view)));
        assert.ok((await readFile(path)).equals(EXPECTED));
      });

      it('fs.read: the view has every byte, and nothing else is written to', async () => {
        const contents = patternOf(BYTES, 7);
        await writeFile(path, contents);
        await withFile('r', (file) =>
          onHeldMemory(makeSource(), async (view) => {
            const { bytesRead } = await file.read(view, 0, view.length, 0);
            assert.equal(bytesRead, BYTES);
            assert.ok(view.equals(contents));
          }),
        );
      });

      it('zlib.deflate: the result is that of the input', async () => {
        const compressed = await onHeldMemory(makeSource(), (view) => promisify<Buffer, Buffer>(deflate)(view));
        assert.ok(inflateSync(compressed).equals(EXPECTED));
      });

      it('crypto.randomFill: the view is filled, and nothing else is', async () => {
        await onHeldMemory(makeSource(), async (view) => {
          await promisify<Buffer, Buffer>(randomFill)(view);
          assert.equal(view.length, BYTES);
          let same = 0;
          for (let index = 0; index < BYTES; index++) if (view[index] === EXPECTED[index]) same += 1;
          assert.ok(same < BYTES / 100, `${same} bytes are as they were`);
        });
      });

      it('socket.write: a slow reader receives every byte', async () => {
        const server = createSocketServer().listen(0, '127.0.0.1');
        await once(server, 'listening');
        const accepted = once(server, 'connection') as Promise<[Socket]>;
        const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
        const [socket] = await accepted;
        const received = delay(20).then(() => receiveAll(client));
        await onHeldMemory(
          makeSource(),
          (view) =>
            new Promise<void>((resolve, reject) => {
              socket.write(view, (error) => {
                if (error) reject(error);
                else resolve();
              });
            }),
        );
        socket.end();
        assert.ok((await received).equals(EXPECTED));
        server.close();
      });
    });
  }

  it('postMessage and structuredClone copy at once, and need no hold', async () => {
    const { port1, port2 } = new MessageChannel();
    const received = once(port2, 'message') as Promise<[Uint8Array]>;
    const clone = withArena((arena) => {
      const view = arena.allocUnsafe(Uint8Array, BYTES);
      fillPattern(view, 42);
      port1.postMessage(view);
      return structuredClone(view);
    });
    overwriteReleasedMemory(BYTES);
    assert.ok(EXPECTED.equals(clone));
    assert.ok(EXPECTED.equals((await received)[0]));
    port1.close();
  });

  describe('HTTP responses from arena memory', () => {
    let server: Server;

    async function serve(listener: RequestListener): Promise<number> {
      server = createServer(listener).listen(0, '127.0.0.1');
      await once(server, 'listening');
      return (server.address() as AddressInfo).port;
    }

    async function request(port: number, path = '/'): Promise<IncomingMessage> {
      const [response] = (await once(get({ port, path, agent: false }), 'response')) as [IncomingMessage];
      return response;
    }

    async function untilNothingIsHeld(): Promise<void> {
      while (inUse().held > before.held || inUse().openScopes > before.openScopes) await delay(1);
      assert.deepEqual(inUse(), before);
    }

    afterEach(async () => {
      server.closeAllConnections();
      server.close();
      await untilNothingIsHeld();
    });

    it('arrive whole at slow clients with closeAfter, while other scopes reuse memory', async () => {
      const port = await serve((incoming, response) => {
        const arena = Arena.lease({ label: 'response' }).closeAfter(response);
        const body = arena.allocUnsafe(Buffer, BYTES * 3);
        fillPattern(body, Number(incoming.url!.slice(1)));
        response.end(body);
        overwriteReleasedMemory(BYTES * 3, 1);
      });
      await Promise.all(
        [1, 2, 3, 4, 5].map(async (seed) => {
          const response = await request(port, `/${seed}`);
          for (let turn = 0; turn < 10; turn++) {
            await delay(5);
            overwriteReleasedMemory(BYTES * 3, 1);
          }
          assert.ok((await receiveAll(response)).equals(patternOf(BYTES * 3, seed)));
        }),
      );
    });

    it('release their memory when a client aborts, and the next response is whole', async () => {
      const views: Buffer[] = [];
      const port = await serve((_incoming, response) => {
        const arena = Arena.lease().closeAfter(response);
        const body = arena.allocUnsafe(Buffer, BYTES * 8);
        fillPattern(body, 3);
        views.push(body);
        response.end(body);
      });
      const aborted = await request(port);
      await once(aborted, 'data');
      assert.equal(views[0]!.length, BYTES * 8);
      aborted.on('error', () => undefined).destroy();
      await untilNothingIsHeld();
      assert.equal(views[0]!.length, 0);
      assert.ok((await receiveAll(await request(port))).equals(patternOf(BYTES * 8, 3)));
    });

    it('of handlers that keep a view past its scope see length 0', async () => {
      const port = await serve((_incoming, response) => {
        const kept = withArena((arena) => ({ read: keep(arena.alloc(Uint8Array, 100).fill(1)) }));
        setImmediate(() => {
          overwriteReleasedMemory(100);
          response.end(JSON.stringify(kept.read()));
        });
      });
      const keep = (view: Uint8Array) => (): unknown => [view.length, view.byteOffset, view[0] ?? null];
      const body = await receiveAll(await request(port));
      assert.deepEqual(JSON.parse(body.toString()), [0, 0, null]);
    });
  });
});
