// Finds a Python that has numpy.
import { spawnSync } from 'node:child_process';

/** The first one may be a Python of its own, which does not see Debian's packages. */
const PYTHONS = ['python3', '/usr/bin/python3'];
const PRINT_VERSION = 'import numpy; print(numpy.__version__)';

/** @returns {{ python: string, version: string } | undefined} the command that starts it, and the version of numpy */
export function findNumpy() {
  for (const python of PYTHONS) {
    const { status, stdout } = spawnSync(python, ['-c', PRINT_VERSION], { encoding: 'utf8' });
    if (status === 0) return { python, version: stdout.trim() };
  }
  return undefined;
}
