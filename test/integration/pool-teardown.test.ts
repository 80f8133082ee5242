import assert from 'node:assert/strict';

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
    const whole = Array<number>(3).fill(2 ** 17);
    assert.deepEqual(await resultOf('pool-teardown', ['workers']), [whole, whole, whole]);
  });
});
