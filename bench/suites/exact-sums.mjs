// Exact sums of 16 to a million elements, against what JavaScript does for an accurate sum.
import { sumExactF32, sumExactF64 } from 'simd-arena';

const SHORT_LENGTH = 256;
const SHORT_CALLS = 10_000;

/** @typedef {Float32Array | Float64Array} Floats */

/** @param {Floats} x */
function sumLoop(x) {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i];
  return sum;
}

/**
 * Compensated, not exact: Neumaier 1974.
 *
 * @param {Floats} x
 */
function sumNeumaier(x) {
  let sum = 0;
  let lost = 0;
  for (let i = 0; i < x.length; i++) {
    const term = x[i];
    const next = sum + term;
    lost += Math.abs(sum) >= Math.abs(term) ? sum - next + term : term - next + sum;
    sum = next;
  }
  return sum + lost;
}

/**
 * Exact until the partial sums are added: Shewchuk 1997, as in Python's fsum, without its last rounding.
 *
 * @param {Floats} x
 */
function sumShewchuk(x) {
  const partials = new Float64Array(64);
  let count = 0;
  for (let i = 0; i < x.length; i++) {
    let term = x[i];
    let kept = 0;
    for (let j = 0; j < count; j++) {
      let partial = partials[j];
      if (Math.abs(term) < Math.abs(partial)) [term, partial] = [partial, term];
      const sum = term + partial;
      const lost = partial - (sum - term);
      if (lost !== 0) partials[kept++] = lost;
      term = sum;
    }
    partials[kept] = term;
    count = kept + 1;
  }
  let sum = 0;
  for (let j = count - 1; j >= 0; j--) sum += partials[j];
  return sum;
}

/** @type {Record<string, () => number>} */
const fills = {
  'between -1 and 1': () => Math.random() * 2 - 1,
  'of one exponent': () => 1 + Math.random(),
};

const cases = {
  sumExactF64: { type: Float64Array, sum: sumExactF64, fill: 'between -1 and 1' },
  'sumExactF64-one-exponent': { type: Float64Array, sum: sumExactF64, fill: 'of one exponent' },
  sumExactF32: { type: Float32Array, sum: sumExactF32, fill: 'between -1 and 1' },
};

const sizes = [16, 1024, 100_000, 1_000_000];

/**
 * @param {typeof cases[keyof typeof cases]} of
 * @param {number} n
 */
function peersOf({ type, sum, fill }, n) {
  const input = new type(n).map(fills[fill]);
  const ops = {
    'simd-arena, exact': sum,
    'JavaScript, Shewchuk, exact': sumShewchuk,
    'JavaScript, Neumaier, compensated': sumNeumaier,
    'JavaScript loop': sumLoop,
  };
  return Object.entries(ops).map(([name, op]) => ({
    name,
    op: /** @type {(x: any) => number} */ (op),
    inputs: [input],
    // A function that is called a few times with long inputs would stay unoptimized.
    before: () => {
      const short = /** @type {any} */ (input.subarray(0, SHORT_LENGTH));
      for (let i = 0; i < SHORT_CALLS; i++) op(short);
    },
  }));
}

export const suite = {
  title: 'Exact sums',
  notes: [
    'Neumaier and the loop give another result for another order of the elements. Shewchuk does not, but for the last rounding, ' +
      'and fails where a partial sum overflows.',
  ],
  cells: Object.entries(cases).flatMap(([name, of]) =>
    sizes.map((n) => ({
      name: `${name}-${n}`,
      title: `${name.split('-')[0]}, n = ${n.toLocaleString('en-US')}, ${of.fill}`,
      bytes: n * of.type.BYTES_PER_ELEMENT,
      isLong: n === 1_000_000,
      peers: () => peersOf(of, n),
    })),
  ),
};
