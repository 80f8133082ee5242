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
  allBool,
  allF32,
  allI32,
  allU8,
  any,
  anyBool,
  anyF32,
  anyI32,
  anyU8,
  mean,
  meanF32,
  meanI32,
  meanU8,
  sum,
  sumF32,
  sumI32,
  sumU8,
} from './reduce';
export type { ElementType, NumericData } from './reduce';
export { withArena } from './scope';
export { arenaStats } from './stats';
export type { ArenaStatsOptions, ThreadArenaStats } from './stats';
export { SumAccumulator } from './sum-accumulator';
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
