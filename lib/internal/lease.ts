// What a lease wants of its arena: ArenaOptions, checked and complete.
import type { StaleViews } from '../types';
import { Granule } from './granule';
import type { LabelHistory } from './label-history';
import { RETAIN_BYTES, RETAIN_BYTES_PER_THREAD, STALE_VIEWS } from './settings';

/** See the head of this file. */
export interface Lease {
  readonly label: string | undefined;
  /** undefined: what the label learned, else the default. */
  readonly initialBytes: number | undefined;
  /** Bytes that may be in use at once; Infinity: no limit. */
  readonly maxBytes: number;
  /** The same in whole granules. */
  readonly maxGranules: number;
  /** The largest idle arena that may serve the lease: a chunk for `maxBytes`. */
  readonly largestBytes: number;
  /** undefined: what `history` says. */
  readonly retainBytes: number | undefined;
  readonly staleViews: StaleViews;
  /** Where the lease's sizes follow its label: what scopes of the label needed. */
  readonly history: LabelHistory | undefined;
}

/** The lease of an arena without options. Replaced, never changed: arenas keep the one that they began with. */
export let defaultLease: Lease = {
  label: undefined,
  initialBytes: undefined,
  maxBytes: Infinity,
  maxGranules: Granule.Max,
  largestBytes: RETAIN_BYTES_PER_THREAD,
  retainBytes: RETAIN_BYTES,
  staleViews: STALE_VIEWS,
  history: undefined,
};

/** Changes what later arenas of this thread do with stale views where their options say nothing. */
export function setDefaultStaleViews(staleViews: StaleViews): void {
  defaultLease = { ...defaultLease, staleViews };
}
