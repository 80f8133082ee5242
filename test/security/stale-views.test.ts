import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { runInNewContext } from 'node:vm';
import { deflateSync, inflateSync } from 'node:zlib';

import { Arena, BufferPool, PoolAllocator, withArena, type ElementView } from 'simd-arena';

import { promise } from '../support/promises';
import { forgetIdleArenas, nextTurn } from '../support/runtime';
import { viewKinds, type AnyView } from '../support/typed-arrays';

const SECRET = 0x5e;
const BYTES = 96;

/** Everything in which a program may keep memory that it was given. */
function keepsOf(view: ElementView): object[] {
  const buffer = view.buffer as ArrayBuffer;
  const bytes = new Uint8Array(buffer);
  const iterator = bytes.values();
  iterator.next();
  return [
    view,
    buffer,
    bytes,
    (view as unknown as Uint8Array).subarray(1),
    bytes.subarray(0, BYTES).subarray(8),
    new DataView(buffer),
    new DataView(buffer, 8, 16),
    Buffer.from(buffer),
    Buffer.from(buffer, 8, 16).subarray(2),
    new Float64Array(buffer, 0, 4),
    new BigInt64Array(buffer, 8, 2),
    new (runInNewContext('Uint8Array') as typeof Uint8Array)(buffer),
    new (class extends Uint8Array {})(buffer),
    iterator,
  ];
}

const toText = Reflect.get(Buffer.prototype, 'toString') as (encoding: string) => string;

const emptyHash = createHash('sha256').digest('hex');

/** Synchronous readers of bytes; each gives what it has got. */
const readers: Readonly<Record<string, (kept: never) => unknown>> = {
  'its elements': (kept: Uint8Array) => Array.from(kept),
  'an index': (kept: Uint8Array) => [kept[0], kept[7]].filter((value) => value !== undefined),
  'at()': (kept: Uint8Array) => kept.at(0),
  'an iterator': (kept: IterableIterator<number>) => [...kept],
  'a getter of a DataView': (kept: DataView) => kept.getUint8(0),
  'another view': (kept: Uint8Array) => new Uint8Array(kept.buffer),
  'another view of a buffer': (kept: ArrayBuffer) => new Uint8Array(kept),
  'slice()': (kept: Uint8Array) => kept.slice(0),
  'Buffer.from': (kept: ArrayBuffer) => Buffer.from(kept),
  'Buffer.concat': (kept: Uint8Array) => Buffer.concat([kept]),
  'Buffer.toString': (kept: Uint8Array) => toText.call(kept, 'latin1'),
  'JSON.stringify': (kept: object) => JSON.stringify(kept).match(/\d+/g) ?? [],
  TextDecoder: (kept: Uint8Array) => new TextDecoder('latin1').decode(kept),
  structuredClone: (kept: Uint8Array) => new Uint8Array(structuredClone(kept.buffer)),
  'zlib.deflateSync': (kept: Uint8Array) => inflateSync(deflateSync(kept)),
  'a hash': (kept: Uint8Array) => (createHash('sha256').update(kept).digest('hex') === emptyHash ? '' : 'of something'),
  'Atomics.load': (kept: Uint8Array) => Atomics.load(kept, 0),
};

/** Whether `value` has bytes of anybody. */
function hasBytes(value: unknown): boolean {
  if (typeof value === 'number' || typeof value === 'bigint') return true;
  return (value as ArrayLike<unknown> | undefined)?.length !== undefined && (value as ArrayLike<unknown>).length > 0;
}

/** Asserts that nothing is read through `kept`, nor written. */
function assertCutOff(kept: object, what: string): void {
  for (const [how, reader] of Object.entries(readers)) {
    let read: unknown;
    try {
      read = reader(kept as never);
    } catch {
      continue;
    }
    assert.ok(!hasBytes(read), `${what}, by ${how}: ${String(read)}`);
  }
  for (const write of [
    () => ((kept as Uint8Array)[0] = 1),
    () => (kept as Uint8Array).fill(1),
    () => (kept as Uint8Array).set([1]),
    () => (kept as DataView).setUint8(0, 1),
    () => Atomics.store(kept as Uint8Array, 0, 1),
  ]) {
    try {
      write();
    } catch {
      // As good: nothing is written.
    }
  }
}

/** Asserts that whoever kept `keeps` neither sees nor changes what the memory is used for now. */
function assertApart(keeps: readonly object[], next: Uint8Array): void {
  next.fill(0xa7);
  for (const [index, kept] of keeps.entries()) assertCutOff(kept, `${index}: ${Object.prototype.toString.call(kept)}`);
  assert.ok(next.length === BYTES && next.every((byte) => byte === 0xa7));
}

type End = (arena: Arena) => unknown;
const ends: Readonly<Record<string, End>> = {
  close: (arena) => arena.close(),
  reset: (arena) => arena.reset(),
  'the end of a hold': (arena) => {
    const hold = arena.hold();
    arena.close();
    hold[Symbol.dispose]();
  },
  'the end of a promise': async (arena) => {
    arena.waitUntil(Promise.resolve());
    arena.close();
    await nextTurn();
  },
};

