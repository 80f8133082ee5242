// Pooled buffers that are dropped without being put back: the garbage collector finds their slots.
import { reportLeak } from './leaks';
import type { PoolSlot, SlotRecord } from './pool-slot';
import { PoolCounter, SizeClass } from './tables';

// A constant of this module, which V8 embeds in compiled code, and a number to compare with.
const LARGE: number = SizeClass.Count;

/** Watches a slot until it has ended. */
export function watchSlot(slot: PoolSlot): void {
  droppedSlots.register(slot, slot.record);
}

/** Counts a buffer that was out as back. Only stores: nothing can fail half-way. */
export function countBack(record: SlotRecord): void {
  const { memory } = record;
  const { counters } = memory;
  if (record.sizeClass === LARGE) memory.largeBytes -= record.bytes;
  counters[PoolCounter.deallocations]! += 1;
  counters[PoolCounter.bytesFreed]! += record.bytes;
  record.bytes = -1;
  record.stack = undefined;
}

const droppedSlots = new FinalizationRegistry<SlotRecord>((record) => {
  const { memory, label, capacity, bytes, index, stack } = record;
  if (index < 0) return;
  record.index = -1;
  memory.lose(index);
  memory.reclaimLater();
  // One that was idle is here only where an exhausted stack kept it from being ended.
  if (bytes < 0) return;
  memory.counters[PoolCounter.leaks]! += 1;
  countBack(record);
  reportLeak({ kind: 'buffer', label, bytes: capacity }, stack);
});
