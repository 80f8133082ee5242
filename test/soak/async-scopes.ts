// Scopes that last for some turns, many at a time: ones that are rejected, lose a race, lose their memory, or never settle.
import assert from 'node:assert/strict';
import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';

import { withArena } from 'simd-arena';

import { rejectsCode } from '../support/errors';
import { checkAll, fillArena, labelled } from './arena-work';
import { Crowd } from './crowd';
import type { Marked } from './marks';
import type { Random } from './random';
import { Loot, stealByReading } from './theft';
import type { Actor, World } from './world';

const MOST_AT_ONCE = 24;

/** See the head of this file. */
export class AsyncScopes implements Actor {
  readonly #world: World;
  readonly #random: Random;
  readonly #loot = new Loot(8);
  /** What may happen in place of a plain scope. */
  readonly #unusual = [this.#rejected, this.#escaping, this.#racing, this.#robbed, this.#unsettled] as const;

  constructor(world: World) {
    this.#world = world;
    this.#random = world.random(2);
  }

  async run(stopped: () => boolean): Promise<void> {
    const crowd = new Crowd(MOST_AT_ONCE);
    while (!stopped()) {
      await crowd.room();
      this.#world.tally.add('scopes');
      crowd.add(this.#random.oneIn(8) ? this.#random.pick(this.#unusual).call(this) : this.#plain());
      this.#loot.check();
    }
    await crowd.gone();
    this.#loot.drop();
  }

  /** Some turns of the event loop, or some milliseconds. */
  async #pause(): Promise<void> {
    if (this.#random.oneIn(4)) return delay(this.#random.below(10));
    for (let turns = this.#random.below(3); turns >= 0; turns--) await nextTurn();
  }

  async #plain(): Promise<void> {
    const random = this.#random;
    const options = labelled(random);
    let all: Marked[] = [];
    await withArena(options, async (arena) => {
      all = fillArena(this.#world, arena, options.label, random);
      await this.#pause();
      if (random.oneIn(8)) await this.#plain();
      all.push(...fillArena(this.#world, arena, options.label, random));
      await this.#pause();
      checkAll(all);
    });
    this.#world.arenas.add('resets');
    assertRevoked(all);
  }

  async #rejected(): Promise<void> {
    const thrown = new Error('thrown on purpose');
    this.#world.tally.add('throws');
    const rejected = withArena(labelled(this.#random), async (arena) => {
      fillArena(this.#world, arena, undefined, this.#random);
      await this.#pause();
      throw thrown;
    });
    await assert.rejects(rejected, thrown);
    this.#world.arenas.add('resets');
  }

  async #escaping(): Promise<void> {
    const { arenas, tally } = this.#world;
    const escaping = withArena(labelled(this.#random), async (arena) => {
      await this.#pause();
      const view = this.#world.allocate(() => arena.alloc(Uint8Array, 10));
      if (view === undefined) return undefined;
      arenas.add('escapes');
      tally.add('escapes');
      return { view };
    });
    if ((await Promise.allSettled([escaping]))[0].status === 'rejected') {
      await rejectsCode('ERR_ARENA_ESCAPE', escaping);
    } else {
      assert.equal(await escaping, undefined, 'a view has escaped');
    }
    arenas.add('resets');
  }

  /** The scope ends with the first of two, and the other one goes on using its memory. */
  async #racing(): Promise<void> {
    let all: Marked[] = [];
    let loser: Promise<void> | undefined;
    await withArena(labelled(this.#random), async (arena) => {
      all = fillArena(this.#world, arena, undefined, this.#random);
      loser = delay(5 + this.#random.below(20)).then(() => checkAll(all));
      arena.waitUntil(loser);
      await Promise.race([loser, nextTurn()]);
    });
    this.#world.arenas.add('resets');
    await loser;
    await nextTurn();
    assertRevoked(all);
  }

  async #robbed(): Promise<void> {
    const random = this.#random;
    const { arenas, tally } = this.#world;
    await withArena(labelled(random, { staleViews: 'revoke' }), async (arena) => {
      const all = fillArena(this.#world, arena, undefined, random);
      const victim = all.find(({ length }) => length > 0);
      const stolen = victim && (await stealByReading(victim.bytes));
      if (stolen === undefined) return;
      arenas.add('chunksLost');
      tally.add('thefts');
      this.#loot.keep(stolen, random.word());
      if (random.oneIn(2)) checkAll(fillArena(this.#world, arena, undefined, random));
    });
    arenas.add('resets');
  }

  /** Nobody can settle its promise: the garbage collector ends it. */
  #unsettled(): Promise<void> {
    const { arenas, tally } = this.#world;
    void withArena(labelled(this.#random), (arena) => {
      fillArena(this.#world, arena, undefined, this.#random);
      return new Promise(() => undefined);
    });
    arenas.add('leaks');
    arenas.add('resets');
    tally.add('dropped');
    return Promise.resolve();
  }
}

function assertRevoked(all: readonly Marked[]): void {
  assert.ok(
    all.every(({ bytes }) => bytes.length === 0),
    'a view outlives its scope',
  );
}
