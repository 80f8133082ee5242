// The sums of the specification, written down as plainly as they can be: what every implementation must give, bit by bit.

/** An accumulator with what its additions have lost. */
interface Pair {
  readonly sum: number;
  readonly lost: number;
}

function twoSum(a: number, b: number): Pair {
  const sum = a + b;
  const t = sum - a;
  return { sum, lost: a - (sum - t) + (b - t) };
}

function fold(lanes: readonly number[]): number {
  let current = [...lanes];
  while (current.length > 1) {
    const half = current.length / 2;
    current = current.slice(0, half).map((value, index) => value + current[index + half]!);
  }
  return current[0]!;
}

const LANES = 32;

/** Elements of a chunk of {@link sumF32}. */
export const CHUNK_LENGTH = 8192;

/** SumF32: chunks of 32 float64 lanes, folded, with a compensation between chunks. */
export function referenceSumF32(x: ArrayLike<number>): number {
  if (x.length === 0) return 0;
  let total: Pair = { sum: 0, lost: 0 };
  for (let start = 0; start < x.length; start += CHUNK_LENGTH) {
    const lanes = new Array<number>(LANES).fill(-0);
    const end = Math.min(start + CHUNK_LENGTH, x.length);
    for (let i = start; i < end; i++) lanes[(i - start) % LANES]! += x[i]!;
    const chunk = fold(lanes);
    if (start === 0) {
      total = { sum: chunk, lost: 0 };
    } else {
      const { sum, lost } = twoSum(total.sum, chunk);
      total = { sum, lost: total.lost + lost };
    }
  }
  const { sum, lost } = total;
  return lost === 0 || !Number.isFinite(sum + lost) ? sum : sum + lost;
}

/** The exact sum of integers, rounded once to the nearest float64. */
export function referenceSumIntegers(x: Iterable<number>): number {
  let sum = 0n;
  for (const value of x) sum += BigInt(value);
  return Number(sum);
}
