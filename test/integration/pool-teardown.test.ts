import assert from 'node:assert/strict';

import { hasExternalBuffers } from '../support/runtime';
import { resultOf, runFixture } from './support';

describe('buffers of pools that are out, idle, held, marked or taken away', () => {
  for (const [end, expected] of Object.entries({ return: 0, exit: 3 })) {
    it(`let their process end quietly: ${end}`, async () => {
      const { code, signal, stderr } = await runFixture('pool-teardown', [end]);
      assert.deepEqual({ code, signal, stderr }, { code: expected, signal: null, stderr: '' });
    });
  }

  it('let their worker end; what it gave away lives on in another thread, and is nobody else’s', async function () {
    this.timeout(30_000);
    // An ordinary buffer has 4096 bytes more, for alignment.
    const whole = Array<number>(3).fill(hasExternalBuffers ? 2 ** 17 : 2 ** 17 + 4096);
    assert.deepEqual(await resultOf('pool-teardown', ['workers']), [whole, whole, whole]);
  });
});
