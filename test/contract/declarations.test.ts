import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import ts from 'typescript';

import { root } from '../support/child';

const declarations = readdirSync(join(root, 'dist'), { recursive: true, encoding: 'utf8' })
  .filter((path) => /\.d\.m?ts$/.test(path))
  .map((path) => join('dist', path));

function parse(path: string): ts.SourceFile {
  return ts.createSourceFile(path, readFileSync(join(root, path), 'utf8'), ts.ScriptTarget.ES2022, true);
}

/** Nodes of a tree that `wanted` picks. */
function find(node: ts.Node, wanted: (node: ts.Node) => boolean): ts.Node[] {
  const found = wanted(node) ? [node] : [];
  ts.forEachChild(node, (child) => {
    found.push(...find(child, wanted));
  });
  return found;
}

function lineOf(node: ts.Node): string {
  const { fileName } = node.getSourceFile();
  return `${fileName}:${node.getSourceFile().getLineAndCharacterOfPosition(node.getStart()).line + 1}`;
}

const consumers: Readonly<Record<string, string>> = {
  'consumer.mts': `
    import { Arena, sum, withArena, type ArenaOptions, type ErrorCode, type SimdArenaError } from 'simd-arena';
    const options: ArenaOptions = { label: 'consumer' };
    export const floats: Float32Array = withArena(options, (arena) => arena.copyOut(arena.alloc(Float32Array, 3)));
    export const buffer: Buffer = withArena((arena) => arena.copyOut(arena.alloc(Buffer, 3)));
    export const total: number = sum(floats);
    export const code: ErrorCode | undefined = (undefined as SimdArenaError | undefined)?.code;
    export const disposable: Disposable = Arena.lease();
  `,
  'consumer.cts': `
    import simdArena = require('simd-arena');
    export const total: number = simdArena.sumF32(Buffer.alloc(8));
    export const stats: simdArena.ThreadArenaStats = simdArena.arenaStats();
  `,
};

describe('the declarations', () => {
  it('say any nowhere', () => {
    assert.ok(declarations.length > 10);
    const anys = declarations.flatMap((path) => find(parse(path), (node) => node.kind === ts.SyntaxKind.AnyKeyword));
    assert.deepEqual(anys.map(lineOf), []);
  });

  it('name no type parameter of typed arrays, which TypeScript before 5.7 has not', () => {
    const generic = declarations.flatMap((path) =>
      find(
        parse(path),
        (node) =>
          ts.isTypeReferenceNode(node) &&
          node.typeArguments !== undefined &&
          /^(?:\w+Array|Buffer|DataView)$/.test(node.typeName.getText()) &&
          node.typeName.getText() !== 'ReadonlyArray' &&
          node.typeName.getText() !== 'Array',
      ),
    );
    assert.deepEqual(generic.map(lineOf), []);
  });

  it('describe everything that is public', () => {
    const undescribed = declarations
      .filter((path) => !path.includes('internal') && !path.includes('index'))
      .flatMap((path) => parse(path).statements.filter((statement) => !isDescribed(statement)));
    assert.deepEqual(undescribed.map(lineOf), []);
  });

  it('compile with lib es2022, and so do programs that use them', () => {
    mkdirSync(join(root, 'build'), { recursive: true });
    const folder = mkdtempSync(join(root, 'build', 'consumer-'));
    try {
      const compilerOptions = {
        target: 'es2022',
        lib: ['es2022'],
        module: 'node16',
        types: ['node'],
        strict: true,
        noEmit: true,
        skipLibCheck: false,
      };
      writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions }));
      for (const [name, text] of Object.entries(consumers)) writeFileSync(join(folder, name), text);
      const tsc = join(root, 'node_modules/typescript/bin/tsc');
      const { status, stdout } = spawnSync(process.execPath, [tsc, '-p', folder], { cwd: folder, encoding: 'utf8' });
      assert.equal(status, 0, stdout);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }).timeout(60_000);
});

/** Whether a statement, or the first of its overloads, has a documentation comment, or needs none. */
function isDescribed(statement: ts.Statement): boolean {
  if (!ts.canHaveModifiers(statement) || ts.isImportDeclaration(statement)) return true;
  const isExported = (ts.getModifiers(statement) ?? []).some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
  if (!isExported || ts.getJSDocCommentsAndTags(statement).length > 0) return true;
  const name = ts.isFunctionDeclaration(statement) ? statement.name?.text : undefined;
  const isOverloadOf = (other: ts.Statement): boolean =>
    ts.isFunctionDeclaration(other) && other.name?.text === name && other.pos < statement.pos;
  return name !== undefined && statement.getSourceFile().statements.some(isOverloadOf);
}
