// Checks the package as its users get it: packs it, lints the tarball, installs it into an empty project, and uses it
// from CommonJS, from an ES module, and from the oldest TypeScript that the declarations support (@types/node is optional
// where declarations of libraries are not checked).
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const root = dirname(import.meta.dirname);
const project = mkdtempSync(join(tmpdir(), 'simd-arena-package-'));

/** Runs a command in `cwd`, and shows what it prints. */
function run(cwd, command, ...args) {
  console.log(`> ${command} ${args.join(' ')}`);
  execFileSync(command, args, { cwd, stdio: 'inherit' });
}

const files = {
  'package.json': JSON.stringify({ name: 'consumer', private: true }),
  'tsconfig.json': JSON.stringify({
    compilerOptions: { target: 'es2022', lib: ['es2022'], module: 'node16', strict: true, noEmit: true },
  }),
  'require.cjs': `
    const { Arena, sum } = require('simd-arena');
    if (sum(new Float32Array([1, 2, 3])) !== 6) throw new Error('require() gives a sum that is wrong');
    import('simd-arena').then((imported) => {
      if (imported.Arena !== Arena) throw new Error('import and require() give different classes');
    });
  `,
  'import.mjs': `
    import { sum, withArena } from 'simd-arena';
    if (withArena((arena) => sum(arena.alloc(Float32Array, 3).fill(2))) !== 6) throw new Error('a sum is wrong');
  `,
  'consumer.cts': `
    import simdArena = require('simd-arena');
    export const total: number = simdArena.sum(new Float32Array(3));
  `,
  'consumer.mts': `
    import { withArena, type ErrorCode } from 'simd-arena';
    export const floats: Float32Array = withArena((arena) => arena.copyOut(arena.alloc(Float32Array, 3)));
    export const code: ErrorCode = 'ERR_ARENA_LIMIT';
  `,
};

try {
  run(root, 'npm', 'pack', '--pack-destination', project);
  const tarball = join(project, readdirSync(project)[0]);
  run(root, 'node_modules/.bin/publint', 'run', '--strict', tarball);
  run(root, 'node_modules/.bin/attw', '--no-definitely-typed', tarball);

  for (const [name, text] of Object.entries(files)) writeFileSync(join(project, name), text);
  run(project, 'npm', 'install', tarball, 'typescript@5.4');
  run(project, process.execPath, 'require.cjs');
  run(project, process.execPath, 'import.mjs');
  run(project, 'node_modules/.bin/tsc', '--skipLibCheck');
  run(project, 'npm', 'install', '@types/node@20');
  run(project, 'node_modules/.bin/tsc');
} finally {
  rmSync(project, { recursive: true });
}
