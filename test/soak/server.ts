// An HTTP server whose bodies come from arenas and from a pool, for the clients of clients.ts.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

import { Arena, BufferPool } from 'simd-arena';

import { fillPattern } from './pattern';
import { PoolAccount } from './pool-account';
import type { World } from './world';

/** What a client asks for: so many bytes of the pattern of a seed, which the server has in memory of some kind. */
export interface Wish {
  readonly from: 'arena' | 'pool';
  readonly bytes: number;
  readonly seed: number;
  /** Pieces in which the body is written. */
  readonly pieces: number;
}

/** The path of a request for it. */
export function pathOf({ from, bytes, seed, pieces }: Wish): string {
  return `/${from}/${bytes}/${seed}/${pieces}`;
}

function wishOf({ url }: IncomingMessage): Wish {
  const [, from, bytes, seed, pieces] = url!.split('/');
  return { from: from as Wish['from'], bytes: Number(bytes), seed: Number(seed), pieces: Number(pieces) };
}

/** See the head of this file. */
export class BodyServer {
  readonly account: PoolAccount<BufferPool>;
  readonly server: Server;
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
    this.account = new PoolAccount(world, new BufferPool({ label: 'soak bodies' }));
    this.server = createServer((request, response) => {
      const wish = wishOf(request);
      const body = wish.from === 'arena' ? this.#fromArena(wish, response) : this.#fromPool(wish, response);
      if (body === undefined) response.writeHead(503).end();
      else send(body, wish, response);
    });
  }

  #fromArena({ bytes, seed }: Wish, response: ServerResponse): Uint8Array | undefined {
    const arena = Arena.lease({ label: 'soak bodies' }).closeAfter(response);
    this.#world.arenas.add('resets');
    const body = this.#world.allocate(() => arena.allocUnsafe(Uint8Array, bytes));
    if (body) fillPattern(body, seed);
    return body;
  }

  #fromPool({ bytes, seed }: Wish, response: ServerResponse): Uint8Array | undefined {
    const { pool } = this.account;
    const body = this.account.take(() => pool.getOrAlloc(bytes));
    if (body === undefined) return undefined;
    fillPattern(body, seed);
    pool.putAfter(body, response);
    return body;
  }
}

function send(body: Uint8Array, { bytes, pieces }: Wish, response: ServerResponse): void {
  response.writeHead(200, { 'content-length': bytes });
  const step = Math.ceil(bytes / pieces) || 1;
  for (let start = 0; start < bytes; start += step) response.write(body.subarray(start, start + step));
  response.end();
}
