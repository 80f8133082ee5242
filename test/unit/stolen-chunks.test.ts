import assert from 'node:assert/strict';
import { MessageChannel, markAsUntransferable } from 'node:worker_threads';

import { Arena, arenaStats, withArena } from 'simd-arena';

import { runChild } from '../support/child';
import { messagesOf, warningsOf } from '../support/channels';
import {
  backend,
  collectTwice,
  collectUntil,
  forgetIdleArenas,
  hasTransfer,
  marksForbidRevocation,
  readByob,
  steal,
  transferBuffer,
} from '../support/runtime';

/** Whether a buffer can be transferred away for good: WebAssembly memory never, external memory where V8 can. */
const transferable = backend === 'external' && hasTransfer;

/** Asserts that an arena whose first chunk was taken, or not, goes on. */
function assertUsable(arena: Arena, lost: boolean, chunksLostBefore: number): void {
  const next = arena.alloc(Uint8Array, 100);
  assert.deepEqual([...next], Array<number>(100).fill(0));
  assert.equal(arenaStats().chunksLost - chunksLostBefore, lost ? 1 : 0);
  arena.close();
  assert.equal(next.length, 0);
  withArena((other) => assert.equal(other.alloc(Uint8Array, 100).length, 100));
  assert.equal(arenaStats().chunksLost - chunksLostBefore, lost ? 1 : 0);
}

describe('an arena whose chunk is taken away', () => {
  beforeEach(forgetIdleArenas);

  it(`goes on after view.buffer.transfer(), which ${transferable ? 'takes the chunk' : 'fails'} here`, () => {
    const { chunksLost } = arenaStats();
    const arena = new Arena({ label: 'transfer' });
    const view = arena.alloc(Uint8Array, 100).fill(3);
    if (transferable) {
      const taken = new Uint8Array(transferBuffer(view));
      assert.equal(view.length, 0);
      assertUsable(arena, true, chunksLost);
      assert.ok(taken.subarray(0, 100).every((byte) => byte === 3));
    } else {
      assert.throws(() => transferBuffer(view), TypeError);
      assert.equal(view.length, 100);
      assertUsable(arena, false, chunksLost);
    }
  });

  it(`goes on after a BYOB read, which ${backend === 'external' ? 'takes the chunk' : 'fails'} here`, async () => {
    const { chunksLost } = arenaStats();
    const arena = new Arena({ label: 'byob' });
    const view = arena.alloc(Uint8Array, 100).fill(3);
    if (backend === 'external') {
      const read = await readByob(view);
      assert.equal(view.length, 0);
      assertUsable(arena, true, chunksLost);
      assert.equal(read[0], 7);
    } else {
      await assert.rejects(readByob(view), TypeError);
      assert.equal(view.length, 100);
      assertUsable(arena, false, chunksLost);
    }
  });

  const posts: Record<string, (buffer: ArrayBuffer) => void> = {
    structuredClone: (buffer) => structuredClone(buffer, { transfer: [buffer] }),
    postMessage: (buffer) => {
      const { port1 } = new MessageChannel();
      try {
        port1.postMessage(buffer, [buffer]);
      } finally {
        port1.close();
      }
    },
  };
  for (const [name, post] of Object.entries(posts)) {
    // Before transfer(), the runtime copies what it cannot transfer; later it refuses.
    const outcome = transferable ? 'takes the chunk' : hasTransfer ? 'fails' : 'copies it';
    it(`goes on after a transfer by ${name}, which ${outcome} here`, () => {
      const { chunksLost } = arenaStats();
      const arena = new Arena({ label: name });
      const view = arena.alloc(Uint8Array, 100).fill(3);
      const buffer = view.buffer;
      if (hasTransfer && !transferable) assert.throws(() => post(buffer), { name: 'DataCloneError' });
      else post(buffer);
      assert.equal(view.length, transferable ? 0 : 100);
      assertUsable(arena, transferable, chunksLost);
    });
  }

  it(`goes on after markAsUntransferable, which ${marksForbidRevocation ? 'forbids revocation' : 'means nothing'} here`, () => {
    const { chunksLost } = arenaStats();
    const arena = new Arena({ label: 'marked' });
    const view = arena.alloc(Uint8Array, 100).fill(3);
    markAsUntransferable(view.buffer);
    assert.equal(arena.alloc(Uint8Array, 8).length, 8);
    arena.close();
    assert.equal(arenaStats().chunksLost - chunksLost, marksForbidRevocation ? 1 : 0);
    withArena((other) => {
      const next = other.alloc(Uint8Array, 100).fill(9);
      assert.notEqual(next.buffer, view.buffer);
      if (marksForbidRevocation) assert.deepEqual([...view], Array<number>(100).fill(3));
      else assert.equal(view.length, 0);
      view[0] = 77;
      assert.equal(next[0], 9);
    });
  });

  it('exits cleanly with a marked or stolen chunk alive', () => {
    for (const act of ["require('worker_threads').markAsUntransferable(view.buffer)", 'view.buffer.transfer?.()']) {
      for (const end of ['', 'arena.close()', 'arena.close(); gc()', 'process.exit(0)']) {
        const code = `
          const { Arena } = require('simd-arena');
          const arena = new Arena();
          globalThis.view = arena.alloc(Uint8Array, 100);
          try { ${act} } catch (error) { if (!(error instanceof TypeError)) throw error; }
          ${end}`;
        const { status, signal, stderr } = runChild(code);
        assert.deepEqual({ status, signal }, { status: 0, signal: null }, `${act}; ${end}: ${stderr}`);
      }
    }
  }).timeout(30_000);
});

