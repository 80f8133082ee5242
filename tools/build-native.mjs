// Builds the native addon: build/Release/simd_arena.node (`-- --debug`: build/Debug).
//
// Runs node-gyp, the only builder of the addon. Where the Node headers ship beside the running node, they are used;
// elsewhere node-gyp takes npm's `nodedir` or downloads them. Unchanged files are not compiled again.
import { spawnSync } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';

const root = dirname(import.meta.dirname);

const tools = {
  'Python 3': process.env.PYTHON ?? 'python3',
  make: process.env.MAKE ?? 'make',
  'a C++17 compiler': process.env.CXX ?? 'g++',
};
const missing = Object.entries(tools).filter(([, command]) => spawnSync(command, ['--version']).status !== 0);
if (missing.length > 0) {
  console.error(
    `The native addon cannot be built, because these programs do not run here:\n` +
      missing.map(([name, command]) => `  ${command} (${name})\n`).join('') +
      `On Debian and Ubuntu: apt-get install python3 make g++. On macOS: xcode-select --install.`,
  );
  process.exit(1);
}

const nodeGyp = createRequire(import.meta.url).resolve('node-gyp/bin/node-gyp.js');
const args = ['configure', 'build', `--jobs=${availableParallelism()}`, '--loglevel=warn', ...process.argv.slice(2)];

const nodePrefix = dirname(dirname(realpathSync(process.execPath)));
if (existsSync(join(nodePrefix, 'include/node/node_api.h'))) args.push(`--nodedir=${nodePrefix}`);

const { status } = spawnSync(process.execPath, [nodeGyp, ...args], { cwd: root, stdio: 'inherit' });
process.exit(status ?? 1);
