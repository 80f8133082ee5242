// What an arena must do: it counts granules, and its views live until it is reset or closed and nobody holds it.
import type { StaleViews } from 'simd-arena';

import type { ViewModel } from './view-model';

const GRANULE = 64;

/** A view of an arena. */
export interface ArenaView extends ViewModel {
  readonly arena: ArenaModel;
}

/** The memory of an arena from its start, or a reset under a hold, to its release. */
export class LeaseModel {
  used = 0;
  allocations = 0;
  holds = 0;
  open = true;
  readonly views: ArenaView[] = [];
}

/** What all arenas of the thread have done. */
export interface ThreadCounts {
  allocations: number;
  resets: number;
  limitHits: number;
  escapes: number;
  leaks: number;
}

/** See the head of this file. */
export class ArenaModel {
  readonly id: number;
  readonly staleViews: StaleViews;
  lease = new LeaseModel();

  readonly #maxBytes: number;
  readonly #thread: ThreadCounts;
  #resets = 0;

  constructor(id: number, staleViews: StaleViews, maxBytes: number, thread: ThreadCounts) {
    this.id = id;
    this.staleViews = staleViews;
    this.#maxBytes = maxBytes;
    this.#thread = thread;
  }

  /** Whether `bytes` more are within `maxBytes`. */
  allows(bytes: number): boolean {
    const limit = Math.floor(this.#maxBytes / GRANULE) * GRANULE;
    return this.lease.used + granuleBytes(bytes) <= limit;
  }

  /** An allocation, with `padding` bytes before it. */
  allocate(id: number, bytes: number, padding: number): ArenaView {
    const view: ArenaView = { id, bytes, state: 'live', arena: this };
    this.lease.views.push(view);
    this.lease.used += granuleBytes(bytes) + padding;
    this.lease.allocations++;
    this.#thread.allocations++;
    return view;
  }

  /** The views that go stale now: none where the memory is held. */
  reset(): readonly ArenaView[] {
    this.#resets++;
    if (this.lease.holds === 0) return this.#release(this.lease);
    this.lease.open = false;
    this.lease = new LeaseModel();
    return [];
  }

  /** As {@link reset}; no more is allocated. */
  close(): readonly ArenaView[] {
    this.lease.open = false;
    return this.lease.holds === 0 ? this.#release(this.lease) : [];
  }

  /** The end of a hold of `lease`; the views that go stale with it. */
  unhold(lease: LeaseModel): readonly ArenaView[] {
    lease.holds--;
    return lease.holds === 0 && !lease.open ? this.#release(lease) : [];
  }

  /** The garbage collector has found that the arena was dropped: its views are cut, whatever their level. */
  leak(): void {
    this.#thread.leaks++;
    this.lease.open = false;
    for (const view of this.#release(this.lease)) view.state = 'cut';
  }

  /** What `stats()` must say, of what the model knows. */
  stats(): { used: number; allocations: number; resets: number; holds: number } {
    const { used, allocations, holds } = this.lease;
    return { used, allocations, resets: this.#resets, holds };
  }

  #release(lease: LeaseModel): readonly ArenaView[] {
    this.#thread.resets++;
    lease.used = 0;
    lease.allocations = 0;
    const ended = lease.views.splice(0);
    for (const view of ended) if (view.state === 'live') view.state = this.staleViews === 'revoke' ? 'cut' : 'stale';
    return ended;
  }
}

/** Bytes that an allocation of `bytes` takes. */
export function granuleBytes(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / GRANULE)) * GRANULE;
}
