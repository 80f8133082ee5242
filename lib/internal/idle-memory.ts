// The idle memory of this thread, of arenas and pools, for when the process's budget is exhausted.

/** Something that keeps memory which nobody uses. */
export interface MemoryKeeper {
  /** Gives it back to the system; false if there was none. */
  releaseIdle(): boolean;
}

const keepers = new Set<WeakRef<MemoryKeeper>>();
const droppedKeepers = new FinalizationRegistry<WeakRef<MemoryKeeper>>((reference) => keepers.delete(reference));

/** Registers `keeper` for as long as it lives. */
export function addKeeper(keeper: MemoryKeeper): void {
  const reference = new WeakRef(keeper);
  keepers.add(reference);
  droppedKeepers.register(keeper, reference);
}

/** Gives all idle memory of this thread back to the system; false if there was none. */
export function releaseIdleMemory(): boolean {
  let released = false;
  for (const reference of keepers) {
    if (reference.deref()?.releaseIdle()) released = true;
  }
  return released;
}
