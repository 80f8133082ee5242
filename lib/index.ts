// The public surface of the package.
export { Arena } from './arena';
export type { ArenaOptions, ArenaStats } from './arena';
export { heapAllocator } from './allocator';
export type { Allocator } from './allocator';
export { configure, runtimeInfo } from './configure';
export type { Configuration, RuntimeInfo } from './configure';
export type {
  ChunkLostMessage,
  GrowMessage,
  LeakMessage,
  LimitMessage,
  ScopeEndMessage,
  ScopeMessage,
} from './diagnostics';
export type { ErrorCode, ErrorFacts, SimdArenaError } from './errors';
export { sumExactF32, sumExactF64 } from './exact-sum';
export { BufferPool } from './pool';
export type { PoolOptions } from './pool';
export { PoolAllocator } from './pool-allocator';
export type { BucketStats, DiscardStats, PoolStats } from './pool-stats';
export {
  all,
  any,
  argmax,
  argmin,
  countNonzero,
  dot,
  max,
  mean,
  min,
  minmax,
  norm,
  std,
  sum,
  variance,
} from './reduce';
export { createReduction } from './reduction';
export type { Reduction, ReductionOp, ReductionOptions, ReductionResults } from './reduction';
export type {
  BigIntData,
  BigIntElementType,
  ElementData,
  ElementType,
  HalfFloats,
  MinMax,
  NumberData,
  NumberElementType,
  NumericData,
  ReductionResult,
  StrideOptions,
  VarianceOptions,
} from './reduction-types';
export { withArena } from './scope';
export { arenaStats } from './stats';
export type { ArenaStatsOptions, ThreadArenaStats } from './stats';
export { SumAccumulator } from './sum-accumulator';
export * from './typed-reductions';
export type {
  AllocOptions,
  ClosableStream,
  ElementView,
  LeakDetection,
  RawBuffer,
  RawBytes,
  StaleViews,
  TypedArray,
  Until,
  ViewConstructor,
} from './types';
