import assert from 'node:assert/strict';

import { runtimeInfo } from 'simd-arena';

import { marksForbidRevocation, runtime } from '../support/runtime';
import { assertUncaught, hasTransfer, resultOf, runFixture } from './support';

const { backend } = runtimeInfo();

/** Expected exit codes; nothing is printed, and nothing aborts. */
const silentEnds = {
  'exit-in-scope': 3,
  'exit-in-async-scope': 3,
  'exit-while-held': 4,
  'end-while-held': 0,
  'exit-with-stolen-buffers': 0,
  'end-with-untransferable-buffers': 0,
};

describe('the end of a process', () => {
  for (const [scenario, expected] of Object.entries(silentEnds)) {
    it(`is quiet and orderly: ${scenario}`, async () => {
      const { code, signal, stderr } = await runFixture('teardown', [scenario]);
      assert.deepEqual({ code, signal, stderr }, { code: expected, signal: null, stderr: '' });
    });
  }

  it('is orderly while native work is pending', async () => {
    const { code, signal, stderr } = await runFixture('teardown', ['exit-with-pending-native-work']);
    assert.deepEqual({ code, signal }, { code: 6, signal: null });
    // JavaScriptCore does not let go of a buffer that zlib is reading.
    if (runtime === 'bun') assertOneWarning(stderr, 'SIMD_ARENA_CHUNK_LOST');
    else assert.equal(stderr, '');
  });

  it('is that of an uncaught error where a scope throws', async () => {
    const { code, signal, stderr } = await runFixture('teardown', ['throw-in-scope']);
    assert.deepEqual({ code, signal }, { code: 1, signal: null });
    assertUncaught(stderr, 'thrown on purpose');
  });

  it('only warns of buffers that were taken away', async () => {
    const { code, signal, stderr } = await runFixture('teardown', ['end-with-stolen-buffers']);
    assert.deepEqual({ code, signal }, { code: 0, signal: null });
    if (backend === 'external' && hasTransfer) assertOneWarning(stderr, 'SIMD_ARENA_CHUNK_LOST');
    else assert.equal(stderr, '');
  });

  it('survives buffers that were marked as untransferable and could not be revoked', async () => {
    const { code, signal, stderr } = await runFixture('teardown', ['revoke-untransferable-buffers']);
    assert.deepEqual({ code, signal }, { code: 0, signal: null });
    if (marksForbidRevocation) assertOneWarning(stderr, 'SIMD_ARENA_CHUNK_LOST');
    else assert.equal(stderr, '');
  });
});

describe('arena memory that was transferred to another thread', () => {
  it('can be read and written after its thread has ended, and is nobody else’s', async () => {
    const moved = backend === 'external' && hasTransfer;
    assert.deepEqual(await resultOf('posted-buffers'), {
      lengths: [2 ** 20, 2 ** 20, 2 ** 20],
      transferred: [moved, moved, moved],
      seen: false,
      written: false,
      late: 2 ** 20,
    });
  });
});

/** Asserts that one warning with this code, and the hint that runtimes but Deno add, are all that was printed. */
function assertOneWarning(stderr: string, code: string): void {
  const lines = stderr.split('\n').filter((line) => line !== '');
  assert.equal(lines.length, runtime === 'deno' ? 1 : 2, stderr);
  assert.match(lines[0]!, new RegExp(`^\\(node:\\d+\\) \\[${code}\\] SimdArenaWarning: `));
  assert.match(lines.at(-1)!, runtime === 'deno' ? /SimdArenaWarning/ : /trace-warnings/);
}
