// Packages that reduce arrays, too: measured where they are installed. bench/README.md says how.

/** Room for the longest operands in the memory that numpy-ts copies them to; by default, it is a quarter of that. */
const WASM_BYTES = 2 ** 30;

/**
 * How each package takes an array.
 *
 * @type {Readonly<Record<string, (module: any, array: any) => unknown>>}
 */
export const packages = {
  simsimd: (_, array) => array,
  'numpy-ts': (np, array) => np.frombuffer(array.buffer, array.constructor.name.replace('Array', '').toLowerCase()),
  'nodejs-polars': (polars, array) => polars.Series('x', array),
};

/**
 * Loaded on request: the processes of other tables do without them.
 *
 * @param {string} name
 * @returns {Promise<any>} undefined if the package is not installed, or not for this machine
 */
export async function load(name) {
  try {
    const module = await import(name);
    module.configureWasm?.({ maxMemory: WASM_BYTES });
    return module.default ?? module;
  } catch {
    return undefined;
  }
}
