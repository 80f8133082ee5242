import assert from 'node:assert/strict';

import { chunkBytesFor, MIN_CHUNK_BYTES } from '#internal/chunk-size';
import { Arena } from 'simd-arena';

describe('the sizes of chunks', () => {
  it('are those that native code makes', () => {
    for (let units = 1; units < 600; units += units < 70 ? 1 : 7) {
      for (const bytes of [units * MIN_CHUNK_BYTES - 1, units * MIN_CHUNK_BYTES, units * MIN_CHUNK_BYTES + 1]) {
        const arena = new Arena({ initialBytes: bytes, retainBytes: 0 });
        arena.allocUnsafe(Uint8Array, 1);
        assert.equal(chunkBytesFor(bytes), arena.stats().capacity, `${bytes} bytes`);
        arena.close();
      }
    }
    assert.equal(chunkBytesFor(0), MIN_CHUNK_BYTES);
  });
});
