import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, get, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

import { BufferPool } from 'simd-arena';

import { promise } from '../support/promises';
import { fillPattern, patternOf } from '../integration/support';

/** More than sockets and pipes take at once. */
const BYTES = 6_000_000;

promise('Asynchronous consumers', () => {
  describe('HTTP responses from pooled buffers that putAfter holds', () => {
    let server: Server;
    let pool: BufferPool;
    const bodies: Buffer[] = [];

    beforeEach(async () => {
      pool = new BufferPool({ label: 'bodies' });
      bodies.length = 0;
      server = createServer((incoming, response) => {
        const body = pool.getOrAlloc(BYTES);
        fillPattern(body, Number(incoming.url!.slice(1)));
        bodies.push(body);
        response.end(body);
        pool.putAfter(body, response);
      }).listen(0, '127.0.0.1');
      await once(server, 'listening');
    });

    afterEach(() => {
      server.closeAllConnections();
      server.close();
      pool.close();
    });

    async function request(seed: number): Promise<IncomingMessage> {
      const { port } = server.address() as AddressInfo;
      const [response] = (await once(get({ port, path: `/${seed}`, agent: false }), 'response')) as [IncomingMessage];
      return response;
    }

    async function receive(response: IncomingMessage): Promise<Buffer> {
      const chunks: Buffer[] = [];
      for await (const chunk of response) chunks.push(chunk as Buffer);
      return Buffer.concat(chunks);
    }

    async function untilAllAreBack(): Promise<void> {
      while (pool.stats().inUse > 0) await delay(1);
      assert.ok(bodies.every(({ length }) => length === 0));
    }

    it('arrive whole at slow clients, while the pool is used by others', async () => {
      const responses = await Promise.all([1, 2, 3].map(request));
      for (let count = 0; count < 20; count++) {
        pool.put(pool.getOrAlloc(BYTES).fill(0xee));
        await delay(1);
      }
      for (const [index, response] of responses.entries()) {
        assert.ok((await receive(response)).equals(patternOf(BYTES, index + 1)));
      }
      await untilAllAreBack();
      const { hits } = pool.stats();
      assert.ok((await receive(await request(4))).equals(patternOf(BYTES, 4)));
      assert.equal(pool.stats().hits, hits + 1);
    });

    it('come back when a client aborts, and the next response is whole', async () => {
      const aborted = await request(1);
      await once(aborted, 'data');
      assert.equal(bodies[0]!.length, BYTES);
      aborted.on('error', () => undefined).destroy();
      await untilAllAreBack();
      assert.ok((await receive(await request(2))).equals(patternOf(BYTES, 2)));
      await untilAllAreBack();
    });
  });
});
