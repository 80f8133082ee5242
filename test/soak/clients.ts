// Clients of server.ts: quick ones, slow ones, and ones that leave in the middle. No foreign byte may ever reach them.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Agent, get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

import { Crowd } from './crowd';
import { checkPattern } from './pattern';
import type { Random } from './random';
import { pathOf, type BodyServer, type Wish } from './server';
import type { Actor, World } from './world';

const MEDIAN_BYTES = 10_000;
/** More than sockets keep: the rest of a large body stays in the memory of its handler until a slow client has read on. */
const MOST_BYTES = 8 * 2 ** 20;
const MOST_CLIENTS = 12;

/** See the head of this file. */
export class Clients implements Actor {
  readonly #world: World;
  readonly #random: Random;
  readonly #server: BodyServer;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: MOST_CLIENTS });

  constructor(world: World, server: BodyServer) {
    this.#world = world;
    this.#random = world.random(5);
    this.#server = server;
  }

  async run(stopped: () => boolean): Promise<void> {
    const { server } = this.#server;
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const crowd = new Crowd(MOST_CLIENTS);
    while (!stopped()) {
      await crowd.room();
      crowd.add(this.#request(port));
    }
    await crowd.gone();
    this.#agent.destroy();
    server.close();
    await once(server, 'close');
  }

  async #request(port: number): Promise<void> {
    const random = this.#random;
    const wish: Wish = {
      from: random.pick(['arena', 'pool']),
      bytes: random.oneIn(30) ? MOST_BYTES - random.below(MOST_BYTES / 2) : random.size(MEDIAN_BYTES, MOST_BYTES),
      seed: random.word(),
      pieces: 1 + random.below(4),
    };
    const request = get({ host: '127.0.0.1', port, path: pathOf(wish), agent: this.#agent });
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    if (response.statusCode === 503) {
      response.resume();
      await once(response, 'end');
      return;
    }
    assert.equal(response.statusCode, 200);
    await this.#read(response, wish);
  }

  async #read(response: IncomingMessage, { bytes, seed, from }: Wish): Promise<void> {
    const random = this.#random;
    const pause = random.oneIn(4) ? random.below(10) : 0;
    const leaveAfter = random.oneIn(10) ? random.below(bytes) : Infinity;
    let length = 0;
    for await (const piece of response as AsyncIterable<Buffer>) {
      checkPattern(piece, seed, length, `a body from ${from}`);
      length += piece.length;
      if (length >= leaveAfter) {
        // Leaving the loop destroys the response.
        this.#world.tally.add('aborts');
        return;
      }
      if (pause > 0) await delay(pause);
    }
    assert.equal(length, bytes, 'a body is not whole');
    this.#world.tally.add('responses');
  }
}
