// Faults that the machine injects: memory that is scarce for a while, and stacks that are exhausted inside the package.
import { setTimeout as delay } from 'node:timers/promises';

import { Arena, BufferPool, withArena } from 'simd-arena';

import type { Random } from './random';
import type { Actor, World } from './world';

/** How often an act comes to its end, each time a little further from the end of the stack, before it is left alone. */
const ENDS = 3;

/** See the head of this file. */
export class Exhaustion implements Actor {
  readonly #world: World;
  readonly #random: Random;
  readonly #acts = [this.#scope, this.#owned, this.#held, this.#pooled] as const;

  constructor(world: World) {
    this.#world = world;
    this.#random = world.random(6);
  }

  async run(stopped: () => boolean): Promise<void> {
    const { scarcity, tally } = this.#world;
    while (!stopped()) {
      await delay(this.#random.below(100));
      this.#random.pick(this.#acts).call(this);
      if (!this.#random.oneIn(4)) continue;
      scarcity.begin(this.#random);
      tally.add('scarce');
      await delay(this.#random.below(50));
      scarcity.end();
    }
  }

  #scope(): void {
    this.#attempt(1, 1, () => {
      withArena({ label: 'soak stack' }, (arena) => {
        arena.allocUnsafe(Uint8Array, 100_000);
      });
    });
  }

  #owned(): void {
    this.#attempt(2, 2, () => {
      const arena = new Arena({ staleViews: 'poison' });
      try {
        arena.alloc(Float64Array, 100);
        arena.reset();
        arena.alloc(Float64Array, 100);
      } finally {
        arena.close();
      }
    });
  }

  #held(): void {
    this.#attempt(1, 1, () => {
      const arena = new Arena();
      arena.allocUnsafe(Uint8Array, 100);
      arena.closeAfter({ closed: true, once: () => undefined });
    });
  }

  /** A pool that is closed at the end: what an exhausted stack leaves of its buffers must not count for ever. */
  #pooled(): void {
    const pool = new BufferPool({ leakDetection: 'off' });
    this.#nearTheEnd(() => pool.put(pool.getOrAlloc(100)));
    pool.close();
  }

  /** Runs `act` near the end of the stack: it may get anywhere within so many allocations and releases. */
  #attempt(allocations: number, resets: number, act: () => void): void {
    const { arenas } = this.#world;
    const { ended, exhausted } = this.#nearTheEnd(act);
    arenas.add('allocations', ended * allocations);
    arenas.add('resets', ended * resets);
    arenas.maybe('allocations', exhausted * allocations);
    arenas.maybe('resets', exhausted * resets);
    for (const event of ['limitHits', 'leaks'] as const) arenas.maybe(event, exhausted);
  }

  /** How often `act` has come to its end, and how often it has exhausted the stack. */
  #nearTheEnd(act: () => void): Attempts {
    const attempts = { ended: 0, exhausted: 0 };
    climb(act, attempts, ...Array<undefined>(this.#random.below(24)));
    this.#world.tally.add('stacks', attempts.exhausted);
    return attempts;
  }
}

interface Attempts {
  ended: number;
  exhausted: number;
}

/** Exhausts the stack, and on the way back tries `act` at every depth, until it fits; `shift` moves the frames. */
function climb(act: () => void, attempts: Attempts, ...shift: unknown[]): void {
  try {
    climb(act, attempts, ...shift);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  if (attempts.ended === ENDS) return;
  try {
    act();
    attempts.ended += 1;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    attempts.exhausted += 1;
  }
}
