import assert from 'node:assert/strict';

import { LeakSampler } from '#internal/leaks';
import { configure, runtimeInfo, withArena } from 'simd-arena';

import { runtime } from '../../support/runtime';

/** Whether stacks are V8's, which `Error.prepareStackTrace` and `Error.stackTraceLimit` have a say in. */
const stacksAreOfV8 = runtime !== 'bun';

/** The stack of an allocation, if the sampler chooses it, as the package asks for it. */
function allocate(sampler: LeakSampler): string | undefined {
  return --sampler.countdown === 0 ? sampler.trace(allocate) : undefined;
}

/** The numbers of the allocations that are traced, of so many. */
function tracedOf(sampler: LeakSampler, allocations: number): number[] {
  const traced: number[] = [];
  for (let index = 0; index < allocations; index++) if (allocate(sampler) !== undefined) traced.push(index);
  return traced;
}

describe('LeakSampler', () => {
  it("traces every allocation at 'all', none at 'off'", () => {
    assert.equal(tracedOf(new LeakSampler('all'), 100).length, 100);
    assert.equal(tracedOf(new LeakSampler('off'), 1_000_000).length, 0);
    const off = new LeakSampler('off');
    off.countdown = 1;
    assert.equal(allocate(off), undefined);
    assert.ok(off.countdown > 1_000_000);
  });

  it("traces a few at 'sampled', at random distances", () => {
    const allocations = 10_000_000;
    const traced = tracedOf(new LeakSampler('sampled'), allocations);
    // 610 are expected, with a deviation of 14; distances are never above twice their mean.
    assert.ok(traced.length > 300 && traced.length < 1000, `${traced.length}`);
    const distances = traced.slice(1).map((index, before) => index - traced[before]!);
    assert.ok(new Set(distances).size > distances.length / 2, 'they differ');
  });

  it('follows a change of level at once', () => {
    const sampler = new LeakSampler('off');
    sampler.level = 'all';
    assert.equal(sampler.level, 'all');
    assert.equal(tracedOf(sampler, 3).length, 3);
    sampler.level = 'off';
    assert.equal(tracedOf(sampler, 1000).length, 0);
  });

  it('begins a stack with the caller of the allocation', () => {
    function caller(): string | undefined {
      return allocate(new LeakSampler('all'));
    }
    const first = !stacksAreOfV8 ? 'Error\n {4}at ' : 'Allocated\n {4}at caller \\(.*leaks\\.test\\.js:\\d+:\\d+\\)\n';
    assert.match(caller()!, new RegExp(`^${first}`));
  });
});

describe('what users do to stacks', () => {
  /** Runs `run` while `Error` has these properties. They are gone before anybody looks at an error. */
  function withError<T>(properties: PropertyDescriptorMap, run: () => T): T {
    const original: PropertyDescriptorMap = Object.getOwnPropertyDescriptors(Error);
    for (const [key, descriptor] of Object.entries(properties)) {
      Object.defineProperty(Error, key, { ...descriptor, configurable: true });
    }
    try {
      return run();
    } finally {
      for (const key of Object.keys(properties)) {
        Reflect.deleteProperty(Error, key);
        if (original[key] !== undefined) Object.defineProperty(Error, key, original[key]);
      }
    }
  }

  const { leakDetection } = runtimeInfo();
  beforeEach(() => configure({ leakDetection: 'all' }));
  afterEach(() => configure({ leakDetection }));

  const fail = (): never => {
    throw new Error('of the user');
  };
  const again = (): never => again();
  const useScope = (): string => withArena((arena) => `scope of ${arena.alloc(Uint8Array, 100).length}`);
  const unknown = /^Allocated where no stack could be taken$/;
  const traced = /^Allocated\n {4}at .*leaks\.test\.js/;
  for (const [what, properties, stack] of [
    ['prepareStackTrace throws', { prepareStackTrace: { value: fail } }, unknown],
    ['prepareStackTrace returns no string', { prepareStackTrace: { value: () => [1] } }, unknown],
    // Deno does not call it.
    [
      'prepareStackTrace is a throwing getter',
      { prepareStackTrace: { get: fail } },
      runtime === 'deno' ? traced : unknown,
    ],
    ['prepareStackTrace exhausts the stack', { prepareStackTrace: { value: again } }, unknown],
    ['prepareStackTrace opens scopes', { prepareStackTrace: { value: useScope } }, /^scope of 100$/],
    ['captureStackTrace throws', { captureStackTrace: { value: fail } }, traced],
    ['stackTraceLimit is 0', { stackTraceLimit: { value: 0 } }, /^Allocated$/],
    ['stackTraceLimit is no number', { stackTraceLimit: { value: 'ten' } }, unknown],
    ['stackTraceLimit is a throwing getter', { stackTraceLimit: { get: fail } }, unknown],
  ] as const) {
    it(`does not get in the way of an allocation: ${what}`, () => {
      const result = withError(properties, () => ({
        length: withArena((arena) => arena.alloc(Uint8Array, 10).length),
        stack: allocate(new LeakSampler('all')),
      }));
      assert.equal(result.length, 10);
      assert.match(result.stack!, stacksAreOfV8 ? stack : /^Error\n(.*\n)* {4}at .*leaks\.test\.js/);
    });
  }

  it('shows in the stack: what prepareStackTrace makes of it', () => {
    const prepare = ({ name }: Error, sites: unknown[]): string => `${name}: ${sites.length > 0}`;
    const stack = withError({ prepareStackTrace: { value: prepare } }, () => allocate(new LeakSampler('all')));
    assert.match(stack!, stacksAreOfV8 ? /^Allocated: true$/ : /^Error\n {4}at /);
  });
});
