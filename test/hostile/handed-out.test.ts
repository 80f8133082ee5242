import assert from 'node:assert/strict';
import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads';

import * as simdArena from 'simd-arena';
import { Arena, arenaStats, BufferPool, PoolAllocator, runtimeInfo, SumAccumulator, sumF32 } from 'simd-arena';

import { throwsCode } from '../support/errors';
import { assertOutcome } from './outcome';
import { nativeFunctions, nativeMembers, nativeSubjects } from './native-surface';
import { membersOf } from './reflection';
import { handedOut, members, subjects } from './surface';

/** Ways to copy a value to another thread, or as if to one. */
const copies: Readonly<Record<string, (value: unknown) => unknown>> = {
  structuredClone: (value) => structuredClone(value),
  postMessage: (value) => {
    const { port1, port2 } = new MessageChannel();
    try {
      port1.postMessage(value);
      return (receiveMessageOnPort(port2) as { message: unknown }).message;
    } finally {
      port1.close();
    }
  },
};

const found = [...membersOf(simdArena, handedOut), ...membersOf(nativeFunctions)];
const rowOf = new Map([...members, ...nativeMembers]);

for (const [how, copy] of Object.entries(copies)) {
  describe(`${how} of what is handed out`, () => {
    for (const [name, subject] of Object.entries({ ...subjects, ...nativeSubjects })) {
      it(`gives nothing that works as a ${name}, and leaves the original as it is`, () => {
        const self = subject.make();
        const before = subject.state(self);
        const clone = copy(self);
        assert.equal(Object.getPrototypeOf(clone), Object.prototype);
        assert.deepEqual(subject.state(self), before);
        for (const { value, name: method } of found.filter(({ owner }) => owner === name)) {
          const { args, delegates } = rowOf.get(method)!;
          const call = (): unknown => Reflect.apply(value as () => unknown, clone, args(self));
          assertOutcome(call, { throws: TypeError, mayReturn: delegates === true });
        }
        subject.end?.(self);
      });
    }

    it('copies views, which then share nothing with the original', () => {
      using arena = new Arena();
      using pool = new BufferPool();
      using allocator = new PoolAllocator();
      const views = [
        arena.alloc(Float32Array, 4),
        allocator.alloc(Float32Array, 4),
        new Float32Array(pool.getOrAlloc(64).buffer, 0, 4),
      ];
      for (const view of views) {
        view.fill(2);
        const clone = copy(view) as Float32Array;
        assert.equal(sumF32(clone), 8);
        clone.fill(5);
        assert.equal(sumF32(view), 8);
        assert.equal(arena.owns(clone), false);
      }
    });

    it('copies facts', () => {
      using arena = new Arena();
      using pool = new BufferPool();
      for (const facts of [arenaStats(), runtimeInfo(), pool.stats(), arena.stats()]) {
        assert.deepEqual(copy(facts), facts);
      }
    });
  });
}

describe('transfer of what is handed out', () => {
  it('is refused for objects, which go on working', () => {
    for (const [name, subject] of Object.entries({ ...subjects, ...nativeSubjects })) {
      const self = subject.make();
      const before = subject.state(self);
      assert.throws(() => structuredClone(self, { transfer: [self as never] }), /transfer/i, name);
      assert.deepEqual(subject.state(self), before);
      subject.end?.(self);
    }
  });

  it('takes copies and encoded sums, which share nothing with where they come from', () => {
    using arena = new Arena();
    const sum = new SumAccumulator().add(2.5);
    const source = arena.alloc(Float32Array, 4).fill(2);
    for (const view of [arena.copyOut(source), sum.toBytes()]) {
      const bytes = Uint8Array.from(new Uint8Array(view.buffer));
      const taken = structuredClone(view, { transfer: [view.buffer as ArrayBuffer] });
      assert.equal(view.length, 0);
      assert.deepEqual(new Uint8Array(taken.buffer), bytes);
      throwsCode('ERR_DETACHED', () => sumF32(view));
    }
    assert.equal(sumF32(source), 8);
    assert.equal(sum.sum(), 2.5);
  });
});
