import assert from 'node:assert/strict';

import { Arena, withArena } from 'simd-arena';

import { throwsCode } from '../support/errors';
import { GrowableBuffer, ResizableBuffer } from '../support/runtime';
import { elementsOf, viewKinds } from '../support/typed-arrays';

describe('Arena.copyIn', () => {
  for (const { name, type, one, make } of viewKinds) {
    it(`copies a ${name} into the arena`, () => {
      withArena((arena) => {
        for (const length of [0, 1, 17, 5000]) {
          const source = make(length);
          source.fill(one);
          const copy = arena.copyIn(source);
          assert.equal(Object.getPrototypeOf(copy), type.prototype);
          assert.deepEqual(elementsOf(copy), elementsOf(source));
          assert.ok(arena.owns(copy));
          assert.notEqual(copy.buffer, source.buffer);
        }
      });
    });
  }

  it('copies what a subarray sees, and no more', () => {
    withArena((arena) => {
      const source = Float32Array.from({ length: 10 }, (_, index) => index);
      assert.deepEqual([...arena.copyIn(source.subarray(3, 6))], [3, 4, 5]);
      assert.equal(arena.copyIn(Buffer.from('héllo').subarray(1)).toString(), 'éllo');
    });
  });

  it('copies a view of the same arena', () => {
    withArena((arena) => {
      const source = arena.alloc(Int16Array, 5).fill(-3);
      const copy = arena.copyIn(source);
      source.fill(0);
      assert.deepEqual([...copy], [-3, -3, -3, -3, -3]);
    });
  });

  it('copies shared memory', () => {
    withArena((arena) => {
      const source = new Uint8Array(new SharedArrayBuffer(4)).fill(6);
      assert.deepEqual([...arena.copyIn(source)], [6, 6, 6, 6]);
    });
  });

  it('gives a view of the plain type for one of a subclass', () => {
    class Floats extends Float32Array {
      override get length(): number {
        return 1000;
      }
    }
    withArena((arena) => {
      const copy = arena.copyIn(new Floats([1, 2, 3]));
      assert.equal(Object.getPrototypeOf(copy), Float32Array.prototype);
      assert.deepEqual([...copy], [1, 2, 3]);
    });
  });

  it('obeys maxBytes', () => {
    withArena({ maxBytes: 128 }, (arena) => {
      throwsCode('ERR_ARENA_LIMIT', () => arena.copyIn(new Uint8Array(129)));
      assert.equal(arena.copyIn(new Uint8Array(128)).length, 128);
    });
  });
});

describe('Arena.copyOut', () => {
  for (const { name, type, one, make } of viewKinds) {
    it(`copies a ${name} to a buffer of its own that outlives the scope`, () => {
      const copies = withArena((arena) => {
        const view = arena.copyIn(make(9));
        (view as unknown as { fill(value: unknown): void }).fill(one);
        return arena.copyOut(view);
      });
      assert.equal(Object.getPrototypeOf(copies), type.prototype);
      assert.deepEqual(
        elementsOf(copies),
        Array.from({ length: 9 }, () => one),
      );
      assert.equal(copies.byteOffset, 0);
      assert.equal(copies.buffer.byteLength, copies.byteLength);
    });
  }

  it('copies a view that is not of the arena', () => {
    withArena((arena) => {
      const source = Buffer.from('from the slab');
      const copy = arena.copyOut(source);
      source.fill(0);
      assert.equal(copy.toString(), 'from the slab');
      assert.equal(copy.buffer.byteLength, copy.length);
    });
  });

  it('copies a DataView', () => {
    const copy = withArena((arena) => {
      const bytes = arena.alloc(Uint8Array, 16).fill(7);
      const view = new DataView(bytes.buffer, bytes.byteOffset + 4, 5);
      return arena.copyOut(view);
    });
    assert.ok(copy instanceof DataView);
    assert.equal(copy.byteLength, 5);
    assert.equal(copy.buffer.byteLength, 5);
    assert.deepEqual([...new Uint8Array(copy.buffer)], [7, 7, 7, 7, 7]);
  });

  it('copies shared and growable memory to memory that is neither', () => {
    withArena((arena) => {
      const shared = new GrowableBuffer(4, { maxByteLength: 64 });
      shared.grow(6);
      const sources = [new Uint8Array(shared), new DataView(shared, 2), new Uint8Array(new ResizableBuffer(6))];
      for (const source of sources) {
        const copy = arena.copyOut<ArrayBufferView>(source);
        assert.ok(copy.buffer instanceof ArrayBuffer);
        assert.equal(copy.byteLength, source.byteLength);
      }
    });
  });

  it('refuses a view that has lost its memory, and names the scope that revoked it', () => {
    const arena = new Arena({ label: 'first act' });
    const view = arena.alloc(Uint8Array, 4);
    const dataView = new DataView(view.buffer);
    arena.reset();
    for (const stale of [view, dataView]) {
      const error = throwsCode('ERR_DETACHED', () => arena.copyOut(stale), { label: 'first act' });
      assert.match(error.message, /first act/);
    }
    arena.close();
  });
});

describe('Arena.owns', () => {
  it('tells memory of the arena from other memory', () => {
    const other = new Arena();
    withArena((arena) => {
      const view = arena.alloc(Uint8Array, 100);
      const large = arena.alloc(Uint8Array, 2 ** 18);
      for (const own of [view, large, view.subarray(5, 6), new DataView(large.buffer), Buffer.from(view.buffer)]) {
        assert.equal(arena.owns(own), true);
      }
      for (const foreign of [new Uint8Array(4), Buffer.from('x'), other.alloc(Uint8Array, 4), arena.copyOut(view)]) {
        assert.equal(arena.owns(foreign), false);
      }
    });
    other.close();
  });

  it('is false for views that a reset has released', () => {
    for (const staleViews of ['revoke', 'poison', 'allow'] as const) {
      const arena = new Arena({ staleViews });
      const views = [arena.alloc(Uint8Array, 4), arena.alloc(Float32Array, 2 ** 16)];
      const dataView = new DataView(views[0]!.buffer);
      arena.reset();
      for (const view of [...views, dataView]) assert.equal(arena.owns(view), false, staleViews);
      arena.close();
    }
  });
});

describe('Arena.free', () => {
  it('changes nothing', () => {
    withArena((arena) => {
      const view = arena.alloc(Uint8Array, 4).fill(5);
      const before = arena.stats();
      for (const value of [view, view, undefined, null, 5, {}]) arena.free(value as Uint8Array);
      assert.deepEqual(arena.stats(), before);
      assert.deepEqual([...view], [5, 5, 5, 5]);
    });
  });
});
