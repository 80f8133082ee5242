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

/** A sum with what it has lost, unless that is not finite. */
function finish({ sum, lost }: Pair): number {
  return lost === 0 || !Number.isFinite(sum + lost) ? sum : sum + lost;
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
  return finish(total);
}

/** The exact sum of integers, rounded once to the nearest float64. */
export function referenceSumIntegers(x: Iterable<number>): number {
  let sum = 0n;
  for (const value of x) sum += BigInt(value);
  return Number(sum);
}

const LANES_F64 = 8;
const BLOCK_LENGTH_F64 = 64;

/** Elements of a chunk of SumF64. */
export const CHUNK_LENGTH_F64 = 32768;

/** One chunk of SumF64: blocks of eight rows, added pairwise to eight compensated lanes, which are added one by one. */
function chunkSumF64(x: ArrayLike<number>, start: number, end: number): Pair {
  const lanes = Array.from({ length: LANES_F64 }, (): Pair => ({ sum: -0, lost: 0 }));
  for (let block = start; block < end; block += BLOCK_LENGTH_F64) {
    for (const [l, lane] of lanes.entries()) {
      const row = (k: number): number => (block + 8 * k + l < end ? x[block + 8 * k + l]! : -0);
      const total = row(0) + row(1) + (row(2) + row(3)) + (row(4) + row(5) + (row(6) + row(7)));
      const { sum, lost } = twoSum(lane.sum, total);
      lanes[l] = { sum, lost: lane.lost + lost };
    }
  }
  return lanes.reduce((total, lane) => {
    const { sum, lost } = twoSum(total.sum, lane.sum);
    return { sum, lost: total.lost + (lost + lane.lost) };
  });
}

/** SumF64: chunks of eight compensated lanes, with a compensation between chunks. */
export function referenceSumF64(x: ArrayLike<number>): number {
  if (x.length === 0) return 0;
  let total = chunkSumF64(x, 0, Math.min(CHUNK_LENGTH_F64, x.length));
  for (let start = CHUNK_LENGTH_F64; start < x.length; start += CHUNK_LENGTH_F64) {
    const chunk = chunkSumF64(x, start, Math.min(start + CHUNK_LENGTH_F64, x.length));
    const { sum, lost } = twoSum(total.sum, chunk.sum);
    total = { sum, lost: total.lost + (lost + chunk.lost) };
  }
  return finish(total);
}
