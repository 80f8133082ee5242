import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import * as required from 'simd-arena';

import { root } from '../support/child';
import { runtime } from '../support/runtime';

const unaryOps = [
  'all',
  'any',
  'argmax',
  'argmin',
  'countNonzero',
  'max',
  'mean',
  'min',
  'minmax',
  'norm',
  'std',
  'sum',
  'variance',
] as const;

const typedForms = [...unaryOps, 'dot' as const].flatMap(
  (op) => [`${op}F32`, `${op}F64`, `${op}I32`, `${op}U8`] as const,
);

const names = (
  [
    'Arena',
    'BufferPool',
    'PoolAllocator',
    'SumAccumulator',
    'allBool',
    'anyBool',
    'arenaStats',
    'configure',
    'createReduction',
    'dot',
    'heapAllocator',
    'runtimeInfo',
    'sumExactF32',
    'sumExactF64',
    'withArena',
    ...unaryOps,
    ...typedForms,
  ] satisfies (keyof typeof required)[]
).sort();

describe('the package', () => {
  it('exports these names, and no others', () => {
    assert.deepEqual(Object.keys(required).sort(), names);
  });

  it('gives import() and require() the same things', async () => {
    const imported = (await import('simd-arena')) as Record<string, unknown>;
    const fromRequire = createRequire(join(root, 'package.json'))('simd-arena') as Record<string, unknown>;
    for (const name of names) {
      assert.equal(typeof imported[name], name === 'heapAllocator' ? 'object' : 'function', name);
      assert.equal(imported[name], fromRequire[name], name);
      assert.equal(imported[name], required[name], name);
    }
  });

  it('gives import() the same names', async () => {
    // What Node.js itself adds to an ES module over CommonJS.
    const added = ['__esModule', 'default', 'module.exports'];
    const imported = Object.keys(await import('simd-arena')).filter((name) => !added.includes(name));
    assert.deepEqual(imported.sort(), names);
  });

  it('lets nobody reach its internal modules', () => {
    for (const path of ['internal/native', 'dist/arena.js', 'dist/internal/native.js', 'lib/index.ts']) {
      assert.throws(() => createRequire(join(root, 'package.json'))(`simd-arena/${path}`), {
        code: runtime === 'bun' ? 'MODULE_NOT_FOUND' : 'ERR_PACKAGE_PATH_NOT_EXPORTED',
      });
    }
  });

  it('has no dependencies', () => {
    const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Record<string, unknown>;
    assert.equal(manifest['dependencies'], undefined);
    assert.equal(manifest['optionalDependencies'], undefined);
  });

  it('has nothing built that has no source', () => {
    const modules = (folder: string, pattern: RegExp): string[] =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
        .filter((path) => pattern.test(path))
        .map((path) => path.replace(pattern, ''))
        .sort();
    assert.deepEqual(modules('dist', /\.js$/), modules('lib', /\.ts$/));
  });
});
