import assert from 'node:assert/strict';

import { resultOf } from '../integration/support';
import { promise } from '../support/promises';
import { backends } from '../support/runtime';

promise('No use after free', () => {
  for (const backend of backends) {
    for (const seed of [1, 2]) {
      it(`where ${backend} memory is stolen, dropped and collected in a random order: ${seed}`, async () => {
        const variables = { SIMD_ARENA_BACKEND: backend };
        assert.deepEqual(await resultOf('thieves', [String(seed)], variables), { wrong: 0, taken: true });
      });
    }
  }
});
