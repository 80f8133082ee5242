// The promises of SECURITY.md, and the tests that name them.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { root } from './child';

/** The names of the numbered promises. */
export const promises: readonly string[] = [
  ...readFileSync(join(root, 'SECURITY.md'), 'utf8').matchAll(/^\d+\. \*\*(.+?)\.\*\*/gm),
].map(([, name]) => name!);

/** The promises that have a group of tests. */
export const testedPromises = new Set<string>();

/** Declares tests of the promise with that name. */
export function promise(name: string, declare: () => void): void {
  assert.ok(promises.includes(name), `SECURITY.md promises no "${name}"`);
  testedPromises.add(name);
  describe(`SECURITY.md promises: ${name}:`, declare);
}
