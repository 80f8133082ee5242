// The actors of the main thread, and the accounts of their pools.
import { BufferPool, PoolAllocator } from 'simd-arena';

import { AsyncScopes } from './async-scopes';
import { Clients } from './clients';
import { Exhaustion } from './exhaustion';
import { OwnedArenas } from './owned-arenas';
import { PoolAccount, type AnyAccount } from './pool-account';
import { Pools } from './pools';
import { Reductions } from './reductions';
import { Scopes } from './scopes';
import { BodyServer } from './server';
import { Workers } from './workers';
import type { Actor, World } from './world';

/** See the head of this file. */
export interface Cast {
  readonly actors: readonly Actor[];
  readonly accounts: readonly AnyAccount[];
}

/** All of them, who share `world`. */
export function assemble(world: World): Cast {
  const pools = [
    new Pools(world, 8, new BufferPool({ label: 'soak bytes' })),
    new Pools(world, 9, new BufferPool({ label: 'soak poison', staleViews: 'poison', maxIdleMs: 1000 }), 'poison'),
    new Pools(world, 10, new PoolAllocator({ label: 'soak elements', maxPoolBytes: 2 ** 24, maxBuffersPerBucket: 32 })),
  ];
  const reduced = new PoolAccount(world, new BufferPool({ label: 'soak reductions' }));
  const server = new BodyServer(world);
  return {
    actors: [
      new Scopes(world),
      new AsyncScopes(world),
      new OwnedArenas(world),
      ...pools,
      new Reductions(world, reduced),
      new Clients(world, server),
      new Workers(world),
      new Exhaustion(world),
    ],
    accounts: [...pools.map(({ account }) => account), reduced, server.account],
  };
}
