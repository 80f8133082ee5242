// Pools that are dropped without being closed: the garbage collector finds them, and what they had pooled is ended then.
//
// Until then it is kept alive here, because memory of the runtime must not go to the collector while a consumer outside
// JavaScript may still hold a pointer into it.
import type { PoolMemory } from './pool-memory';
import type { PoolSlot } from './pool-slot';

interface Left {
  readonly memory: PoolMemory;
  readonly idle: readonly (PoolSlot | undefined)[];
}

/** Watches `pool`, whose idle slots are in `idle`. */
export function watchPool(pool: object, memory: PoolMemory, idle: readonly (PoolSlot | undefined)[]): void {
  droppedPools.register(pool, { memory, idle });
}

const droppedPools = new FinalizationRegistry<Left>(({ memory, idle }) => {
  for (const slot of idle) {
    if (slot === undefined) continue;
    const { record, buffer } = slot;
    memory.retire(record.index, buffer);
    record.index = -1;
  }
});
