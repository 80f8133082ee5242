// A step of a run: something that is done to the real pools and arenas and to their models, after which both must agree.
import fc from 'fast-check';

import { checkStep } from './check';
import type { Model } from './model';
import type { Real } from './real';

/** Does something to both; arguments are numbers and the like, never views, because fast-check keeps them. */
export type Act<A extends readonly unknown[]> = (model: Model, real: Real, ...args: A) => unknown;

class Step<A extends readonly unknown[]> implements fc.AsyncCommand<Model, Real> {
  readonly #act: Act<A>;
  readonly #args: A;
  readonly #possible: (model: Model) => boolean;

  constructor(act: Act<A>, args: A, possible: (model: Model) => boolean) {
    this.#act = act;
    this.#args = args;
    this.#possible = possible;
  }

  check(model: Model): boolean {
    return this.#possible(model);
  }

  async run(model: Model, real: Real): Promise<void> {
    await this.#act(model, real, ...this.#args);
    checkStep(model, real);
  }

  toString(): string {
    return `${this.#act.name}(${this.#args.map((arg) => fc.stringify(arg)).join(', ')})`;
  }
}

/** Steps that run `act`, with any of `args`, where that is `possible`. */
export function step<A extends readonly unknown[]>(
  act: Act<A>,
  args: { [Index in keyof A]: fc.Arbitrary<A[Index]> },
  possible: (model: Model) => boolean = () => true,
): fc.Arbitrary<fc.AsyncCommand<Model, Real>> {
  return fc.tuple(...(args as unknown as fc.Arbitrary<unknown>[])).map((values) => {
    return new Step(act, values as unknown as A, possible);
  });
}

/** One of `list`, which is not empty, for any natural number. */
export function pick<T>(list: Iterable<T>, which: number): T {
  const all = [...list];
  return all[which % all.length]!;
}
