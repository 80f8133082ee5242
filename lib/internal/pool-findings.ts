// What pools report, and the errors that they throw.
import {
  chunkLostChannel,
  labelled,
  limitChannel,
  report,
  staleWriteChannel,
  type ChunkLostMessage,
  type LimitMessage,
} from '../diagnostics';
import { createError } from '../errors';
import { counters } from './counters';
import { native } from './native';
import { MemoryStat, Status } from './tables';

/** The error of a pool labelled `label`. */
export function poolError(label: string | undefined, status: Status, detail?: string): Error {
  const pool = label === undefined ? undefined : `pool ${JSON.stringify(label)}`;
  return createError(status, [detail, pool].filter(Boolean).join(', ') || undefined, { label });
}

/** Publishes that an allocation of `requested` bytes is refused; the error for it. */
export function refuseAllocation(label: string | undefined, status: Status, requested: number): Error {
  const limit = status === Status.MemoryBudget ? native.budget() : undefined;
  const allowed = limit === undefined ? '' : `, ${limit} allowed`;
  const pool = label === undefined ? '' : ` (pool ${JSON.stringify(label)})`;
  const error = createError(status, `${requested} bytes requested${allowed}${pool}`, { requested, limit, label });
  const message: LimitMessage = { label, code: error.code, requested };
  limitChannel.publish(message);
  return error;
}

/** Reports a buffer of `bytes` bytes that somebody took away. */
export function reportLoss(label: string | undefined, bytes: number): void {
  const message: ChunkLostMessage = { label, bytes };
  report(
    chunkLostChannel,
    'SIMD_ARENA_CHUNK_LOST',
    message,
    `The ArrayBuffer of a pooled buffer${labelled(label)} was transferred or marked as untransferable; the pool goes on without it`,
  );
}

/** Counts and reports a write to a buffer after it had been put back. */
export function reportStaleWrite(label: string | undefined): void {
  counters[MemoryStat.staleWrites]! += 1;
  report(
    staleWriteChannel,
    'SIMD_ARENA_STALE_WRITE',
    { label },
    `A buffer of a pool${labelled(label)} was written to after it had been put back`,
  );
}