describe('chunks that can never be revoked again', () => {
  it(`${marksForbidRevocation ? 'stay within the budget, which stops the arenas' : 'do not exist'} here`, () => {
    const { stdout, stderr } = runChild(
      `
      const { markAsUntransferable } = require('node:worker_threads');
      const { arenaStats, withArena } = require('simd-arena');
      const views = [];
      let code;
      let highest = 0;
      for (let count = 0; count < 100 && code === undefined; count++) {
        try {
          withArena((arena) => {
            const view = arena.alloc(Uint8Array, 50_000).fill(1);
            views.push(view);
            markAsUntransferable(view.buffer);
          });
        } catch (error) {
          ({ code } = error);
        }
        highest = Math.max(highest, arenaStats().capacity);
      }
      const { capacity, chunksLost, used, openScopes } = arenaStats();
      const alive = views.filter((view) => view.length === 50_000 && view[49_999] === 1).length;
      console.log(JSON.stringify({ code, alive, highest, capacity, chunksLost, used, openScopes }));`,
      { SIMD_ARENA_BUDGET: '1m', NODE_NO_WARNINGS: '1' },
    );
    assert.notEqual(stdout, '', stderr);
    const chunks = marksForbidRevocation ? 16 : 0;
    assert.deepEqual(JSON.parse(stdout), {
      ...(marksForbidRevocation ? { code: 'ERR_MEMORY_BUDGET' } : {}),
      alive: chunks,
      highest: marksForbidRevocation ? 2 ** 20 : 2 ** 16,
      capacity: marksForbidRevocation ? 2 ** 20 : 2 ** 16,
      chunksLost: chunks,
      used: 0,
      openScopes: 0,
    });
  });
});

