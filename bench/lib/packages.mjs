// Packages that reduce arrays, too: measured where they are installed. bench/README.md says how.
//
// Loaded only on request, because the processes of the other peers do without them.

/**
 * @typedef {object} Package
 * @property {(module: any, array: any) => unknown} convert - an array into what the package reduces
 */

/** @type {Readonly<Record<string, Package>>} */
export const packages = {
  simsimd: { convert: (_, array) => array },
  'numpy-ts': {
    convert: (np, array) => np.frombuffer(array.buffer, array.constructor.name.replace('Array', '').toLowerCase()),
  },
  'nodejs-polars': { convert: (polars, array) => polars.Series('x', array) },
};

/**
 * @param {string} name
 * @returns {Promise<any>} undefined if the package is not installed, or not for this machine
 */
export async function load(name) {
  try {
    const module = await import(name);
    return module.default ?? module;
  } catch {
    return undefined;
  }
}
