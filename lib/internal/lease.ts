// What a lease wants of its arena: ArenaOptions, checked and complete.
import type { StaleViews } from '../types';
import { Granule } from './granule';
import { RETAIN_BYTES, STALE_VIEWS } from './settings';

/** See the head of this file. */
export interface Lease {
  readonly label: string | undefined;
  /** undefined: the default. */
  readonly initialBytes: number | undefined;
  /** Bytes that may be in use at once; Infinity: no limit. */
  readonly maxBytes: number;
  /** The same in whole granules. */
  readonly maxGranules: number;
  readonly retainBytes: number;
  readonly staleViews: StaleViews;
}

/** The lease of an arena without options. Replaced, never changed: arenas keep the one that they began with. */
export let defaultLease: Lease = {
  label: undefined,
  initialBytes: undefined,
  maxBytes: Infinity,
  maxGranules: Granule.Max,
  retainBytes: RETAIN_BYTES,
  staleViews: STALE_VIEWS,
};

/** Changes what later arenas of this thread do with stale views where their options say nothing. */
export function setDefaultStaleViews(staleViews: StaleViews): void {
  defaultLease = { ...defaultLease, staleViews };
}
