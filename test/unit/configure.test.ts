import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

import { Arena, configure, runtimeInfo, withArena } from 'simd-arena';

import { runChild } from '../support/child';
import { throwsCode } from '../support/errors';
import { backends, hasExternalBuffers } from '../support/runtime';

describe('configure', () => {
  const { staleViews, budgetBytes, leakDetection } = runtimeInfo();
  afterEach(() => configure({ staleViews, budgetBytes, leakDetection }));

  it('sets what becomes of stale views where an arena says nothing', () => {
    configure({ staleViews: 'poison' });
    assert.equal(runtimeInfo().staleViews, 'poison');
    const poisoned = withArena((arena) => [[arena.alloc(Uint8Array, 3)]])[0]![0]!;
    const revoked = withArena({ staleViews: 'revoke' }, (arena) => [[arena.alloc(Uint8Array, 3)]])[0]![0]!;
    assert.equal(revoked.length, 0);
    configure({ staleViews: 'allow' });
    const allowed = withArena((arena) => [[arena.alloc(Uint8Array, 3)]])[0]![0]!;
    assert.deepEqual([...allowed], [0, 0, 0]);
    assert.equal(poisoned.length, 0);
  });

  it('leaves arenas that are open alone', () => {
    const arena = new Arena();
    const view = arena.alloc(Uint8Array, 3);
    configure({ staleViews: 'allow' });
    arena.close();
    assert.equal(view.length, 0);
  });

  it('sets the budget', () => {
    configure({ budgetBytes: 2 ** 40 });
    assert.equal(runtimeInfo().budgetBytes, 2 ** 40);
    configure({});
    configure({ staleViews: undefined, budgetBytes: undefined });
    assert.equal(runtimeInfo().budgetBytes, 2 ** 40);
    configure({ budgetBytes: Infinity });
    assert.equal(runtimeInfo().budgetBytes, Infinity);
  });

  it('sets which allocations are traced, by default a sample', () => {
    assert.equal(leakDetection, 'sampled');
    for (const level of ['all', 'off', 'sampled'] as const) {
      configure({ leakDetection: level });
      configure({});
      configure({ leakDetection: undefined });
      assert.equal(runtimeInfo().leakDetection, level);
    }
  });

  it('changes nothing where one of several values makes no sense', () => {
    throwsCode('ERR_OUT_OF_RANGE', () => configure({ staleViews: 'allow', budgetBytes: -1 }));
    throwsCode('ERR_OUT_OF_RANGE', () => configure({ budgetBytes: 1, staleViews: 'never' as 'allow' }));
    throwsCode('ERR_OUT_OF_RANGE', () => configure({ staleViews: 'allow', leakDetection: 'on' as 'all' }));
    throwsCode('ERR_INVALID_ARG_TYPE', () => configure({ budgetBytes: 1, leakDetection: null as unknown as 'all' }));
    throwsCode('ERR_OUT_OF_RANGE', () => configure({ leakDetection: 'off', budgetBytes: -1 }));
    assert.equal(runtimeInfo().staleViews, staleViews);
    assert.equal(runtimeInfo().budgetBytes, budgetBytes);
    assert.equal(runtimeInfo().leakDetection, leakDetection);
  });
});

describe('runtimeInfo', () => {
  it('says what the package runs on', () => {
    const info = runtimeInfo();
    const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    assert.equal(info.version, manifest.version);
    assert.ok(info.isas.includes(info.isa));
    assert.equal(info.isas[0], 'scalar');
    assert.equal(info.napi, 8);
    assert.equal(info.externalBuffers, hasExternalBuffers);
  });

  it('follows the environment variables', () => {
    const code = `const { backend, isa, staleViews, budgetBytes, isas } = require('simd-arena').runtimeInfo();
      console.log(JSON.stringify({ backend, isa, staleViews, budgetBytes, last: isas.at(-1) }));`;
    const read = (variables: Record<string, string>): Record<string, unknown> =>
      JSON.parse(runChild(code, variables).stdout) as Record<string, unknown>;
    for (const backend of backends) {
      assert.equal(read({ SIMD_ARENA_BACKEND: backend })['backend'], backend);
    }
    const variables = { SIMD_ARENA_ISA: 'scalar', SIMD_ARENA_STALE_VIEWS: 'poison', SIMD_ARENA_BUDGET: '3m' };
    const { isa, staleViews, budgetBytes } = read(variables);
    assert.deepEqual(
      { isa, staleViews, budgetBytes },
      { isa: 'scalar', staleViews: 'poison', budgetBytes: 3 * 2 ** 20 },
    );
  });
});
