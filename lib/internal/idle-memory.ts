// The idle memory of this thread, of arenas and pools, for when the process's budget is exhausted.

/** Something that keeps memory which nobody uses. */
export interface MemoryKeeper {
  /** Gives it back to the system; false if there was none. */
  releaseIdle(): boolean;
}

const keepers = new Set<WeakRef<MemoryKeeper>>();

/** Registers `keeper` for as long as it lives. */
export function addKeeper(keeper: MemoryKeeper): void {
  keepers.add(new WeakRef(keeper));
}

/** Gives all idle memory of this thread back to the system; false if there was none. */
export function releaseIdleMemory(): boolean {
  let released = false;
  for (const reference of keepers) {
    const keeper = reference.deref();
    if (keeper === undefined) keepers.delete(reference);
    else if (keeper.releaseIdle()) released = true;
  }
  return released;
}
