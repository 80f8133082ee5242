// A pool whose buffers come back at once, later, after a promise, twice, to the wrong pool, robbed, or never.
import assert from 'node:assert/strict';
import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';

import { BufferPool, type PoolAllocator, type StaleViews } from 'simd-arena';

import { throwsCode } from '../support/errors';
import { viewKinds, type AnyView } from '../support/typed-arrays';
import { Crowd } from './crowd';
import { bytesOf, checkMarks, checkZeros, markView, type Marked } from './marks';
import { PoolAccount, type AnyAccount } from './pool-account';
import type { Random } from './random';
import { Loot, steal, stealByReading } from './theft';
import type { Actor, World } from './world';

const MEDIAN_BYTES = 4096;
const MOST_BYTES = 4 * 2 ** 20;
const REQUESTS_PER_TURN = 40;
/** Requests after which a buffer comes back at the latest. */
const MOST_LIFETIME = 1000;
const MOST_HELD = 100;

/** What pools of bytes and of elements have in common. */
interface AnyPool {
  readonly take: (bytes: number) => ArrayBufferView | null;
  readonly put: (view: ArrayBufferView) => void;
  readonly putAfter: (view: ArrayBufferView, until: Promise<unknown>) => void;
}

/** A buffer that is out. */
interface Out {
  readonly view: ArrayBufferView;
  readonly marked: Marked;
}

/** See the head of this file; one class for pools of bytes and of elements. */
export class Pools implements Actor {
  readonly account: AnyAccount;
  readonly #pool: AnyPool;
  readonly #world: World;
  readonly #random: Random;
  readonly #foreign = new BufferPool({ label: 'soak foreign' });
  readonly #held = new Crowd(MOST_HELD);
  readonly #loot = new Loot(20);
  /** Buffers that are out, by the request after which they come back, modulo the length. */
  readonly #due = Array.from({ length: MOST_LIFETIME }, (): Out[] => []);
  /** Whether buffers are dropped: not where all are reclaimed at times, dropped ones that nobody has found yet included. */
  readonly #drops: boolean;
  readonly #staleViews: StaleViews;
  #requests = 0;

  /** `number`: which actor it is. */
  constructor(world: World, number: number, pool: BufferPool | PoolAllocator, staleViews: StaleViews = 'revoke') {
    this.#world = world;
    this.#random = world.random(number);
    this.account = new PoolAccount(world, pool);
    this.#pool = pool instanceof BufferPool ? bytesFrom(pool, this.#random) : elementsFrom(pool, this.#random);
    this.#drops = pool instanceof BufferPool;
    this.#staleViews = staleViews;
  }