promise('Stale views', () => {
  for (const [how, end] of Object.entries(ends)) {
    it(`of an arena reach nothing after ${how}, whatever their type and whatever keeps them`, async () => {
      for (const { type, elementBytes } of viewKinds) {
        forgetIdleArenas();
        const arena = new Arena({ staleViews: 'revoke' });
        const view = arena.alloc(type, BYTES / elementBytes) as AnyView;
        new Uint8Array(view.buffer, 0, BYTES).fill(SECRET);
        const keeps = keepsOf(view);
        await end(arena);
        using next = how === 'reset' ? arena : new Arena({ staleViews: 'revoke' });
        assertApart(keeps, next.allocUnsafe(Uint8Array, BYTES));
      }
    });
  }

  it('of a scope reach nothing, from closures, promises and timers', async () => {
    const kept: (() => object[])[] = [];
    const scope = (arena: Arena): Promise<object[]> => {
      const keeps = keepsOf(arena.alloc(Uint8Array, BYTES).fill(SECRET));
      kept.push(() => keeps);
      const later = nextTurn().then(() => keeps);
      return later.then(() => []).then(() => []);
    };
    const byTimer = new Promise<object[]>((resolve) =>
      withArena((arena) => {
        const keeps = keepsOf(arena.alloc(Uint8Array, BYTES));
        setImmediate(() => resolve(keeps));
      }),
    );
    await withArena(scope);
    for (const keeps of [kept[0]!(), await byTimer]) {
      withArena((next) => assertApart(keeps, next.allocUnsafe(Uint8Array, BYTES)));
    }
  });

  const returns: Readonly<Record<string, (pool: BufferPool, buffer: Buffer) => unknown>> = {
    put: (pool, buffer) => pool.put(buffer),
    reclaimAll: (pool) => pool.reclaimAll(),
    'putAfter, once that has ended': async (pool, buffer) => {
      pool.putAfter(buffer, Promise.resolve());
      await nextTurn();
    },
    'put and trim': (pool, buffer) => {
      pool.put(buffer);
      pool.trim();
    },
  };
  for (const [how, giveBack] of Object.entries(returns)) {
    it(`of a pooled buffer reach nothing after ${how}`, async () => {
      using pool = new BufferPool({ staleViews: 'revoke' });
      const buffer = pool.getOrAlloc(BYTES).fill(SECRET);
      const keeps = keepsOf(buffer);
      await giveBack(pool, buffer);
      const owners = Array.from({ length: 40 }, () => pool.getOrAlloc(BYTES));
      assertApart(keeps, owners[0]!);
      assert.ok(owners.slice(1).every((owner) => owner.fill(2).every((byte) => byte === 2)));
    });
  }

  for (const staleViews of ['revoke', 'poison', 'allow'] as const) {
    for (const how of ['reclaimAll', 'close'] as const) {
      it(`of a pool and an allocator reach nothing after ${how} under '${staleViews}'`, () => {
        using pool = new BufferPool({ staleViews });
        using allocator = new PoolAllocator({ staleViews });
        const keeps = [
          ...keepsOf(pool.getOrAlloc(BYTES).fill(SECRET)),
          ...keepsOf(allocator.alloc(Float32Array, BYTES / 4).fill(SECRET)),
        ];
        pool[how]();
        allocator[how]();
        using next = new BufferPool({ staleViews });
        const source = how === 'close' ? next : pool;
        assertApart(keeps, source.getOrAlloc(BYTES));
      });
    }
  }

  it('of a held scope go on working, and nobody else gets the memory, until the hold ends', () => {
    const arena = new Arena({ staleViews: 'revoke' });
    const view = arena.alloc(Uint8Array, BYTES).fill(SECRET);
    const hold = arena.hold();
    arena.close();
    for (let count = 0; count < 20; count++) {
      using other = new Arena({ staleViews: 'revoke' });
      using pool = new BufferPool();
      new Uint8Array(other.allocUnsafe(Uint8Array, BYTES).buffer).fill(0xa7);
      new Uint8Array(pool.getOrAlloc(BYTES).buffer).fill(0xa7);
    }
    assert.deepEqual([...view], Array<number>(BYTES).fill(SECRET));
    hold[Symbol.dispose]();
    assert.equal(view.length, 0);
  });

  it('of a pool that was closed, and of an allocator, reach nothing', () => {
    for (const { type, elementBytes } of viewKinds) {
      const closed = new PoolAllocator({ staleViews: 'revoke' });
      const keeps = keepsOf(closed.alloc(type, BYTES / elementBytes) as AnyView);
      closed.close();
      using other = new PoolAllocator();
      const given = other.alloc(type, BYTES / elementBytes) as AnyView;
      keeps.push(...keepsOf(given));
      other.free(given);
      assertApart(keeps, other.allocUnsafe(Uint8Array, BYTES));
    }
  });
});
