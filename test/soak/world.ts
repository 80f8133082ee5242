// What all actors of one thread share: the run's seed, what they have done, and what may go wrong.
import { arenaStats } from 'simd-arena';

import { arenaEvents, Ledger, type ArenaLedger } from './ledger';
import { Random } from './random';
import type { Scarcity } from './scarcity';
import { Tally } from './tally';

/** Something that works with the package all the time. */
export interface Actor {
  /** Works until `stopped`, then waits for whatever it has started, and lets go of all memory. */
  run(stopped: () => boolean): Promise<void>;
}

/** See the head of this file. */
export class World {
  readonly seed: number;
  readonly tally: Tally = new Tally();
  readonly arenas: ArenaLedger = new Ledger(arenaEvents, arenaStats());
  readonly scarcity: Scarcity;

  constructor(seed: number, scarcity: Scarcity) {
    this.seed = seed;
    this.scarcity = scarcity;
  }

  /** The choices of the actor with this number. */
  random(actor: number): Random {
    return new Random(this.seed + 1000 * actor);
  }

  /** What an arena allocates; undefined where memory is scarce, and so it was refused. */
  allocate<V>(allocate: () => V): V | undefined {
    const view = this.scarcity.attempt(allocate);
    this.arenas.add(view === undefined ? 'limitHits' : 'allocations');
    return view;
  }
}
