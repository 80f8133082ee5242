import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

import { native, nativeNumbers, type NativePool } from '#internal/native';
import { PoolWord, Status } from '#internal/tables';
import * as simdArena from 'simd-arena';
import { Arena, BufferPool, createReduction, PoolAllocator, SumAccumulator } from 'simd-arena';

import { throwsCode } from '../support/errors';
import { CHUNK, newArena, newPool, POOL_WORDS } from '../support/native-owners';
import { promise } from '../support/promises';
import { backend, nextTurn } from '../support/runtime';
import { withSubscriber } from '../support/channels';

interface Range {
  readonly start: bigint;
  readonly end: bigint;
}

/** Mapped addresses, on Linux. Those that fit 32 bits could be sizes, and memory of chunks is never there. */
function mappedRanges(): Range[] {
  if (process.platform !== 'linux') return [];
  return (
    readFileSync('/proc/self/maps', 'utf8')
      .trim()
      .split('\n')
      .map((line) => {
        const [start, end] = line.split(' ', 1)[0]!.split('-');
        return { start: BigInt(`0x${start!}`), end: BigInt(`0x${end!}`) };
      })
      // But for what a sanitizer reserves, which is most of all numbers.
      .filter(({ start, end }) => start >= 2n ** 32n && end - start < 2n ** 40n)
  );
}

/** The numbers that a string spells, in decimal or hexadecimal digits. */
function spelled(text: string): bigint[] {
  const digits = text.match(/0x[0-9a-f]+|\d+/gi) ?? [];
  const hex = text.match(/\b[0-9a-f]{9,16}\b/gi) ?? [];
  return [...digits.map(BigInt), ...hex.map((word) => BigInt(`0x${word}`))];
}

/** The numbers that a value is, has or spells, its prototypes and what getters give included. */
function numbersIn(value: unknown, seen = new Set<unknown>()): bigint[] {
  if (typeof value === 'bigint') return [value];
  if (typeof value === 'number') return Number.isInteger(value) ? [BigInt(value)] : [];
  if (typeof value === 'string') return spelled(value);
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null || seen.has(value)) return [];
  seen.add(value);
  // The contents of memory are the user's own.
  const keys = Reflect.ownKeys(value).filter((key) => !ArrayBuffer.isView(value) || !/^\d+$/.test(String(key)));
  const parts = keys.map((key): unknown => {
    try {
      return Reflect.get(value, key);
    } catch {
      return undefined;
    }
  });
  return [...parts, Object.getPrototypeOf(value)].flatMap((part) => numbersIn(part, seen));
}

function assertNoAddress(values: readonly unknown[]): void {
  const ranges = mappedRanges();
  const found = numbersIn(values).filter((number) => ranges.some(({ start, end }) => number >= start && number < end));
  assert.deepEqual(found, []);
}

/** What `run` throws. */
function errorOf(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  return assert.fail('returned');
}

/** A native pool with a slot that is out, and one that is idle. */
function newUsedPool(): { pool: NativePool; state: Uint32Array; buffer: ArrayBuffer } {
  const { pool, state } = newPool();
  const [slot, idle] = [pool.make(64, 1), pool.make(64, 1)];
  const buffer = pool.expose(slot)!;
  pool.expose(idle);
  state[PoolWord.stacks + state[PoolWord.buckets + PoolWord.idle]!++] = idle;
  state[PoolWord.buckets + PoolWord.out]! -= 1;
  pool.markAge();
  return { pool, state, buffer };
}

/** 64-bit numbers at every word of shared memory. */
function wide(words: Uint32Array): bigint[] {
  return Array.from(words.subarray(1), (high, index) => (BigInt(high) << 32n) | BigInt(words[index]!));
}