  async run(stopped: () => boolean): Promise<void> {
    while (!stopped()) {
      for (let count = 0; count < REQUESTS_PER_TURN; count++) this.#step();
      this.#loot.check();
      await nextTurn();
      await this.#held.room();
    }
    for (const outs of this.#due) for (const out of outs.splice(0)) this.#giveBack(out);
    await this.#held.gone();
    this.#loot.drop();
  }

  #step(): void {
    const random = this.#random;
    const request = this.#requests++;
    const bytes = random.size(MEDIAN_BYTES, MOST_BYTES);
    const view = this.account.take(() => this.#pool.take(bytes));
    if (view !== undefined) {
      // A burst keeps all that it asked for.
      const isBurst = request % 5000 < 250;
      const lifetime = !isBurst && !random.oneIn(4) ? 0 : Math.floor(MOST_LIFETIME * random.fraction() ** 4);
      this.#due[(request + lifetime) % MOST_LIFETIME]!.push({ view, marked: markView(view, random.word()) });
    }
    for (const out of this.#due[request % MOST_LIFETIME]!.splice(0)) this.#giveBack(out);
    if (random.oneIn(2000)) this.account.pool.trim(random.below(2 ** 20));
    if (!this.#drops && random.oneIn(5000)) this.#reclaimAll();
  }

  #giveBack({ view, marked }: Out): void {
    const random = this.#random;
    checkMarks(marked);
    if (this.#drops && random.oneIn(2000)) return this.#drop();
    if (random.oneIn(100)) this.#putWrongly(view);
    if (random.oneIn(1000)) return this.#held.add(this.#rob(view));
    if (random.oneIn(50)) return this.#putLater({ view, marked });
    this.#pool.put(view);
    // Where the pool does not keep the buffer, it is revoked at every level.
    if (view.byteLength > 0)
      assert.deepEqual([this.#staleViews, bytesOf(view)[0]], ['poison', 0xff], 'a view after put');
    if (random.oneIn(100)) this.#putAgain(view);
  }

  #drop(): void {
    this.account.ledger.add('leaks');
    this.#world.tally.add('dropped');
  }

  /** Somebody takes the memory of a buffer away before it comes back: at once, where it may be reclaimed at any time. */
  async #rob(view: ArrayBufferView): Promise<void> {
    const stolen = !this.#drops || this.#random.oneIn(2) ? steal(view, this.#random) : await stealByReading(view);
    if (stolen !== undefined) {
      this.#loot.keep(stolen, this.#random.word());
      this.account.ledger.add('lost');
      this.#world.tally.add('thefts');
    }
    if (this.#random.oneIn(2)) this.#pool.putAfter(view, nextTurn());
    else this.#pool.put(view);
    this.#putAgain(view);
  }

  #putLater({ view, marked }: Out): void {
    const pause = this.#random.oneIn(2) ? nextTurn() : delay(this.#random.below(10));
    const until = pause.then(() => {
      checkMarks(marked);
      if (this.#random.oneIn(4)) throw new Error('rejected on purpose');
    });
    this.#pool.putAfter(view, until);
    this.#putAgain(view);
    this.#held.add(
      until.catch((error: unknown) => {
        if ((error as Error).message !== 'rejected on purpose') throw error;
      }),
    );
  }

  /** To another pool, or another view of the same buffer. */
  #putWrongly(view: ArrayBufferView): void {
    throwsCode('ERR_POOL_NOT_OWNED', () => this.#foreign.put(view as Buffer));
    throwsCode('ERR_POOL_NOT_OWNED', () => this.#pool.put(new Uint8Array(view.buffer)));
    this.#world.tally.add('misuses', 2);
  }

  /** What has come back already. */
  #putAgain(view: ArrayBufferView): void {
    throwsCode('ERR_POOL_DOUBLE_PUT', () => this.#pool.put(view));
    this.#world.tally.add('misuses');
  }

  #reclaimAll(): void {
    const outs = this.#due.flatMap((all) => all.splice(0));
    for (const { marked } of outs) checkMarks(marked);
    this.account.pool.reclaimAll();
    for (const { view, marked } of outs) {
      assert.equal(view.byteLength, 0, 'a view outlives reclaimAll');
      if (marked.length > 0) this.#putAgain(view);
    }
  }
}

function bytesFrom(pool: BufferPool, random: Random): AnyPool {
  return {
    take(bytes) {
      const options = random.oneIn(8) ? { alignment: 64 << random.below(7) } : undefined;
      return random.oneIn(10) ? pool.get(bytes, options) : pool.getOrAlloc(bytes, options);
    },
    put: (view) => pool.put(view as Buffer),
    putAfter: (view, until) => pool.putAfter(view as Buffer, until),
  };
}

function elementsFrom(pool: PoolAllocator, random: Random): AnyPool {
  return {
    take(bytes) {
      const { type, elementBytes } = random.pick(viewKinds);
      const length = Math.ceil(bytes / elementBytes);
      if (random.oneIn(2)) return pool.allocUnsafe(type, length) as AnyView;
      const view = pool.alloc(type, length) as AnyView;
      checkZeros(view);
      return view;
    },
    put: (view) => pool.free(view),
    putAfter: (view, until) => pool.freeAfter(view, until),
  };
}
