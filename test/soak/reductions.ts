// Reductions of random data, of every element type, in every kind of memory, against references.
import { setImmediate as nextTurn } from 'node:timers/promises';

import { createReduction, dot, sumExactF32, sumExactF64, SumAccumulator, withArena } from 'simd-arena';
import type { BufferPool } from 'simd-arena';

import { decode, elementKinds, kindOf, type ElementKind } from '../support/element-types';
import { assertSame } from '../support/numbers';
import { assertReduces, genericReductions, randomElements } from '../support/reductions';
import { referenceDot } from '../support/reference-reductions';
import type { PoolAccount } from './pool-account';
import type { Random } from './random';
import type { Actor, World } from './world';

const MEDIAN_LENGTH = 100;
const MOST_ELEMENTS = 50_000;
const REDUCTIONS_PER_TURN = 4;

/** Elements of one type that lie somewhere, side by side or apart. */
interface Data {
  readonly bytes: Uint8Array;
  readonly stride: { readonly offset: number; readonly stride: number; readonly count: number } | undefined;
  /** The same elements, side by side. */
  readonly packed: Uint8Array;
}

/** See the head of this file. */
export class Reductions implements Actor {
  readonly #world: World;
  readonly #random: Random;
  readonly #account: PoolAccount<BufferPool>;
  readonly #ways = [this.#reduce, this.#reduce, this.#reduce, this.#stream, this.#dot, this.#accumulate] as const;

  constructor(world: World, account: PoolAccount<BufferPool>) {
    this.#world = world;
    this.#random = world.random(4);
    this.#account = account;
  }

  async run(stopped: () => boolean): Promise<void> {
    while (!stopped()) {
      for (let count = 0; count < REDUCTIONS_PER_TURN; count++) {
        this.#random.pick(this.#ways).call(this);
        this.#world.tally.add('reductions');
      }
      await nextTurn();
    }
  }

  /** One operation on elements that lie side by side or apart. */
  #reduce(): void {
    const kind = this.#random.pick(elementKinds);
    const [op, reduce] = this.#random.pick(genericReductions);
    const { packed, bytes, stride } = this.#data(kind);
    this.#withMemory(bytes, (data) => {
      const what = `${op} of ${packed.length / kind.bytes} ${kind.type}`;
      assertReduces(() => reduce(data, kind.type, stride), op, kind, packed, what);
    });
  }

  /** Several operations on data that comes in pieces. */
  #stream(): void {
    const kind = this.#random.pick(elementKinds);
    const [first, second] = [this.#random.pick(genericReductions)[0], this.#random.pick(genericReductions)[0]];
    const packed = randomElements(kind, 1 + this.#length(), this.#random.word());
    this.#withMemory(packed, (data) => {
      const reduction = createReduction(kind.type, [...new Set([first, second])]);
      for (const piece of this.#pieces(data, 1)) reduction.update(piece);
      const result = reduction.result();
      for (const op of [first, second]) {
        assertReduces(
          () => result[op],
          op,
          kind,
          packed,
          `streamed ${op} of ${packed.length / kind.bytes} ${kind.type}`,
        );
      }
    });
  }

  #dot(): void {
    const kind = this.#random.pick(elementKinds);
    const length = this.#length();
    const [a, b] = [this.#random.word(), this.#random.word()].map((seed) => randomElements(kind, length, seed));
    const expected = referenceDot(kind, decode(kind, a!), decode(kind, b!));
    this.#withMemory(a!, (first) => {
      this.#withMemory(b!, (second) => {
        assertSame(dot(first, second, kind.type), expected, `dot of ${length} ${kind.type}`);
      });
    });
  }

  /** An exact sum, in pieces that travel as bytes and meet in any order. */
  #accumulate(): void {
    const kind = kindOf(this.#random.pick(['f32', 'f64']));
    const type = kind.type as 'f32' & 'f64';
    const packed = randomElements(kind, this.#length(), this.#random.word());
    this.#withMemory(packed, (data) => {
      const accumulator = new SumAccumulator();
      for (const piece of this.#pieces(data, kind.bytes)) {
        const part = SumAccumulator.from(new SumAccumulator().add(piece, type).toBytes());
        if (this.#random.oneIn(2)) accumulator.merge(part);
        else accumulator.merge(SumAccumulator.from(part.toBytes()));
      }
      const expected = kind.type === 'f32' ? sumExactF32(data) : sumExactF64(data);
      assertSame(accumulator.sum(), expected, `exact sum of ${packed.length / kind.bytes} ${kind.type}`);
    });
  }

  #length(): number {
    return this.#random.size(MEDIAN_LENGTH, MOST_ELEMENTS);
  }

  #data(kind: ElementKind): Data {
    const random = this.#random;
    const count = this.#length();
    const packed = randomElements(kind, count, random.word());
    if (count === 0 || !random.oneIn(3)) return { packed, bytes: packed, stride: undefined };
    const stride = kind.bytes + random.below(3 * kind.bytes);
    const offset = random.below(20);
    const bytes = Buffer.alloc(offset + count * stride, 0xc3);
    for (let index = 0; index < count; index++) {
      const at = index * kind.bytes;
      bytes.set(packed.subarray(at, at + kind.bytes), offset + index * stride);
    }
    return { packed, bytes, stride: { offset, stride, count } };
  }

  /** Consecutive pieces of all lengths; cut at multiples of `unit`. */
  #pieces(data: Uint8Array, unit: number): Uint8Array[] {
    const pieces: Uint8Array[] = [];
    for (let start = 0; start < data.length;) {
      const end = start + unit * this.#random.below(2 + data.length / unit);
      pieces.push(data.subarray(start, end));
      start = end;
    }
    return pieces;
  }

  /** Calls `use` with the bytes in memory of some kind, at some offset. */
  #withMemory(bytes: Uint8Array, use: (data: Uint8Array) => void): void {
    const offset = this.#random.below(70);
    const length = offset + bytes.length;
    const place = (memory: Uint8Array | undefined): void => {
      if (memory === undefined) return;
      memory.set(bytes, offset);
      use(memory.subarray(offset));
    };
    const places = [
      () => place(new Uint8Array(length)),
      () => place(new Uint8Array(new SharedArrayBuffer(length))),
      () => this.#inArena(length, place),
      () => this.#inPool(length, place),
    ];
    this.#random.pick(places)();
  }

  #inArena(length: number, place: (memory: Uint8Array | undefined) => void): void {
    withArena({ label: 'soak reductions' }, (arena) => {
      place(this.#world.allocate(() => arena.allocUnsafe(Uint8Array, length)));
    });
    this.#world.arenas.add('resets');
  }

  #inPool(length: number, place: (memory: Uint8Array | undefined) => void): void {
    const buffer = this.#account.take(() => this.#account.pool.getOrAlloc(length));
    place(buffer);
    if (buffer) this.#account.pool.put(buffer);
  }
}
