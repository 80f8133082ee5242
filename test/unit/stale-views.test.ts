import assert from 'node:assert/strict';

import { Arena, arenaStats, sumF32, sumU8, withArena, type StaleViews } from 'simd-arena';

import { messagesOf, warningsOf } from '../support/channels';
import { throwsCode } from '../support/errors';
import { forgetIdleArenas } from '../support/runtime';
import { viewKinds, type AnyView } from '../support/typed-arrays';

/** A view of `bytes` bytes, filled with 5, that has outlived a scope. */
function staleView(staleViews: StaleViews, label: string, bytes = 256): Uint8Array {
  const arena = new Arena({ staleViews, label });
  const view = arena.alloc(Uint8Array, bytes).fill(5);
  arena.close();
  return view;
}

/** Uses the memory of the scope that has ended last in another one. */
function reuse(): void {
  const arena = new Arena({ label: 'innocent' });
  arena.alloc(Uint8Array, 1);
  arena.close();
}

describe("views that outlive a scope under 'revoke'", () => {
  it('have no elements, whatever their type', () => {
    const stale: ArrayBufferView[] = [];
    withArena((arena) => {
      for (const { type } of viewKinds) stale.push(arena.alloc(type, 10) as AnyView);
      stale.push(new DataView(arena.alloc(Uint8Array, 8).buffer));
      stale.push(arena.alloc(Uint8Array, 2 ** 20));
    });
    for (const view of stale) {
      assert.equal(view.buffer.byteLength, 0);
      if (!(view instanceof DataView)) assert.equal((view as AnyView).length, 0);
    }
  });

  it('have no elements after reset and close either', () => {
    const arena = new Arena();
    const first = arena.alloc(Uint8Array, 10);
    arena.reset();
    const second = arena.alloc(Uint8Array, 10);
    assert.equal(first.length, 0);
    assert.equal(second.length, 10);
    arena.close();
    assert.equal(second.length, 0);
  });

  it('cannot write to the next scope', () => {
    const view = staleView('revoke', 'writer');
    withArena((arena) => {
      const next = arena.alloc(Uint8Array, 256);
      view[0] = 99;
      assert.throws(() => view.fill(99), TypeError);
      assert.ok(next.every((byte) => byte === 0));
    });
  });

  it('make reductions throw ERR_DETACHED with the label of their scope', () => {
    const bytes = staleView('revoke', 'revoked scope');
    const error = throwsCode('ERR_DETACHED', () => sumU8(bytes), { label: 'revoked scope' });
    assert.match(error.message, /"revoked scope"/);
    const unlabelled = withArena((arena) => ({ inner: { view: arena.alloc(Float32Array, 4) } }));
    throwsCode('ERR_DETACHED', () => sumF32(unlabelled.inner.view), { label: undefined });
  });

  it('are all revoked where the arena had several chunks', () => {
    forgetIdleArenas();
    const stale: Uint8Array[] = [];
    withArena({ label: 'many chunks' }, (arena) => {
      for (let count = 0; count < 300; count++) stale.push(arena.alloc(Uint8Array, 1000));
      stale.push(arena.alloc(Uint8Array, 2 ** 21));
      assert.ok(arena.stats().chunks > 2);
    });
    for (const view of stale) throwsCode('ERR_DETACHED', () => sumU8(view), { label: 'many chunks' });
  });
});

