// Arenas that live long: reset again and again, also while timers hold their memory.
import assert from 'node:assert/strict';
import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';

import { Arena } from 'simd-arena';

import { checkAll, fillArena } from './arena-work';
import { Crowd } from './crowd';
import type { Marked } from './marks';
import type { Random } from './random';
import type { Actor, World } from './world';

const ARENAS = 4;
const MOST_HOLDS = 100;
const STEPS_PER_TURN = 4;

/** An arena, and what was allocated in it since the last reset. */
interface Owned {
  readonly arena: Arena;
  readonly label: string;
  marked: Marked[];
  /** Holds since the last reset. */
  holds: number;
}

/** See the head of this file. */
export class OwnedArenas implements Actor {
  readonly #world: World;
  readonly #random: Random;
  readonly #holds = new Crowd(MOST_HOLDS);

  constructor(world: World) {
    this.#world = world;
    this.#random = world.random(3);
  }

  async run(stopped: () => boolean): Promise<void> {
    const owned = Array.from({ length: ARENAS }, (_, rank) => this.#open(rank));
    while (!stopped()) {
      for (let count = 0; count < STEPS_PER_TURN; count++) {
        const rank = this.#random.below(ARENAS);
        owned[rank] = this.#step(owned[rank]!, rank);
      }
      await nextTurn();
      await this.#holds.room();
    }
    for (const one of owned) this.#close(one);
    await this.#holds.gone();
  }

  #open(rank: number): Owned {
    const label = `soak owned ${rank}`;
    return {
      arena: this.#random.oneIn(2) ? new Arena({ label }) : Arena.lease({ label }),
      label,
      marked: [],
      holds: 0,
    };
  }

  /** Allocates, resets, holds or closes; the arena that comes next. */
  #step(owned: Owned, rank: number): Owned {
    const random = this.#random;
    this.#world.tally.add('arenas');
    checkAll(owned.marked);
    if (random.oneIn(3)) owned.marked.push(...fillArena(this.#world, owned.arena, owned.label, random));
    if (random.oneIn(6)) this.#hold(owned);
    if (random.oneIn(6)) this.#reset(owned);
    if (!random.oneIn(50)) return owned;
    this.#close(owned);
    return this.#open(rank);
  }

  /** Takes a hold for a while, in which what is allocated by now is there, whatever becomes of the arena. */
  #hold(owned: Owned): void {
    const hold = owned.arena.hold();
    const marked = [...owned.marked];
    owned.holds += 1;
    this.#holds.add(
      delay(this.#random.below(20)).then(() => {
        checkAll(marked);
        hold[Symbol.dispose]();
        hold[Symbol.dispose]();
      }),
    );
  }

  #reset(owned: Owned): void {
    owned.arena.reset();
    this.#released(owned);
    owned.marked = [];
    owned.holds = 0;
  }

  #close(owned: Owned): void {
    owned.arena.close();
    owned.arena.close();
    this.#released(owned);
  }

  #released({ marked, holds }: Owned): void {
    this.#world.arenas.add('resets');
    if (holds > 0) return;
    assert.ok(
      marked.every(({ bytes }) => bytes.length === 0),
      'a view outlives a reset',
    );
  }
}