/** The tests below need memory that can be taken; on the other backend they show that nothing is lost. */
describe('a stolen chunk', () => {
  beforeEach(forgetIdleArenas);

  const lost = backend === 'external';
  const take = async (view: Uint8Array): Promise<void> => {
    if (lost) await steal(view);
    else await assert.rejects(readByob(view), TypeError);
  };

  it('is reported with its label and size, and warned of once, if it is lost', async () => {
    const label = `stolen ${backend}`;
    const warnings = await warningsOf(async () => {
      for (let count = 0; count < 2; count++) {
        const messages = await messagesOf('chunk:lost', async () => {
          const arena = new Arena({ label, initialBytes: 2 ** 17 });
          await take(arena.alloc(Uint8Array, 10));
          arena.close();
        });
        assert.deepEqual(messages, lost ? [{ label, bytes: 2 ** 17 }] : []);
        forgetIdleArenas();
      }
    });
    assert.deepEqual(
      warnings.map(({ code }) => code),
      lost ? ['SIMD_ARENA_CHUNK_LOST'] : [],
    );
  });

  it('keeps its views in the account until the reset', async () => {
    const before = arenaStats().used;
    const arena = new Arena();
    const view = arena.alloc(Uint8Array, 1000);
    await take(view);
    arena.alloc(Uint8Array, 64);
    assert.equal(arena.stats().used, 1024 + 64);
    arena.reset();
    assert.equal(arena.stats().used, 0);
    arena.close();
    assert.equal(arenaStats().used, before);
  });

  it('leaves the other chunks of its arena alone', async () => {
    const { chunksLost } = arenaStats();
    const arena = new Arena();
    const first = arena.alloc(Uint8Array, 1000).fill(1);
    const second = arena.alloc(Uint8Array, 2 ** 18).fill(2);
    await take(second);
    const third = arena.alloc(Uint8Array, 1000).fill(3);
    assert.ok(first.every((byte) => byte === 1));
    assert.equal(third.buffer, first.buffer);
    assert.equal(arena.copyIn(first).buffer, first.buffer);
    arena.close();
    assert.equal(first.length, 0);
    assert.equal(arenaStats().chunksLost - chunksLost, lost ? 1 : 0);
  });

  it('is not reused while somebody has it', async () => {
    const arena = new Arena();
    const view = arena.alloc(Uint8Array, 100).fill(5);
    const stolen = lost ? await steal(view) : view;
    const hold = arena.hold();
    arena.close();
    for (let count = 0; count < 20; count++) withArena((other) => other.alloc(Uint8Array, 60_000).fill(0xee).length);
    assert.deepEqual([...stolen.subarray(1)], Array<number>(stolen.length - 1).fill(5));
    hold[Symbol.dispose]();
  });

  it('counts as capacity until it is collected', async () => {
    await collectTwice();
    const { capacity } = arenaStats();
    const useArena = async (): Promise<Uint8Array> => {
      const arena = new Arena({ retainBytes: 0, initialBytes: 2 ** 20 });
      const view = arena.alloc(Uint8Array, 100);
      const stolen = lost ? await steal(view) : view;
      arena.close();
      return stolen;
    };
    const taken = [await useArena()];
    await collectTwice();
    assert.equal(taken[0]!.buffer.byteLength, lost ? 2 ** 20 : 0);
    // Memory that cannot be taken is given back at once.
    assert.equal(arenaStats().capacity, capacity + (lost ? 2 ** 20 : 0));
    taken.pop();
    await collectUntil(() => arenaStats().capacity === capacity);
  });

  it('may be taken under a hold, and from an arena that poisons or allows', async () => {
    const { used, held } = arenaStats();
    for (const staleViews of ['revoke', 'poison', 'allow'] as const) {
      const arena = new Arena({ staleViews });
      const view = arena.alloc(Uint8Array, 100);
      const hold = arena.hold();
      arena.close();
      await take(view);
      hold[Symbol.dispose]();
      const next = new Arena();
      assert.equal(next.alloc(Uint8Array, 100).length, 100);
      next.close();
    }
    assert.equal(arenaStats().used, used);
    assert.equal(arenaStats().held, held);
  });

  it('may be taken from an idle arena that did not revoke', async () => {
    for (const staleViews of ['poison', 'allow'] as const) {
      const arena = new Arena({ staleViews });
      const view = arena.alloc(Uint8Array, 100);
      arena.close();
      await take(view);
      const next = new Arena({ staleViews });
      assert.deepEqual([...next.alloc(Uint8Array, 100)], Array<number>(100).fill(0));
      next.close();
    }
  });
});
