import assert from 'node:assert/strict';

import { resultOf } from './support';

describe('a stack that is exhausted while arenas begin, are reset and end', () => {
  it('leaves nothing open, handed out or shared with an ended scope', async function () {
    this.timeout(60_000);
    assert.deepEqual(await resultOf('exhausted-stack', [], { NODE_NO_WARNINGS: '1' }), {
      exhausted: 5 * 24,
      aliases: 0,
      views: 0,
      used: 0,
      openScopes: 0,
      oldestScopeAge: 0,
    });
  });
});

describe('an exhausted stack while holds begin and end', () => {
  it('leaves nothing held', async function () {
    this.timeout(60_000);
    const left = await resultOf('exhausted-holds', [], { NODE_NO_WARNINGS: '1' });
    assert.deepEqual(left, { exhausted: true, used: 0, openScopes: 0, held: 0 });
  });
});

describe('an exhausted stack while pools hand out, take back, reclaim and trim', () => {
  it('leaves nothing out, lost or shared, and zeros where zeros are asked for', async function () {
    this.timeout(60_000);
    const { zeros, ...pools } = (await resultOf('exhausted-pools')) as Record<string, unknown>;
    assert.deepEqual(zeros, [0]);
    assert.equal(Object.keys(pools).length, 4 * 3 + 2);
    for (const [name, state] of Object.entries(pools)) {
      assert.deepEqual(state, { aliases: 0, inUse: 0, bytesInUse: 0, lost: 0 }, name);
    }
  });
});
