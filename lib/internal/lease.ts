// What a lease wants of its arena: ArenaOptions, checked and complete.
import type { StaleViews } from '../types';
import { Granule } from './granule';
import type { LabelHistory } from './label-history';
import { RETAIN_BYTES, STALE_VIEWS } from './settings';

/** See the head of this file. */
export interface Lease {
  readonly label: string | undefined;
  /** undefined: what the label learned, else the default. */
  readonly initialBytes: number | undefined;
  /** Bytes that may be in use at once; Infinity: no limit. */
  readonly maxBytes: number;
  /** The same in whole granules. */
  readonly maxGranules: number;
  /** undefined: what `history` says. */
  readonly retainBytes: number | undefined;
  /** The largest idle arena that may serve the lease: no larger than a chunk for `maxBytes`, and than `retainBytes`. */
  readonly largestBytes: number;
  readonly staleViews: StaleViews;
  /** Where the lease's sizes follow its label: what scopes of the label needed. */
  readonly history: LabelHistory | undefined;
  /** Where the arena was made, if that is traced. */
  readonly stack: string | undefined;
}

/** The lease of an arena without options. Replaced, never changed: arenas keep the one that they began with. */
export let defaultLease: Lease = {
  label: undefined,
  initialBytes: undefined,
  maxBytes: Infinity,
  maxGranules: Granule.Max,
  retainBytes: RETAIN_BYTES,
  largestBytes: RETAIN_BYTES,
  staleViews: STALE_VIEWS,
  history: undefined,
  stack: undefined,
};

/** Bytes that an arena of the lease keeps when it is reset or idle. */
export function retainedBytes({ retainBytes, history }: Lease): number {
  return retainBytes ?? history!.retainedBytes;
}

/**
 * `lease`, for the one arena that `stack` has made. Spelled out, because a spread has another hidden class on Node 20, which
 * costs every scope from then on 4 ns.
 */
export function tracedLease(lease: Lease, stack: string | undefined): Lease {
  const { label, initialBytes, maxBytes, maxGranules, largestBytes, retainBytes, staleViews, history } = lease;
  return { label, initialBytes, maxBytes, maxGranules, largestBytes, retainBytes, staleViews, history, stack };
}

/** Changes what later arenas of this thread do with stale views where their options say nothing. */
export function setDefaultStaleViews(staleViews: StaleViews): void {
  defaultLease = { ...defaultLease, staleViews };
}
