// Scopes that end before anything else runs: nested ones, ones that throw, leak, exceed a limit, lose their memory to a thief.
import assert from 'node:assert/strict';
import { setImmediate as nextTurn } from 'node:timers/promises';

import { Arena, withArena, type StaleViews } from 'simd-arena';

import { throwsCode } from '../support/errors';
import { allocateMarked, checkAll, fillArena, labelled, sizeFor } from './arena-work';
import type { Random } from './random';
import { Loot, steal } from './theft';
import type { Actor, World } from './world';

const SCOPES_PER_TURN = 40;
const DEEPEST = 3;
const levels: readonly StaleViews[] = ['revoke', 'revoke', 'revoke', 'revoke', 'revoke', 'revoke', 'poison', 'allow'];

/** See the head of this file. */
export class Scopes implements Actor {
  readonly #world: World;
  readonly #random: Random;
  readonly #loot = new Loot(8);
  /** What may happen in place of a plain scope. */
  readonly #unusual = [
    this.#throwing,
    this.#escaping,
    this.#limited,
    this.#robbed,
    this.#writtenLate,
    this.#dropped,
  ] as const;

  constructor(world: World) {
    this.#world = world;
    this.#random = world.random(1);
  }

  async run(stopped: () => boolean): Promise<void> {
    while (!stopped()) {
      for (let count = 0; count < SCOPES_PER_TURN; count++) this.#step();
      this.#loot.check();
      await nextTurn();
    }
    this.#loot.drop();
  }

  #step(): void {
    this.#world.tally.add('scopes');
    if (this.#random.oneIn(20)) this.#random.pick(this.#unusual).call(this);
    else this.#plain(0);
  }

  #plain(depth: number): void {
    const random = this.#random;
    const options = labelled(random, { staleViews: random.pick(levels) });
    const marked = withArena(options, (arena) => {
      const all = fillArena(this.#world, arena, options.label, random);
      if (depth < DEEPEST && random.oneIn(4)) this.#plain(depth + 1);
      checkAll(all);
      return { inside: () => all };
    }).inside();
    this.#world.arenas.add('resets');
    if (options.staleViews !== 'revoke') return;
    assert.ok(
      marked.every(({ bytes }) => bytes.length === 0),
      'a view outlives its scope',
    );
  }

  #throwing(): void {
    const thrown = new Error('thrown on purpose');
    this.#world.tally.add('throws');
    assert.throws(
      () =>
        withArena(labelled(this.#random), (arena) => {
          allocateMarked(this.#world, arena, 100, this.#random);
          throw thrown;
        }),
      thrown,
    );
    this.#world.arenas.add('resets');
  }

  #escaping(): void {
    const { arenas, tally } = this.#world;
    let escaped = false;
    const escape = (): unknown =>
      withArena(labelled(this.#random), (arena) => {
        const view = this.#world.allocate(() => arena.alloc(Uint8Array, 10));
        escaped = view !== undefined;
        return this.#random.pick([view, [view], { view }, view?.buffer]);
      });
    try {
      escape();
      assert.equal(escaped, false, 'a view has escaped');
    } catch (error) {
      throwsCode('ERR_ARENA_ESCAPE', () => {
        throw error;
      });
      arenas.add('escapes');
      tally.add('escapes');
    }
    arenas.add('resets');
  }

  #limited(): void {
    const { arenas, tally } = this.#world;
    const maxBytes = 64 * this.#random.below(2000);
    withArena(labelled(this.#random, { maxBytes }), (arena) => {
      throwsCode('ERR_ARENA_LIMIT', () => arena.alloc(Uint8Array, maxBytes + 1));
      arenas.add('limitHits');
      tally.add('limits');
      if (maxBytes > 0) checkAll([allocateMarked(this.#world, arena, maxBytes >> 1, this.#random) ?? []].flat());
    });
    arenas.add('resets');
  }

  #robbed(): void {
    const random = this.#random;
    const { arenas, tally } = this.#world;
    withArena(labelled(random, { staleViews: 'revoke' }), (arena) => {
      const all = fillArena(this.#world, arena, undefined, random);
      const stolen = all.length === 0 ? undefined : steal(random.pick(all).bytes, random);
      if (stolen === undefined) return;
      arenas.add('chunksLost');
      tally.add('thefts');
      this.#loot.keep(stolen, random.word());
      if (random.oneIn(2)) checkAll(fillArena(this.#world, arena, undefined, random));
    });
    arenas.add('resets');
  }

  /** A write after the end of a scope; nobody else has its memory yet. */
  #writtenLate(): void {
    const { arenas, tally } = this.#world;
    const views = withArena({ staleViews: 'poison', label: 'soak late' }, (arena) => {
      const view = this.#world.allocate(() => arena.alloc(Uint8Array, 100));
      return { inside: () => view };
    });
    arenas.add('resets');
    const view = views.inside();
    // An arena that is too large for its label drops its chunk, which revokes at every level.
    if (view === undefined || view.length === 0) return;
    assert.equal(view[0], 0xff, 'not poisoned');
    view[0] = 0;
    // Noticed when the arena is used again, unless its memory goes back to the system before that.
    arenas.maybe('staleWrites');
    tally.add('stale');
  }

  #dropped(): void {
    const { arenas, tally } = this.#world;
    const options = labelled(this.#random);
    allocateMarked(this.#world, Arena.lease(options), sizeFor(options.label, this.#random), this.#random);
    arenas.add('leaks');
    arenas.add('resets');
    tally.add('dropped');
  }
}
