import assert from 'node:assert/strict';

import { native } from '#internal/native';
import {
  MemoryStat,
  memoryStatNames,
  PoolCounter,
  poolCounterNames,
  PoolWord,
  SizeClass,
  Status,
} from '#internal/tables';

import { budgetInUse } from '../../support/budget';
import { throwsCode } from '../../support/errors';
import { MAX_BUFFERS, newPool } from '../../support/native-owners';
import { collectTwice, collectUntil, detach, hasExternalBuffers, steal } from '../../support/runtime';

/** Of every type, and none of them a slot, a size, a limit or a state. */
const nonsense: unknown[] = [null, -1, 0.5, NaN, Infinity, 2 ** 53, '0', 0n, Symbol('0'), {}, [], () => 0];

type Pool = ReturnType<typeof newPool>;

/** The word of a bucket. */
function wordOf(sizeClass: number, word: PoolWord): number {
  return PoolWord.buckets + sizeClass * PoolWord.perBucket + word;
}

/** Makes a slot and exposes it. */
function makeBuffer({ pool }: Pool, bytes: number): { slot: number; buffer: ArrayBuffer } {
  const slot = pool.make(bytes, 1);
  assert.ok(slot >= 0);
  const buffer = pool.expose(slot);
  assert.ok(buffer);
  return { slot, buffer };
}

/** As JavaScript pushes it. */
function push({ state }: Pool, sizeClass: number, slot: number): void {
  const idle = state[wordOf(sizeClass, PoolWord.idle)]!++;
  state[PoolWord.stacks + sizeClass * MAX_BUFFERS + idle] = slot;
  state[wordOf(sizeClass, PoolWord.out)]! -= 1;
}

function capacity(): number {
  const stats = new Float64Array(memoryStatNames.length);
  native.stats(false, stats);
  return stats[MemoryStat.capacity]!;
}

describe('NativePool', () => {
  it('says no where the budget does', () => {
    const { pool, state } = newPool();
    const before = native.budget();
    native.setBudget(0, false);
    try {
      assert.equal(pool.make(1, 1), -Status.MemoryBudget);
    } finally {
      native.setBudget(before, false);
    }
    assert.ok(state.every((word) => word === 0));
  });
});

describe('a NativePool of foreign slots', () => {
  it('says what their memory must hold: the bytes of the class, or of a large one a whole chunk', () => {
    const { pool, state } = newPool(true);
    for (const [bytes, size] of [
      [0, 64],
      [65, 128],
      [100_000, 131_072],
      [SizeClass.MaxBytes, SizeClass.MaxBytes],
      [SizeClass.MaxBytes + 1, (SizeClass.MaxBytes / 8) * 9],
    ] as const) {
      const slot = pool.make(bytes, 1);
      assert.equal(pool.bytes(slot), size);
      assert.equal(new Float64Array(state.buffer)[PoolCounter.capacity], Math.max(size, 65_536));
      assert.equal(pool.retire(slot), true);
      throwsCode('ERR_OUT_OF_RANGE', () => pool.bytes(slot));
    }
  });

  it('has no buffers of its own, and takes none', () => {
    const { pool, state } = newPool(true);
    const slot = pool.make(64, 1);
    const before = [...state];
    throwsCode('ERR_OUT_OF_RANGE', () => pool.expose(slot));
    throwsCode('ERR_INVALID_ARG_TYPE', () => pool.renew(slot, new ArrayBuffer(64)));
    throwsCode('ERR_INVALID_ARG_TYPE', () => pool.retire(slot, new ArrayBuffer(64)));
    assert.deepEqual([...state], before);
    assert.equal(pool.retire(slot), true);
  });

  it('uses the index of a slot that was lost again', () => {
    const { pool } = newPool(true);
    const [kept, lost] = [pool.make(64, 1), pool.make(64, 1)];
    pool.lose(lost);
    assert.equal(pool.reclaimLost(), true);
    assert.equal(pool.make(64, 1), lost);
    assert.equal(pool.retire(kept), true);
  });

  it('keeps what small slots take of the budget for others of their size, of any pool, and gives back the rest', () => {
    const take = (bytes: number): (() => boolean) => {
      const { pool } = newPool(true);
      const slot = pool.make(bytes, 1);
      return () => pool.retire(slot);
    };
    // Nothing is kept yet of what is charged here.
    const small = Array.from({ length: 200 }, () => take(2048));
    const before = budgetInUse();
    for (const end of small) end();
    assert.equal(budgetInUse(), before);
    for (const end of Array.from({ length: 200 }, () => take(2048))) end();
    assert.equal(budgetInUse(), before);
    const others = [take(65_536), take(SizeClass.MaxBytes + 1)];
    assert.equal(budgetInUse(), before + 65_536 + (SizeClass.MaxBytes / 8) * 9);
    for (const end of others) end();
    assert.equal(budgetInUse(), before);
  });
});

