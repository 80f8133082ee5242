// The sizes and levels that arenas have where their options say nothing.
import type { StaleViews } from '../types';
import { MIN_CHUNK_BYTES } from './chunk-size';
import { environment } from './native';

/** Bytes of an arena's first chunk. */
export const FIRST_CHUNK_BYTES: number = environment.arenaBytes ?? MIN_CHUNK_BYTES;

/** Bytes that an idle or reset arena keeps. */
export const RETAIN_BYTES: number = 2 ** 20;

/** Bytes that all idle arenas of a thread keep. */
export const RETAIN_BYTES_PER_THREAD: number = 64 * 2 ** 20;

/** What becomes of stale views, unless configure() says otherwise. */
export const STALE_VIEWS: StaleViews = environment.staleViews ?? 'revoke';