describe("views that outlive a scope under 'poison'", () => {
  it('read as 0xff: NaN, and -1', () => {
    const arena = new Arena({ staleViews: 'poison', label: 'poisoned' });
    const bytes = arena.alloc(Uint8Array, 100).fill(1);
    const floats = arena.alloc(Float64Array, 100);
    const integers = arena.alloc(Int32Array, 100);
    arena.close();
    assert.ok(bytes.every((byte) => byte === 0xff));
    assert.ok(floats.every((value) => Number.isNaN(value)));
    assert.ok(integers.every((value) => value === -1));
  });

  it('are reported when they have been written to', async () => {
    for (const index of [0, 100, 255]) {
      const label = `stale writer ${index}`;
      const { staleWrites } = arenaStats();
      const warnings = await warningsOf(async () => {
        staleView('poison', label)[index] = 7;
        const messages = await messagesOf('stale-write', () => {
          reuse();
        });
        assert.deepEqual(messages, [{ label }]);
      });
      assert.equal(arenaStats().staleWrites, staleWrites + 1);
      assert.deepEqual(
        warnings.map(({ code }) => code),
        ['SIMD_ARENA_STALE_WRITE'],
      );
      assert.match(warnings[0]!.message, new RegExp(label));
    }
  });

  it('are reported after a reset too', async () => {
    const arena = new Arena({ staleViews: 'poison', label: 'reset writer' });
    const view = arena.alloc(Uint8Array, 64);
    arena.reset();
    view[3] = 1;
    const messages = await messagesOf('stale-write', () => {
      arena.close();
      reuse();
    });
    assert.deepEqual(messages, [{ label: 'reset writer' }]);
  });

  it('are reported where the same arena goes on after the reset', async () => {
    const { staleWrites } = arenaStats();
    const arena = new Arena({ staleViews: 'poison', label: 'same arena' });
    const view = arena.alloc(Uint8Array, 1000);
    const messages = await messagesOf('stale-write', () => {
      for (const alloc of [
        () => arena.alloc(Uint8Array, 1),
        () => arena.allocUnsafe(Float32Array, 100),
        () => arena.alloc(Uint8Array, 1, { alignment: 4096 }),
        () => arena.copyIn(Buffer.alloc(10)),
        () => arena.alloc(Uint8Array, 2 ** 20),
      ]) {
        arena.allocUnsafe(Uint8Array, 1000);
        arena.reset();
        view[999] = 1;
        alloc();
        // What is handed out again is the arena's to write to.
        view[0] = 1;
        arena.allocUnsafe(Uint8Array, 1);
      }
      arena.close();
    });
    assert.deepEqual(messages, Array<unknown>(5).fill({ label: 'same arena' }));
    assert.equal(arenaStats().staleWrites, staleWrites + 5);
  });

  it('are not reported while nobody writes', () => {
    const { staleWrites } = arenaStats();
    for (let count = 0; count < 5; count++) {
      withArena({ staleViews: 'poison' }, (arena) => arena.alloc(Uint8Array, 1000 * count).fill(3).length);
    }
    reuse();
    assert.equal(arenaStats().staleWrites, staleWrites);
  });

  it('warn once for each label', async () => {
    const warnings = await warningsOf(() => {
      for (const label of ['twice', 'twice', 'once', 'twice']) {
        staleView('poison', label)[0] = 1;
        reuse();
      }
    });
    assert.equal(warnings.length, 2);
  });
});

describe("views that outlive a scope under 'allow'", () => {
  it('keep their contents and length', () => {
    const view = staleView('allow', 'allowed');
    assert.ok(view.every((byte) => byte === 5));
    assert.equal(view.length, 256);
  });
});

describe("views of 'allow' and 'poison'", () => {
  for (const staleViews of ['allow', 'poison'] as const) {
    it(`are revoked before a 'revoke' lease gets memory of '${staleViews}'`, () => {
      const view = staleView(staleViews, 'lax');
      assert.equal(view.length, 256);
      withArena({ label: 'strict' }, (arena) => {
        arena.alloc(Uint8Array, 256);
        assert.equal(view.length, 0);
      });
    });

    it(`are said to be of their own scope once revoked, under '${staleViews}'`, () => {
      const view = staleView(staleViews, 'lax scope');
      reuse();
      throwsCode('ERR_DETACHED', () => sumU8(view), { label: 'lax scope' });
    });
  }

  it("stay as they are under another 'allow' lease", () => {
    const view = staleView('allow', 'first');
    withArena({ staleViews: 'allow' }, (arena) => {
      assert.equal(view.length, 256);
      assert.equal(arena.allocUnsafe(Uint8Array, 1).buffer, view.buffer);
    });
  });
});
