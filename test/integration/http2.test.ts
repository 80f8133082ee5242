import assert from 'node:assert/strict';
import { once } from 'node:events';
import {
  connect,
  constants,
  createServer,
  type ClientHttp2Session,
  type Http2Server,
  type Http2ServerRequest,
  type Http2ServerResponse,
} from 'node:http2';
import type { AddressInfo } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';

import { Arena, arenaStats } from 'simd-arena';

import { fillPattern, overwriteReleasedMemory, patternOf } from './support';

const BYTES = 2 ** 20;

describe('Arena.closeAfter with a response of HTTP/2', () => {
  let server: Http2Server;
  let client: ClientHttp2Session;

  beforeEach(async () => {
    server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    client = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  });

  afterEach(async () => {
    client.destroy();
    await new Promise((resolve) => server.close(resolve));
  });

  /** The next request, and its response, as the server sees them. */
  async function nextRequest(): Promise<[Http2ServerRequest, Http2ServerResponse]> {
    return (await once(server, 'request')) as [Http2ServerRequest, Http2ServerResponse];
  }

  it('closes the arena at once where the client has reset the stream already', async () => {
    const { used, held, openScopes } = arenaStats();
    const arriving = nextRequest();
    const request = client.request({ ':path': '/' });
    request.on('error', () => undefined);
    const [, response] = await arriving;
    const closed = once(response, 'close');
    request.close(constants.NGHTTP2_CANCEL);
    await closed;
    assert.equal(response.stream.destroyed, true);

    const arena = Arena.lease();
    const view = arena.alloc(Buffer, 1000);
    arena.closeAfter(response);
    assert.equal(view.length, 0);
    assert.throws(() => arena.stats(), { code: 'ERR_ARENA_CLOSED' });
    const after = arenaStats();
    assert.deepEqual([after.used, after.held, after.openScopes], [used, held, openScopes]);
  });

  it("closes the arena on 'close', when the client has everything", async () => {
    const { used, held, openScopes } = arenaStats();
    const arriving = nextRequest();
    const request = client.request({ ':path': '/' });
    const [, response] = await arriving;
    const arena = Arena.lease().closeAfter(response);
    const view = arena.allocUnsafe(Buffer, BYTES);
    fillPattern(view, 1);
    response.end(view);
    arena.close();
    overwriteReleasedMemory(BYTES);
    assert.equal(view.length, BYTES);

    const closed = once(response, 'close');
    const received: Buffer[] = [];
    for await (const chunk of request) received.push(chunk as Buffer);
    await closed;
    assert.equal(Buffer.compare(Buffer.concat(received), patternOf(BYTES, 1)), 0);
    assert.equal(view.length, 0);
    const after = arenaStats();
    assert.deepEqual([after.used, after.held, after.openScopes], [used, held, openScopes]);
  });

  it("closes the arena on 'close', when the client resets the stream in the middle", async () => {
    const arriving = nextRequest();
    const request = client.request({ ':path': '/' });
    request.on('error', () => undefined);
    const [, response] = await arriving;
    const arena = Arena.lease().closeAfter(response);
    const view = arena.alloc(Buffer, BYTES);
    response.end(view);
    await nextTurn();
    assert.equal(view.length, BYTES);
    const closed = once(response, 'close');
    request.close(constants.NGHTTP2_CANCEL);
    await closed;
    assert.equal(view.length, 0);
    assert.throws(() => arena.stats(), { code: 'ERR_ARENA_CLOSED' });
  });
});
