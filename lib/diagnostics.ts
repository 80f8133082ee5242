// The diagnostics channels of the package, and the one way to report on a scope that has ended.
//
// Channels cost nothing while nobody subscribes. What is found out about a finished scope goes to its channel and to
// process.emitWarning; it is never thrown into the innocent code that runs next.
import { channel, type Channel } from 'node:diagnostics_channel';

import type { ErrorCode } from './internal/tables';

/** Message of `simd-arena:scope:end`: a scope, or an owner's arena, has released its memory. */
export interface ScopeEndMessage {
  readonly label: string | undefined;
  /** Bytes that the scope had handed out. */
  readonly used: number;
  /** Bytes of the arena's chunks. */
  readonly capacity: number;
  /** Highest `used` of the arena. */
  readonly peak: number;
  /** Allocations of the scope. */
  readonly allocations: number;
}

/** Message of `simd-arena:grow`: an arena has made a chunk. */
export interface GrowMessage {
  readonly label: string | undefined;
  /** Bytes of the new chunk. */
  readonly bytes: number;
  /** Bytes of all chunks of the arena. */
  readonly capacity: number;
}

/** Message of `simd-arena:limit`: an allocation of an arena or a pool was refused. */
export interface LimitMessage {
  readonly label: string | undefined;
  /** `ERR_ARENA_LIMIT`, `ERR_MEMORY_BUDGET`, `ERR_ARENA_OUT_OF_MEMORY` or `ERR_POOL_OUT_OF_MEMORY`. */
  readonly code: ErrorCode;
  /** Bytes asked for. */
  readonly requested: number;
}

/** Message of the channels that only name a scope. */
export interface ScopeMessage {
  readonly label: string | undefined;
}

/** Message of `simd-arena:chunk:lost`: somebody took the ArrayBuffer of a chunk, or of a pooled buffer, away. */
export interface ChunkLostMessage {
  readonly label: string | undefined;
  /** Bytes of the chunk or buffer. */
  readonly bytes: number;
}

/** Message of `simd-arena:leak`: something was dropped without being released, and the stack of its allocation is known. */
export interface LeakMessage {
  /** An arena that was not closed, or a buffer of a pool that was not put back. */
  readonly kind: 'arena' | 'buffer';
  readonly label: string | undefined;
  /** Bytes of memory that it had: of the arena's chunks, or of the buffer. */
  readonly bytes: number;
  /** Where it was allocated: lines as in the stack of an error, under a title. */
  readonly stack: string;
}

/** `simd-arena:scope:end`, {@link ScopeEndMessage} */
export const scopeEndChannel: Channel = channel('simd-arena:scope:end');
/** `simd-arena:grow`, {@link GrowMessage} */
export const growChannel: Channel = channel('simd-arena:grow');
/** `simd-arena:limit`, {@link LimitMessage} */
export const limitChannel: Channel = channel('simd-arena:limit');
/** `simd-arena:escape`, {@link ScopeMessage}: a scope tried to return memory of its arena. */
export const escapeChannel: Channel = channel('simd-arena:escape');
/** `simd-arena:hold:overdue`, {@link ScopeMessage}: a hold outlives its scope by far. */
export const holdOverdueChannel: Channel = channel('simd-arena:hold:overdue');
/** `simd-arena:chunk:lost`, {@link ChunkLostMessage} */
export const chunkLostChannel: Channel = channel('simd-arena:chunk:lost');
/** `simd-arena:stale-write`, {@link ScopeMessage}: a view was written to after its scope (`staleViews: 'poison'`). */
export const staleWriteChannel: Channel = channel('simd-arena:stale-write');
/** `simd-arena:leak`, {@link LeakMessage} */
export const leakChannel: Channel = channel('simd-arena:leak');

/** Findings of one code are told apart by their label, or their place; past so many different ones, no more are told apart. */
const MAX_DIFFERENT = 1000;
const known = new Map<string, Set<string>>();

function isFirst(code: string, about: string): boolean {
  let seen = known.get(code);
  if (seen === undefined) known.set(code, (seen = new Set()));
  if (seen.has(about) || seen.size === MAX_DIFFERENT) return false;
  seen.add(about);
  return true;
}

/** ` of scope "label"`, or nothing for a scope without a label. */
export function ofScope(label: string | undefined): string {
  return label === undefined ? '' : ` of scope ${JSON.stringify(label)}`;
}

/** ` labelled "label"`, or nothing: for what need not be a scope. */
export function labelled(label: string | undefined): string {
  return label === undefined ? '' : ` labelled ${JSON.stringify(label)}`;
}

/**
 * Publishes once the running code has returned: what subscribers do must not meet an arena in the middle of a change.
 */
export function publishLater(to: Channel, message: unknown): void {
  process.nextTick(() => {
    to.publish(message);
  });
}

/** Warns once the running code has returned, for the same reason: anybody may have replaced process.emitWarning. */
function warnLater(warning: string, options: NodeJS.EmitWarningOptions): void {
  process.nextTick(() => {
    process.emitWarning(warning, { type: 'SimdArenaWarning', ...options });
  });
}

/** Reports a finding about a scope that has ended: to `to` always, as a process warning once for each label. */
export function report(to: Channel, code: string, message: ScopeMessage, warning: string): void {
  publishLater(to, message);
  if (isFirst(code, message.label ?? '')) warnLater(warning, { code });
}

/** Reports a leak, to `to` and as a process warning: once for each `place` where leaked memory was allocated. */
export function reportOnce(to: Channel, code: string, message: LeakMessage, place: string, warning: string): void {
  if (!isFirst(code, place)) return;
  publishLater(to, message);
  warnLater(warning, { code, detail: message.stack });
}
