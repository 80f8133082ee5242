// Slots in chunks that the native core maps, exposed as one external ArrayBuffer each.
//
// `transfer()` revokes them; where the runtime has none, native code detaches the buffer and makes a new one. What somebody
// took away waits in the native core until the finalizers of all its buffers have run.
import { arrayBufferByteLength, transfer } from './intrinsics';
import type { NativePool } from './native';
import type { SlotBackend, SlotMemory } from './slot-backend';

/** See {@link SlotBackend}. */
export class ExternalSlots implements SlotBackend {
  readonly foreign = false;

  make(pool: NativePool, index: number): SlotMemory | undefined {
    const exposed = pool.expose(index);
    if (exposed === undefined) return undefined;
    // Transferred once before anybody sees it: V8 aborts at exit over an external buffer of the native core that a
    // user marked as untransferable, but not over one that it made itself.
    const buffer = transfer ? transfer(exposed) : exposed;
    return { buffer, offset: 0, capacity: arrayBufferByteLength(buffer) };
  }

  revoke(pool: NativePool, index: number, buffer: ArrayBuffer): ArrayBuffer | undefined {
    if (transfer === undefined) return pool.renew(index, buffer);
    try {
      return transfer(buffer);
    } catch {
      // Detached by somebody else, or marked as untransferable.
      return undefined;
    }
  }

  retire(pool: NativePool, index: number, buffer: ArrayBuffer): boolean {
    return pool.retire(index, buffer);
  }

  lose(pool: NativePool, index: number): void {
    pool.lose(index);
  }
}
