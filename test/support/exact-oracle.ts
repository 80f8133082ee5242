// The correctly rounded sum, in integers of any size: what every implementation must give, bit by bit.

const UNIT_EXPONENT = -1074;

/** A finite number as a multiple of 2^-1074, the least float64. */
function toUnits(x: number): bigint {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, x);
  const bits = view.getBigUint64(0);
  const exponent = (bits >> 52n) & 0x7ffn;
  const fraction = bits & ((1n << 52n) - 1n);
  const magnitude = exponent === 0n ? fraction : (fraction | (1n << 52n)) << (exponent - 1n);
  return bits >> 63n === 1n ? -magnitude : magnitude;
}

/** The float64 nearest to `units` times 2^-1074, ties to even. */
function fromUnits(units: bigint): number {
  if (units < 0n) return -fromUnits(-units);
  const shift = Math.max(0, units.toString(2).length - 53);
  const weight = 1n << BigInt(shift);
  let significand = units / weight;
  const twiceRest = 2n * (units % weight);
  if (twiceRest > weight || (twiceRest === weight && significand % 2n === 1n)) significand += 1n;
  return Number(significand) * 2 ** (shift + UNIT_EXPONENT);
}

/** The float64 nearest to the sum of `x`; NaN, infinities and zeros as IEEE 754 has them. */
export function exactSum(x: ArrayLike<number>): number {
  const terms = Array.from(x);
  const special = terms.filter((term) => !Number.isFinite(term));
  if (special.length > 0) return special.reduce((total, term) => total + term);
  if (terms.length > 0 && terms.every((term) => Object.is(term, -0))) return -0;
  return fromUnits(terms.reduce((total, term) => total + toUnits(term), 0n));
}
