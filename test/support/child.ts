// Runs code in a Node.js process of its own, for what can only be seen from outside or spoils the process.
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';

/** The root of the repository; tests run there. */
export const root: string = resolve('.');

/** How a child process ended. */
export interface ChildResult {
  readonly status: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `code`, an ES module if it imports, else CommonJS, with the given environment variables on top, and --expose-gc. */
export function runChild(code: string, variables: Readonly<Record<string, string>> = {}): ChildResult {
  const type = /^import /m.test(code) ? 'module' : 'commonjs';
  const { status, signal, stdout, stderr } = spawnSync(
    process.execPath,
    ['--expose-gc', `--input-type=${type}`, '-e', code],
    {
      cwd: root,
      encoding: 'utf8',
      env: { ...process.env, ...variables },
    },
  );
  return { status, signal, stdout, stderr };
}
