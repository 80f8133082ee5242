import assert from 'node:assert/strict';

import { runtimeInfo } from 'simd-arena';

import { backends, hasExternalBuffers } from '../support/runtime';
import { assertUncaught, hasTransfer, resultOf, runFixture, type Variables } from './support';

/** What the package makes of these variables, and of no others of its own. */
async function environmentWith(variables: Variables): Promise<Readonly<Record<string, unknown>>> {
  return (await resultOf('environment', [], { ...unset, ...variables })) as Readonly<Record<string, unknown>>;
}

const unset: Variables = {
  SIMD_ARENA_BACKEND: undefined,
  SIMD_ARENA_SIZE: undefined,
  SIMD_ARENA_BUDGET: undefined,
  SIMD_ARENA_STALE_VIEWS: undefined,
  SIMD_ARENA_ISA: undefined,
};

const malformed: Readonly<Record<string, readonly string[]>> = {
  SIMD_ARENA_BACKEND: ['', 'External', 'mmap', 'wasm '],
  SIMD_ARENA_SIZE: [
    '',
    '0',
    '-1',
    '1.5m',
    '64kb',
    '1 m',
    'm',
    '0x10',
    '1e6',
    '99999999999999999999',
    '9007199254740992',
  ],
  SIMD_ARENA_BUDGET: ['', '0', '0k', 'unlimited', '10t', ' 1', '9000000g'],
  SIMD_ARENA_STALE_VIEWS: ['', 'REVOKE', 'deny', 'true'],
};

const unsupportedIsas = ['', 'sse9', 'AVX2', 'avx2 ', process.arch === 'arm64' ? 'avx2' : 'neon'];

describe('the environment', () => {
  it('has defaults', async () => {
    const { backend, staleViews, stale, budgetBytes, capacity } = await environmentWith({});
    assert.deepEqual(
      { backend, staleViews, stale, budgetBytes, capacity },
      // JSON has no Infinity.
      {
        backend: hasTransfer && hasExternalBuffers ? 'external' : 'wasm',
        staleViews: 'revoke',
        stale: 'revoke',
        budgetBytes: null,
        capacity: 65536,
      },
    );
  });

  for (const backend of backends) {
    it(`forces the backend: ${backend}`, async () => {
      assert.equal((await environmentWith({ SIMD_ARENA_BACKEND: backend }))['backend'], backend);
    });
  }

  it(`${hasExternalBuffers ? 'accepts' : 'refuses'} the external backend here`, async () => {
    const { code, stderr } = await runFixture('environment', [], { SIMD_ARENA_BACKEND: 'external' });
    assert.equal(code, hasExternalBuffers ? 0 : 1);
    assert.equal(stderr.includes('ERR_INVALID_ENVIRONMENT'), !hasExternalBuffers);
  });

  for (const staleViews of ['revoke', 'poison', 'allow']) {
    for (const backend of backends) {
      it(`decides about stale views in ${backend} memory: ${staleViews}`, async () => {
        const result = await environmentWith({ SIMD_ARENA_STALE_VIEWS: staleViews, SIMD_ARENA_BACKEND: backend });
        assert.equal(result['staleViews'], staleViews);
        assert.equal(result['stale'], staleViews);
      });
    }
  }

  for (const [text, bytes] of Object.entries({
    '1': 65536,
    '131072': 131072,
    '256k': 2 ** 18,
    '1M': 2 ** 20,
    '2m': 2 ** 21,
  })) {
    it(`sets the size of the first chunk: SIMD_ARENA_SIZE=${text}`, async () => {
      assert.equal((await environmentWith({ SIMD_ARENA_SIZE: text }))['capacity'], bytes);
    });
  }

  for (const [text, bytes] of Object.entries({ '1000000': 1e6, '512k': 2 ** 19, '64M': 2 ** 26, '3g': 3 * 2 ** 30 })) {
    it(`sets the budget: SIMD_ARENA_BUDGET=${text}`, async () => {
      assert.equal((await environmentWith({ SIMD_ARENA_BUDGET: text }))['budgetBytes'], bytes);
    });
  }

  it('refuses memory past SIMD_ARENA_BUDGET', async () => {
    const { code, stderr } = await runFixture('environment', ['65537'], { ...unset, SIMD_ARENA_BUDGET: '64k' });
    assert.equal(code, 1);
    assertUncaught(stderr, 'The allocation exceeds the process-wide memory budget: ', {
      code: 'ERR_MEMORY_BUDGET',
      limit: 65536,
    });
  });

  for (const isa of runtimeInfo().isas) {
    it(`forces the instruction set: ${isa}`, async () => {
      assert.equal((await environmentWith({ SIMD_ARENA_ISA: isa }))['isa'], isa);
    });
  }

  it('leaves the choice of the instruction set to the package: the best one', async () => {
    const { isa, isas } = await environmentWith({});
    assert.equal(isa, (isas as string[]).at(-1));
  });

  for (const isa of unsupportedIsas) {
    it(`is an error when the package loads where the instruction set is not there: ${JSON.stringify(isa)}`, async () => {
      const { code, stdout, stderr } = await runFixture('environment', [], { ...unset, SIMD_ARENA_ISA: isa });
      assert.deepEqual({ code, stdout }, { code: 1, stdout: '' });
      assertUncaught(stderr, 'SIMD_ARENA_ISA names an instruction set', { code: 'ERR_UNSUPPORTED_ISA' });
    });
  }

  for (const [name, values] of Object.entries(malformed)) {
    for (const value of values) {
      it(`is an error when the package loads: ${name}=${JSON.stringify(value)}`, async () => {
        const { code, stdout, stderr } = await runFixture('environment', [], { ...unset, [name]: value });
        assert.deepEqual({ code, stdout }, { code: 1, stdout: '' });
        const message = `An environment variable has a malformed value: ${name}=${JSON.stringify(value)}; expected `;
        assertUncaught(stderr, message, { code: 'ERR_INVALID_ENVIRONMENT' });
      });
    }
  }

  it('prints used, capacity and peak at the end of scopes with NODE_DEBUG=simd-arena', async () => {
    const { code, stderr } = await runFixture('environment', [], { ...unset, NODE_DEBUG: 'simd-arena' });
    assert.equal(code, 0);
    const lines = stderr.trimEnd().split('\n');
    assert.equal(lines.length, 2, stderr);
    assert.match(lines[0]!, /^SIMD-ARENA \d+: end: used 64, capacity 65536, peak 64$/);
    assert.match(lines[1]!, /^SIMD-ARENA \d+: end of scope "labelled": used 1152, capacity 65536, peak 1152$/);
  });

  it('prints nothing without it', async () => {
    const { stderr } = await runFixture('environment', [], { ...unset, NODE_DEBUG: 'http' });
    assert.equal(stderr, '');
  });
});