if (hasExternalBuffers) describe('a NativePool whose slots are exposed', testExposed);

it(`a NativePool ${hasExternalBuffers ? 'exposes' : 'cannot expose'} its slots here`, () => {
  const { pool } = newPool();
  const slot = pool.make(64, 1);
  const buffer = pool.expose(slot);
  assert.equal(buffer?.byteLength, hasExternalBuffers ? 64 : undefined);
  assert.equal(pool.retire(slot, buffer), true);
});

function testExposed(): void {
  it('refuses slots that are not live, and changes nothing', () => {
    const made = newPool();
    const { pool, state } = made;
    const { slot: retired, buffer } = makeBuffer(made, 64);
    const { slot: lost } = makeBuffer(made, 64);
    makeBuffer(made, 64);
    pool.retire(retired, buffer);
    pool.lose(lost);
    const before = [...state];
    for (const slot of [retired, lost, 3, 2 ** 32 - 1, 2 ** 32, undefined, ...nonsense] as number[]) {
      for (const call of [
        () => pool.expose(slot),
        () => pool.renew(slot, new ArrayBuffer(64)),
        () => pool.retire(slot, new ArrayBuffer(64)),
        () => pool.retire(slot),
        () => {
          pool.lose(slot);
        },
      ]) {
        throwsCode('ERR_OUT_OF_RANGE', call);
      }
    }
    assert.deepEqual([...state], before);
  });

  it('exposes a slot once: the bytes of its class, or of a large one the granules asked for', () => {
    const made = newPool();
    for (const [bytes, size] of [
      [0, 64],
      [65, 128],
      [100_000, 131_072],
      [SizeClass.MaxBytes, SizeClass.MaxBytes],
      [SizeClass.MaxBytes + 1, SizeClass.MaxBytes + 64],
    ] as const) {
      const { slot, buffer } = makeBuffer(made, bytes);
      assert.equal(made.state[PoolWord.fresh], 1);
      assert.equal(buffer.byteLength, size);
      assert.equal(new Uint8Array(buffer)[size - 1], 0);
      throwsCode('ERR_OUT_OF_RANGE', () => made.pool.expose(slot));
      assert.equal(made.pool.retire(slot, buffer), true);
      assert.equal(buffer.byteLength, 0);
    }
  });

  it('counts what is out, and the memory behind it, and nothing else', () => {
    const made = newPool();
    const { pool, state } = made;
    const [a, b, c] = [makeBuffer(made, 100), makeBuffer(made, 100), makeBuffer(made, 100)];
    const out = wordOf(1, PoolWord.out);
    assert.equal(state[out], 3);
    pool.retire(a.slot, a.buffer);
    pool.lose(b.slot);
    assert.equal(state[out], 1);
    pool.retire(c.slot, c.buffer);
    assert.equal(state[out], 0);
    const counters = [...new Float64Array(state.buffer, 0, poolCounterNames.length)];
    // The slab of the lost slot.
    assert.equal(counters.splice(PoolCounter.capacity, 1)[0], 65_536);
    assert.ok(counters.every((counter) => counter === 0));
  });

  it('refuses a buffer that is not the slot’s, and changes nothing', () => {
    const made = newPool();
    const { pool, state } = made;
    const { slot, buffer } = makeBuffer(made, 64);
    const { slot: other, buffer: otherBuffer } = makeBuffer(made, 64);
    const notExposed = pool.make(64, 1);
    const before = [...state];
    for (const value of [
      ...nonsense,
      otherBuffer,
      new ArrayBuffer(64),
      new ArrayBuffer(0),
      new SharedArrayBuffer(64),
      new Uint8Array(buffer),
    ]) {
      throwsCode('ERR_INVALID_ARG_TYPE', () => pool.renew(slot, value as ArrayBuffer));
      throwsCode('ERR_INVALID_ARG_TYPE', () => pool.retire(slot, value as ArrayBuffer));
    }
    throwsCode('ERR_INVALID_ARG_TYPE', () => pool.retire(notExposed, buffer));
    assert.deepEqual([...state], before);
    assert.equal(pool.retire(other, otherBuffer), true);
    assert.equal(pool.retire(slot, buffer), true);
    assert.equal(pool.retire(notExposed), true);
  });

  it('exposes a slot anew, with what is in it, and cuts the old buffer off', () => {
    const made = newPool();
    const { slot, buffer } = makeBuffer(made, 64);
    new Uint8Array(buffer)[63] = 7;
    const renewed = made.pool.renew(slot, buffer);
    assert.equal(buffer.byteLength, 0);
    assert.deepEqual([renewed?.byteLength, new Uint8Array(renewed!)[63]], [64, 7]);
    assert.equal(made.pool.renew(slot, buffer), undefined, 'it has been detached before');
    assert.equal(made.pool.retire(slot, renewed), true);
  });

  it('loses a slot whose buffer is missing or was taken away, and uses its memory again when nobody has it', async () => {
    const made = newPool();
    const { pool } = made;
    makeBuffer(made, 32_768); // two slots a slab: the other one keeps it
    const first = makeBuffer(made, 32_768);
    makeBuffer(made, 32_768);
    const elsewhere: Uint8Array[] = [];
    const second = (() => {
      const { slot, buffer } = makeBuffer(made, 32_768);
      elsewhere.push(new Uint8Array(buffer).fill(9));
      return slot;
    })();
    elsewhere.push(await steal(new Uint8Array(first.buffer)));
    assert.equal(pool.retire(first.slot, first.buffer), false);
    assert.equal(pool.retire(second), false);
    await collectTwice();

    // Both are in unknown hands.
    const third = makeBuffer(made, 32_768);
    new Uint8Array(third.buffer).fill(1);
    assert.equal(made.state[PoolWord.fresh], 1);
    assert.deepEqual([elsewhere[0]![0], elsewhere[1]![0]], [9, 7]);
    pool.retire(third.slot, third.buffer);

    elsewhere.length = 0;
    await collectUntil(() => {
      const again = [makeBuffer(made, 32_768), makeBuffer(made, 32_768)];
      const bothCameBack = made.state[PoolWord.fresh] === 0;
      for (const half of again) pool.retire(half.slot, half.buffer);
      return bothCameBack;
    });
  });

  it('takes its victims from what JavaScript pushed', () => {
    const made = newPool();
    const { pool, state } = made;
    const slots = [makeBuffer(made, 64), makeBuffer(made, 64), makeBuffer(made, 64)];
    for (const { slot } of slots) push(made, 0, slot);
    pool.markAge();
    assert.equal(state[wordOf(0, PoolWord.low)], 3);
    assert.equal(pool.takeColdest(), slots[0]!.slot);
    assert.equal(pool.takeUnused(), slots[1]!.slot);
    assert.deepEqual([state[wordOf(0, PoolWord.idle)], state[wordOf(0, PoolWord.out)]], [1, 2]);
    const counters = new Float64Array(state.buffer, 0, poolCounterNames.length);
    assert.deepEqual([counters[PoolCounter.trimmed], counters[PoolCounter.unused]], [1, 1]);
    assert.equal(counters[PoolCounter.pooledBytes], -128, 'JavaScript adds what it pushes');
    assert.equal(pool.takeColdest(), slots[2]!.slot);
    assert.equal(pool.takeColdest(), -1);
    assert.equal(pool.takeUnused(), -1);
  });

  it('leaves what it has exposed alone when it is collected, and gives the rest back', async () => {
    await collectTwice();
    const before = capacity();
    const kept = (() => [new Uint8Array(makeBuffer(newPool(), 100_000).buffer).fill(5)])();
    await collectUntil(() => capacity() === before + 131_072);
    assert.ok(kept[0]!.every((byte) => byte === 5));
    kept.length = 0;
    await collectUntil(() => capacity() === before);
  });

  it('takes a detached buffer for one that was taken away', () => {
    const made = newPool();
    const { slot } = makeBuffer(made, 64);
    const detached = new ArrayBuffer(64);
    detach(detached);
    assert.equal(made.pool.renew(slot, detached), undefined);
    assert.equal(made.pool.retire(slot, detached), false);
  });
}
