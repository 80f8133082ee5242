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
