// The statistics of a pool, out of what it counts.
import { PoolCounter, PoolWord, SizeClass } from './internal/tables';

/** One size class of a pool. */
export interface BucketStats {
  /** Bytes of each buffer of the class. */
  readonly bytes: number;
  /** Idle buffers. */
  readonly idle: number;
  /** Buffers that are out. */
  readonly inUse: number;
}

/**
 * How many buffers the pool let go, by reason. Their memory goes back to the system, below 64 KiB with the last buffer
 * of the 64 KiB that they share. One that somebody had taken away counts as `lost` as well.
 */
export interface DiscardStats {
  /** Their size class had `maxBuffersPerBucket` idle buffers. */
  readonly bucketFull: number;
  /** The pool had `maxPoolBytes` of idle buffers. */
  readonly poolFull: number;
  /** Nobody had needed them for `maxIdleMs`. */
  readonly unused: number;
  /** By `trim`, by `close`, or because the budget of the process was exhausted. */
  readonly trimmed: number;
  /** They were larger than the largest size class. */
  readonly tooLarge: number;
}

/** What a pool has done and holds. */
export interface PoolStats {
  /** The label given to the pool. */
  readonly label: string | undefined;
  /** Buffers handed out since the start. */
  readonly allocations: number;
  /** Buffers that came back since the start, in whatever way. */
  readonly deallocations: number;
  /** Bytes asked for since the start. */
  readonly bytesAllocated: number;
  /** Bytes of buffers that came back since the start, as they were asked for. */
  readonly bytesFreed: number;
  /** Buffers that are out. */
  readonly inUse: number;
  /** Bytes of buffers that are out, as they were asked for. */
  readonly bytesInUse: number;
  /** Bytes of buffers that are out beyond what was asked for: what rounding to size classes costs. */
  readonly wastedBytes: number;
  /** Requests that an idle buffer served. */
  readonly hits: number;
  /** All other requests. */
  readonly misses: number;
  /** The share of hits in all requests, from 0 to 1; 0 before the first. */
  readonly hitRate: number;
  /** Idle buffers. */
  readonly pooledBuffers: number;
  /** Bytes of idle buffers. */
  readonly pooledBytes: number;
  /**
   * Bytes that the pool takes of the budget: of idle buffers, those that are out, and lost ones that somebody still has,
   * in whole chunks of at least 64 KiB.
   */
  readonly capacity: number;
  /** The size classes, smallest first. */
  readonly buckets: readonly BucketStats[];
  /** Buffers that the pool let go since the start. */
  readonly discards: DiscardStats;
  /** Buffers that were dropped without being put back, as far as the garbage collector has found them. */
  readonly leaks: number;
  /** Buffers whose ArrayBuffer somebody took away. */
  readonly lost: number;
}

/** What {@link readPoolStats} reads. */
export interface PoolCounts {
  readonly label: string | undefined;
  /** Indexed by `PoolCounter`. */
  readonly counters: Float64Array;
  /** Indexed by `PoolWord`. */
  readonly words: Uint32Array;
  /** Bytes that are out in buffers larger than the largest size class. */
  readonly largeBytes: number;
}

/** The statistics of a pool. O(size classes). */
export function readPoolStats({ label, counters, words, largeBytes }: PoolCounts): PoolStats {
  const buckets = Array.from({ length: SizeClass.Count }, (_, sizeClass) => readBucket(words, sizeClass));
  const sum = (of: (bucket: BucketStats) => number): number => buckets.reduce((total, bucket) => total + of(bucket), 0);
  const count = (counter: PoolCounter): number => counters[counter]!;
  const hits = count(PoolCounter.hits);
  const misses = count(PoolCounter.misses);
  const bytesInUse = count(PoolCounter.bytesAllocated) - count(PoolCounter.bytesFreed);
  return {
    label,
    allocations: count(PoolCounter.allocations),
    deallocations: count(PoolCounter.deallocations),
    bytesAllocated: count(PoolCounter.bytesAllocated),
    bytesFreed: count(PoolCounter.bytesFreed),
    inUse: count(PoolCounter.allocations) - count(PoolCounter.deallocations),
    bytesInUse,
    wastedBytes: sum(({ bytes, inUse }) => bytes * inUse) - (bytesInUse - largeBytes),
    hits,
    misses,
    hitRate: hits === 0 ? 0 : hits / (hits + misses),
    pooledBuffers: sum(({ idle }) => idle),
    pooledBytes: count(PoolCounter.pooledBytes),
    capacity: count(PoolCounter.capacity),
    buckets,
    discards: {
      bucketFull: count(PoolCounter.bucketFull),
      poolFull: count(PoolCounter.poolFull),
      unused: count(PoolCounter.unused),
      trimmed: count(PoolCounter.trimmed),
      tooLarge: count(PoolCounter.tooLarge),
    },
    leaks: count(PoolCounter.leaks),
    lost: count(PoolCounter.lost),
  };
}

function readBucket(words: Uint32Array, sizeClass: number): BucketStats {
  const bucket = PoolWord.buckets + sizeClass * PoolWord.perBucket;
  return {
    bytes: SizeClass.MinBytes << sizeClass,
    idle: words[bucket + PoolWord.idle]!,
    inUse: words[bucket + PoolWord.out]!,
  };
}
