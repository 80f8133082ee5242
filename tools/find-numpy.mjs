// Finds a Python that has numpy.
import { spawnSync } from 'node:child_process';

/** The first one may be a Python of its own, which does not see Debian's packages. */
const PYTHONS = ['python3', '/usr/bin/python3'];

/** @returns {string | undefined} the command that starts it */
export function findPythonWithNumpy() {
  return PYTHONS.find((python) => spawnSync(python, ['-c', 'import numpy'], { stdio: 'ignore' }).status === 0);
}
