// What the compiler knows about exact sums. Nothing here is run.
import { SumAccumulator, sumExactF32, sumExactF64 } from 'simd-arena';

import { expectType } from './expect';

/** Each function takes its own arrays and raw bytes. */
export function sums(floats: Float32Array, doubles: Float64Array, bytes: Buffer): void {
  expectType<number>()(sumExactF32(floats) + sumExactF32(bytes) + sumExactF64(doubles) + sumExactF64(bytes.buffer));
  // @ts-expect-error: float64 elements are no float32
  sumExactF32(doubles);
  // @ts-expect-error: float32 elements are no float64
  sumExactF64(floats);
}

/** Raw bytes need a type, and arrays accept no other than theirs. */
export function accumulators(floats: Float32Array, doubles: Float64Array, bytes: Buffer): void {
  const sum = new SumAccumulator();
  expectType<SumAccumulator>()(
    sum.add(1).add(floats).add(doubles).add(bytes, 'f32').add(new DataView(bytes.buffer), 'f64'),
  );
  expectType<SumAccumulator>()(sum.merge(SumAccumulator.from(sum.toBytes())));
  expectType<number>()(sum.sum());
  expectType<Uint8Array>()(sum.toBytes());
  // @ts-expect-error: bytes of what?
  sum.add(new DataView(bytes.buffer));
  // @ts-expect-error: bytes of what?
  sum.add(bytes);
  // @ts-expect-error: float32 elements are no float64
  sum.add(floats, 'f64');
  // @ts-expect-error: no floating-point type
  sum.add(bytes, 'i32');
  // @ts-expect-error: an accumulator, not what it has summed
  sum.merge(sum.sum());
  // @ts-expect-error: bytes, not numbers
  SumAccumulator.from(doubles);
}
