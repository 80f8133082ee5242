import assert from 'node:assert/strict';

import { resultOf } from './support';

/**
 * What users load, and no more, whatever instruments this run (see tools/with-addon); and as processes are by default: to load
 * WebAssembly memory where it is not the default costs Node 22 another 0.7 MiB.
 */
const uninstrumented = {
  LD_PRELOAD: undefined,
  NODE_OPTIONS: undefined,
  NODE_V8_COVERAGE: undefined,
  SIMD_ARENA_BACKEND: undefined,
};

const RUNS = 7;

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[values.length >> 1]!;
}

describe('loading the package', () => {
  it('costs less than 4 MiB of memory', async function () {
    this.timeout(30_000);
    const plain: number[] = [];
    const loaded: number[] = [];
    for (let run = 0; run < RUNS; run++) {
      plain.push((await resultOf('idle', [], uninstrumented)) as number);
      loaded.push((await resultOf('idle', ['load'], uninstrumented)) as number);
    }
    const cost = median(loaded) - median(plain);
    assert.ok(cost < 4 * 2 ** 20, `${cost} bytes`);
  });
});
