import assert from 'node:assert/strict';

import { readEnvironment } from '#internal/environment';

import { runChild } from '../../support/child';
import { throwsCode } from '../../support/errors';

describe('readEnvironment', () => {
  it('says nothing where no variable is set', () => {
    assert.deepEqual(readEnvironment({ PATH: '/bin' }), {
      backend: undefined,
      arenaBytes: undefined,
      budgetBytes: undefined,
      staleViews: undefined,
      isa: undefined,
    });
  });

  it('reads bytes with and without a unit', () => {
    const sizes: Record<string, number> = {
      '1': 1,
      '65536': 65536,
      '007': 7,
      '3k': 3 * 2 ** 10,
      '3K': 3 * 2 ** 10,
      '12m': 12 * 2 ** 20,
      '2G': 2 ** 31,
      '9007199254740991': 2 ** 53 - 1,
    };
    for (const [text, bytes] of Object.entries(sizes)) {
      const { arenaBytes, budgetBytes } = readEnvironment({ SIMD_ARENA_SIZE: text, SIMD_ARENA_BUDGET: text });
      assert.deepEqual([arenaBytes, budgetBytes], [bytes, bytes], text);
    }
  });

  it('reads choices', () => {
    for (const backend of ['external', 'wasm']) {
      assert.equal(readEnvironment({ SIMD_ARENA_BACKEND: backend }).backend, backend);
    }
    for (const staleViews of ['revoke', 'poison', 'allow']) {
      assert.equal(readEnvironment({ SIMD_ARENA_STALE_VIEWS: staleViews }).staleViews, staleViews);
    }
  });

  it('refuses malformed values, and names variable and value', () => {
    const sizes = [
      '',
      '0',
      '0k',
      '-1',
      '1.5',
      '1e3',
      '0x10',
      'k',
      '1kb',
      ' 1',
      '1 ',
      '١',
      '9007199254740992',
      '9999999999g',
    ];
    const malformed: Record<string, string[]> = {
      SIMD_ARENA_SIZE: sizes,
      SIMD_ARENA_BUDGET: sizes,
      SIMD_ARENA_BACKEND: ['', 'Wasm', 'external ', 'native'],
      SIMD_ARENA_STALE_VIEWS: ['', 'REVOKE', 'none'],
    };
    for (const [name, values] of Object.entries(malformed)) {
      for (const value of values) {
        const error = throwsCode('ERR_INVALID_ENVIRONMENT', () => readEnvironment({ [name]: value }));
        assert.ok(error.message.includes(`${name}=${JSON.stringify(value)}`), error.message);
      }
    }
  });
});

describe('loading the package', () => {
  const load = `
    try { require('simd-arena'); console.log('loaded'); }
    catch (error) { console.log(error.code, error.message); }`;

  it('fails with a clear error where a variable is malformed', () => {
    const variables: Record<string, [string, RegExp]> = {
      SIMD_ARENA_SIZE: ['lots', /^ERR_INVALID_ENVIRONMENT .*SIMD_ARENA_SIZE="lots"/],
      SIMD_ARENA_BACKEND: ['gpu', /^ERR_INVALID_ENVIRONMENT .*SIMD_ARENA_BACKEND="gpu"/],
      SIMD_ARENA_ISA: ['mmx', /^ERR_UNSUPPORTED_ISA .*mmx/],
    };
    for (const [name, [value, message]] of Object.entries(variables)) {
      assert.match(runChild(load, { [name]: value }).stdout, message);
    }
  });

  it('quotes the start of a long name of an instruction set', () => {
    const { stdout } = runChild(load, { SIMD_ARENA_ISA: `${'x'.repeat(49)}é${'x'.repeat(600)}` });
    assert.match(stdout, /: "x{49}…"; this machine has scalar\b/);
  });

  it('takes the size of the first chunk from the environment', () => {
    const code = `
      const arena = new (require('simd-arena').Arena)();
      arena.alloc(Uint8Array, 1);
      console.log(arena.stats().capacity);`;
    assert.equal(runChild(code, { SIMD_ARENA_SIZE: '256k' }).stdout.trim(), String(2 ** 18));
  });

  it('enforces the budget from the environment', () => {
    const code = `
      const arena = new (require('simd-arena').Arena)();
      arena.alloc(Uint8Array, 65536);
      try { arena.alloc(Uint8Array, 65536); } catch (error) { console.log(error.code, error.limit); }`;
    assert.equal(runChild(code, { SIMD_ARENA_BUDGET: '100000' }).stdout.trim(), 'ERR_MEMORY_BUDGET 100000');
  });
});
