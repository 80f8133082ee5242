import assert from 'node:assert/strict';
import { markAsUntransferable } from 'node:worker_threads';

import { HeapSlots } from '#internal/heap-slots';
import { native, type NativePool } from '#internal/native';
import { PoolWord, SizeClass } from '#internal/tables';

import {
  collectGarbage,
  collectTwice,
  detach,
  hasTransfer,
  isAligned,
  marksForbidTransfer,
  nextTurn,
} from '../../support/runtime';

const MIB = 2 ** 20;

function newPool(): NativePool {
  const words = PoolWord.stacks + SizeClass.Count;
  return new native.NativePool(new Uint32Array(new SharedArrayBuffer(4 * words)), 0, 1, true);
}

/** A slot that is out. */
interface Made {
  readonly index: number;
  readonly buffer: ArrayBuffer;
  /** All of the slot. */
  readonly view: Uint8Array;
}

describe('slots in ordinary buffers', () => {
  let slots: HeapSlots;
  let pool: NativePool;

  beforeEach(() => {
    slots = new HeapSlots();
    pool = newPool();
  });

  function make(bytes: number): Made {
    const index = pool.make(bytes, 1);
    const memory = slots.make(pool, index);
    assert.ok(memory);
    const { buffer, offset, capacity } = memory;
    return { index, buffer, view: new Uint8Array(buffer, offset, capacity) };
  }

  /** Bytes of the ordinary buffers that live. */
  async function heapBytes(): Promise<number> {
    // The memory of buffers that were collected is freed on another thread.
    for (let turn = 0; turn < 5; turn++) {
      collectGarbage();
      await nextTurn();
    }
    return process.memoryUsage().arrayBuffers;
  }

  /** Asserts that ordinary buffers take `bytes` more than they did; others are smaller than what is made here. */
  async function assertGrowth(before: number, bytes: number): Promise<void> {
    const growth = (await heapBytes()) - before;
    assert.ok(Math.abs(growth - bytes) < 2 ** 15, `${growth} bytes, not ${bytes}`);
  }

  it('have the bytes of their class, at a multiple of that up to 4096, and are zero', () => {
    for (let bytes = 64; bytes <= 4 * MIB; bytes *= 2) {
      const made = Array.from({ length: 5 }, () => make(bytes));
      for (const { view } of made) {
        assert.equal(view.length, bytes);
        assert.ok(isAligned(view, Math.min(bytes, 4096)));
        assert.ok(view.every((byte) => byte === 0));
      }
      for (const { index, buffer } of made) assert.equal(slots.retire(pool, index, buffer), true);
    }
  });

  it('keep contents and place, but none of their views, when they are revoked', async () => {
    const { index, buffer, view } = make(MIB);
    const { byteOffset } = view.fill(7);
    const before = await heapBytes();
    const renewed = slots.revoke(pool, index, buffer)!;
    await assertGrowth(before, 0);
    assert.equal(view.length, 0);
    const moved = new Uint8Array(renewed, byteOffset, MIB);
    assert.ok(isAligned(moved, 4096));
    assert.ok(moved.every((byte) => byte === 7));
  });

  it('that have ended serve others of their size, cleared, and no other size', async () => {
    const first = make(100_000);
    new Uint8Array(first.buffer).fill(7);
    slots.retire(pool, first.index, first.buffer);
    const before = await heapBytes();
    const second = make(70_000);
    await assertGrowth(before, 0);
    assert.ok(new Uint8Array(second.buffer).every((byte) => byte === 0));
    const other = make(200_000);
    await assertGrowth(before, other.buffer.byteLength);
  });

  it('that have ended stay, because somebody outside JavaScript may still have a pointer', async () => {
    const before = await heapBytes();
    const made = Array.from({ length: 10 }, () => make(MIB));
    const bytes = made.reduce((total, { buffer }) => total + buffer.byteLength, 0);
    for (const { index, buffer } of made) slots.retire(pool, index, buffer);
    made.length = 0;
    await assertGrowth(before, bytes);
  });

  it('that have ended give their pages back', async () => {
    const { index, buffer } = make(64 * MIB);
    new Uint8Array(buffer).fill(7);
    await collectTwice();
    const before = process.memoryUsage.rss();
    slots.retire(pool, index, buffer);
    assert.ok(before - process.memoryUsage.rss() > 48 * MIB);
  });

  it('that were taken away are the thief’s alone', async () => {
    const { index, buffer } = make(MIB);
    const stolen = new Uint8Array(structuredClone(buffer, { transfer: [buffer] })).fill(7);
    assert.equal(slots.revoke(pool, index, buffer), undefined);
    assert.equal(slots.retire(pool, index, buffer), false);
    const before = await heapBytes();
    const next = make(MIB);
    await assertGrowth(before, next.buffer.byteLength);
    next.view.fill(1);
    assert.ok(stolen.every((byte) => byte === 7));
  });

  it('that were lost leave their place to others, and their memory to the collector', async () => {
    const before = await heapBytes();
    const { index, buffer } = make(MIB);
    detach(buffer);
    slots.lose(pool, index);
    assert.equal(pool.make(MIB, 1), index);
    await assertGrowth(before, 0);
  });

  const kept = marksForbidTransfer || !hasTransfer;
  it(`that are marked as untransferable ${kept ? 'stay with who marked them' : 'are revoked all the same'}`, () => {
    const { index, buffer, view } = make(MIB);
    view.fill(7);
    markAsUntransferable(buffer);
    assert.equal(slots.revoke(pool, index, buffer) === undefined, kept);
    assert.equal(view.length, kept ? MIB : 0);
    assert.equal(slots.retire(pool, index, buffer), false);
    assert.ok(make(MIB).view.every((byte) => byte === 0));
    assert.ok(view.every((byte) => byte === 7));
  });

  it('are none where the runtime has no memory', () => {
    assert.equal(slots.make({ ...pool, bytes: () => 2 ** 52 }, 0), undefined);
  });
});
