import assert from 'node:assert/strict';

import { promises, testedPromises } from '../support/promises';

describe('SECURITY.md', () => {
  it('promises nothing that no test names', () => {
    assert.equal(promises.length, 8);
    // Filled while mocha loads the files of tests; a group for what is not promised fails there.
    assert.deepEqual([...testedPromises].sort(), [...promises].sort());
  });
});
