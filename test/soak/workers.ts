// Workers that do what the main thread does, and end in the middle of it; memory that they stole outlives them here.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';

import { exitOf } from '../integration/support';
import type { Random } from './random';
import { Loot } from './theft';
import type { Actor, World } from './world';

/** How a worker ends. */
export type End = 'return' | 'exit' | 'throw' | 'terminate';
/** What a worker is told. */
export interface Order {
  readonly seed: number;
  readonly end: End;
  /** How long it works, in milliseconds. */
  readonly workFor: number;
}

/** Pages that somebody writes to after their thread has ended never go back to the system: no more than these are. */
const MOST_STOLEN = 50;

/** The message of the error that a worker throws at its end. */
export const THROWN = 'thrown at the end of a worker';
/** One that is terminated before it has begun may say 0. */
const exitCodes: Readonly<Record<End, readonly number[]>> = { return: [0], exit: [7], throw: [1], terminate: [0, 1] };

/** See the head of this file. */
export class Workers implements Actor {
  readonly #world: World;
  readonly #random: Random;
  readonly #loot = new Loot(MOST_STOLEN);

  constructor(world: World) {
    this.#world = world;
    this.#random = world.random(7);
  }

  async run(stopped: () => boolean): Promise<void> {
    while (!stopped()) {
      await this.#employ();
      this.#loot.check();
      await delay(this.#random.below(500));
    }
  }

  async #employ(): Promise<void> {
    const random = this.#random;
    const end = random.pick<End>(['return', 'exit', 'throw', 'terminate']);
    const order: Order = { seed: random.word(), end, workFor: random.below(300) };
    const worker = new Worker(join(__dirname, 'worker.js'), { workerData: order });
    const stolen: Uint8Array[] = [];
    const errors: unknown[] = [];
    worker.on('message', (bytes: Uint8Array) => stolen.push(bytes));
    worker.on('error', (error) => errors.push(error));
    const exited = exitOf(worker);
    if (end === 'terminate') {
      // Perhaps before it has begun.
      await delay(order.workFor);
      await worker.terminate();
    }
    const code = await exited;
    for (const error of errors) if ((error as Error).message !== THROWN) throw error;
    assert.ok(exitCodes[end].includes(code), `a worker that ends by ${end} has exit code ${code}`);
    this.#keep(stolen);
    this.#world.tally.add('workers');
    if (end !== 'return') this.#world.tally.add('ends');
  }

  /** What the thief writes from now on stays, whatever became of the memory with the worker. */
  #keep(stolen: readonly Uint8Array[]): void {
    for (const bytes of stolen) {
      assert.ok(bytes.length > 0, 'stolen memory went with its thread');
      if (this.#loot.count < MOST_STOLEN) this.#loot.keep(bytes, this.#random.word());
    }
    this.#world.tally.add('thefts', stolen.length);
  }
}
