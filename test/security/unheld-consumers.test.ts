import assert from 'node:assert/strict';

import { resultOf, runFixture } from '../integration/support';
import { promise } from '../support/promises';
import { backends } from '../support/runtime';

const consumers = [
  'fs.write',
  'fs.read',
  'zlib.deflate',
  'zlib.brotliCompress',
  'zlib.createGzip',
  'crypto.randomFill',
  'socket.write',
  'res.end to a slow client',
  'res.end to an aborting client',
  'postMessage',
];

/**
 * An arena is closed and its memory reused, or given back to the system, or the arena is dropped and collected. A buffer
 * of a pool is put back and reused, or given back as its pool is closed, or its pool is dropped and collected.
 */
const ends = ['close', 'give-back', 'drop'];

promise('No use after free', () => {
  describe('a process survives what uses the memory of a pool that nobody holds:', () => {
    for (const consumer of consumers) {
      it(`${consumer}, when its buffer is put back, and its pool closed or dropped`, async function () {
        this.timeout(30_000);
        const results = ends.map((end) => resultOf('unheld', [consumer, end, 'pool']));
        assert.deepEqual(await Promise.all(results), ['done', 'done', 'done']);
      });
    }

    it('zlib and crypto, when their worker is terminated', async function () {
      this.timeout(30_000);
      assert.equal(await resultOf('terminate-pending', ['pool']), 'done');
    });
  });

  describe('a process survives what uses the memory of an arena that nobody holds:', () => {
    for (const backend of backends) {
      for (const consumer of consumers) {
        it(`${consumer}, in ${backend} memory, when the arena is closed or dropped`, async function () {
          this.timeout(30_000);
          const results = ends.map((end) => resultOf('unheld', [consumer, end], { SIMD_ARENA_BACKEND: backend }));
          assert.deepEqual(await Promise.all(results), ['done', 'done', 'done']);
        });
      }

      it(`zlib in many rounds, in ${backend} memory, only with a hold: Node.js itself fails on any buffer that is detached`, async () => {
        const variables = { SIMD_ARENA_BACKEND: backend };
        assert.equal(await resultOf('zlib-rounds', ['held'], variables), 'done');
        const plain = await runFixture('zlib-rounds', ['plain'], variables);
        const arena = await runFixture('zlib-rounds', ['arena'], variables);
        assert.deepEqual([arena.code, arena.signal, arena.stdout], [plain.code, plain.signal, plain.stdout]);
        // Node 20 aborts, later versions throw where nobody can catch it.
        assert.match(
          arena.stderr,
          /Assertion failed: Buffer::IsWithinBounds|RangeError: input buffer is out of bounds/,
        );
        assert.match(
          plain.stderr,
          /Assertion failed: Buffer::IsWithinBounds|RangeError: input buffer is out of bounds/,
        );
      });

      it(`zlib and crypto, in ${backend} memory, when their worker is terminated`, async function () {
        this.timeout(30_000);
        assert.equal(await resultOf('terminate-pending', [], { SIMD_ARENA_BACKEND: backend }), 'done');
      });
    }
  });
});
