import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { statusTable } from '#internal/tables';
import * as simdArena from 'simd-arena';

import { root, runChild } from '../support/child';

const pages = [
  'README.md',
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' }).map((name) => join('docs', name)),
].filter((path) => path.endsWith('.md'));
const textOf = (path: string): string => readFileSync(join(root, path), 'utf8');

/** Names that the package exports, and those that only dist/index.d.ts does: types. */
function exportedNames(): string[] {
  const lists = textOf('dist/index.d.ts').matchAll(/^export (?:type )?\{([^}]*)\}/gm);
  const declared = [...lists].flatMap(([, list]) => list!.split(',').map((name) => name.trim()));
  return [...new Set([...declared.filter((name) => name !== ''), ...Object.keys(simdArena)])];
}

/** The fenced blocks of a page that are tagged `js example`, with the line where each begins. */
function examplesOf(path: string): { readonly where: string; readonly code: string }[] {
  const text = textOf(path);
  return [...text.matchAll(/^```js example\n(.*?)^```$/gms)].map((match) => ({
    where: `${path}:${text.slice(0, match.index).split('\n').length}`,
    code: match[1]!,
  }));
}

describe('the documentation', () => {
  it('explains every error code under a heading of its own', () => {
    const headings = [...textOf('docs/errors.md').matchAll(/^### (ERR_\w+)$/gm)].map(([, code]) => code!);
    const codes = statusTable.flatMap((row) => row?.code ?? []);
    assert.deepEqual(headings.sort(), [...codes].sort());
  });

  it('names everything that the package exports', () => {
    const names = exportedNames();
    assert.ok(names.length > 30);
    const text = pages.map(textOf).join('\n');
    // In backticks, as `name`, `name(…)` or `name.method`, in a heading, or in a code block.
    const marked = [...text.matchAll(/`[^`\n]+`|^#+ .*$/gm), ...text.matchAll(/^```.*?^```$/gms)].join('\n');
    assert.deepEqual(
      names.filter((name) => !new RegExp(`\\b${name}\\b`).test(marked)),
      [],
    );
  });

  it('has examples', () => {
    assert.ok(examplesOf('README.md').length > 0);
  });

  for (const { where, code } of pages.flatMap(examplesOf)) {
    it(`has an example that runs: ${where}`, () => {
      const { status, stderr } = runChild(code);
      assert.equal(status, 0, stderr);
    });
  }

  it('links to files that exist', () => {
    for (const path of pages) {
      for (const [, target] of textOf(path).matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)) {
        assert.ok(existsSync(join(root, path, '..', target!)), `${path}: ${target!}`);
      }
    }
  });
});

describe('the generated tables', () => {
  it('are those of the .def files', () => {
    const { status, stderr } = spawnSync(process.execPath, ['tools/generate-tables.mjs', '--check'], {
      cwd: root,
      encoding: 'utf8',
    });
    assert.equal(status, 0, stderr);
  });
});