promise('No addresses', () => {
  it('would be found if there were any', () => {
    for (const { start } of mappedRanges().slice(0, 3)) {
      for (const leak of [Number(start), start, [{ message: `at 0x${start.toString(16)}` }], `at ${start}`]) {
        assert.throws(() => assertNoAddress([leak]), assert.AssertionError);
      }
    }
  });

  it('are in nothing that is handed out', () => {
    const arena = new Arena({ label: 'handed out' });
    using pool = new BufferPool({ label: 'handed out' });
    using allocator = new PoolAllocator();
    const accumulator = new SumAccumulator().add(1);
    const reduction = createReduction('f32', ['sum', 'minmax']).update(Float32Array.of(1));
    const view = arena.alloc(Float32Array, 100);
    const buffer = pool.getOrAlloc(100);
    assertNoAddress([
      simdArena,
      ...[arena, arena.hold(), view, view.buffer, arena.stats(), simdArena.arenaStats()],
      simdArena.arenaStats({ scope: 'process' }),
      ...[pool, buffer, buffer.buffer, pool.stats(), allocator, allocator.alloc(Float64Array, 3), allocator.stats()],
      ...[accumulator, accumulator.toBytes(), reduction, reduction.result(), simdArena.runtimeInfo()],
    ]);
    arena.close();
  });

  it('are in no error and no message', async () => {
    const messages: unknown[] = [];
    const keep = (message: unknown): void => void messages.push(message);
    const arena = new Arena({ label: 'failing', maxBytes: 100 });
    const stale = arena.alloc(Float32Array, 4);
    await withSubscriber('limit', keep, () =>
      withSubscriber('scope:end', keep, async () => {
        messages.push(errorOf(() => arena.alloc(Uint8Array, 2 ** 40)));
        arena.close();
        await nextTurn();
      }),
    );
    using pool = new BufferPool();
    assertNoAddress([
      ...messages,
      errorOf(() => arena.reset()),
      errorOf(() => simdArena.sumF32(stale)),
      errorOf(() => pool.put(Buffer.alloc(3))),
      errorOf(() => pool.getOrAlloc(2 ** 52)),
      errorOf(() => simdArena.sumF32(new Uint8Array(3))),
      errorOf(() => simdArena.withArena((scope) => scope.alloc(Uint8Array, 3))),
    ]);
  });

  it('are in nothing that C++ shares with JavaScript', () => {
    const { arena, state } = newArena();
    const { pool, state: words } = newUsedPool();
    const shared = backend === 'external' ? [arena.expose(0)] : [];
    assertNoAddress([native, arena, pool, ...shared, ...wide(state), ...wide(words), ...nativeNumbers]);
  });

  it('come from a state of an arena that lies', () => {
    for (let word = 0; word < 16; word++) {
      for (const lie of [0, 1, 2 ** 31, 2 ** 32 - 1]) {
        const { arena, state } = newArena();
        const buffer = backend === 'external' ? arena.expose(0) : undefined;
        state[word] = lie;
        const made = arena.grow(100, CHUNK);
        assert.ok(
          made === -Status.ArenaLimit || made === -Status.ArenaOutOfMemory || made >= CHUNK,
          `${word}: ${made}`,
        );
        if (made > 0) arena.undoGrow();
        arena.retire(0, buffer!);
        throwsCode('ERR_OUT_OF_RANGE', () => arena.lose(0));
        // Statistics are read from the state as long as the arena lives.
        state.fill(0);
      }
    }
  });

  it('come from a state of a pool that lies', () => {
    for (let word = 0; word < POOL_WORDS; word++) {
      for (const lie of [0, 1, 3, 2 ** 31, 2 ** 32 - 1]) {
        const { pool, state, buffer } = newUsedPool();
        state[word] = lie;
        for (const taken of [pool.takeColdest(), pool.takeUnused()]) assert.ok(taken >= -1 && taken <= 1);
        pool.markAge();
        assert.ok(pool.make(64, 1) >= 0);
        assert.equal(pool.retire(0, buffer), true);
      }
    }
  });
});
