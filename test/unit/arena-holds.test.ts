import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { PassThrough, Writable } from 'node:stream';

import { Arena, arenaStats, withArena } from 'simd-arena';

import { runChild } from '../support/child';
import { throwsCode } from '../support/errors';
import { nextTurn } from '../support/runtime';

/** A promise with the functions that settle it. */
function deferred(): { promise: Promise<void>; resolve: () => void; reject: (reason: Error) => void } {
  let settle: { resolve: () => void; reject: (reason: Error) => void } | undefined;
  const promise = new Promise<void>((resolve, reject) => (settle = { resolve, reject }));
  return { promise, ...settle! };
}

describe('Arena.hold', () => {
  it('keeps views valid and memory apart after the arena is closed, until it is disposed of', () => {
    const before = arenaStats();
    const arena = new Arena();
    const view = arena.alloc(Uint8Array, 100).fill(8);
    const hold = arena.hold();
    assert.equal(arena.stats().holds, 1);
    arena.close();
    assert.equal(arenaStats().held, before.held + 1);
    assert.equal(arenaStats().openScopes, before.openScopes);
    for (let count = 0; count < 5; count++) {
      withArena((other) => {
        assert.notEqual(other.alloc(Uint8Array, 100).fill(1).buffer, view.buffer);
      });
    }
    assert.ok(view.every((byte) => byte === 8));
    assert.equal(view.length, 100);
    throwsCode('ERR_ARENA_CLOSED', () => arena.alloc(Uint8Array, 1));
    hold[Symbol.dispose]();
    assert.equal(view.length, 0);
    assert.equal(arenaStats().held, before.held);
    assert.equal(arenaStats().used, before.used);
  });

  it('ends once, however often it is disposed of', () => {
    const arena = new Arena();
    const view = arena.alloc(Uint8Array, 1);
    const [first, second] = [arena.hold(), arena.hold()];
    first[Symbol.dispose]();
    first[Symbol.dispose]();
    assert.equal(arena.stats().holds, 1);
    arena.close();
    first[Symbol.dispose]();
    assert.equal(view.length, 1);
    second[Symbol.dispose]();
    assert.equal(view.length, 0);
  });

  it('changes nothing where it ends before the arena is closed', () => {
    const arena = new Arena();
    const view = arena.alloc(Uint8Array, 1);
    arena.hold()[Symbol.dispose]();
    assert.equal(view.length, 1);
    assert.equal(arena.stats().holds, 0);
    arena.close();
    assert.equal(view.length, 0);
  });

  it('keeps the held memory over a reset, while the arena goes on with other memory', () => {
    const arena = new Arena({ label: 'kept', maxBytes: 1000 });
    const held = arena.alloc(Uint8Array, 100).fill(4);
    const hold = arena.hold();
    arena.reset();
    const next = arena.alloc(Uint8Array, 100).fill(6);
    assert.notEqual(next.buffer, held.buffer);
    assert.ok(held.every((byte) => byte === 4));
    assert.equal(arena.stats().label, 'kept');
    assert.equal(arena.stats().holds, 0);
    throwsCode('ERR_ARENA_LIMIT', () => arena.alloc(Uint8Array, 1000));
    hold[Symbol.dispose]();
    assert.equal(held.length, 0);
    assert.equal(next.length, 100);
    arena.close();
  });

  it('does not hide a reset from the statistics of the arena', () => {
    const arena = new Arena();
    arena.alloc(Uint8Array, 6400);
    arena.reset();
    const hold = arena.hold();
    arena.reset();
    assert.equal(arena.stats().resets, 2);
    assert.equal(arena.stats().peak, 6400);
    hold[Symbol.dispose]();
    arena.close();
  });

  it('is released through the scope of withArena', () => {
    let view = new Uint8Array(0);
    const hold = withArena((arena) => {
      view = arena.alloc(Uint8Array, 3);
      return arena.hold();
    });
    assert.equal(view.length, 3);
    hold[Symbol.dispose]();
    assert.equal(view.length, 0);
  });
});

describe('Arena.waitUntil', () => {
  for (const outcome of ['resolve', 'reject'] as const) {
    it(`holds the memory until a promise has settled: ${outcome}`, async () => {
      const work = deferred();
      const arena = new Arena();
      const view = arena.alloc(Uint8Array, 10).fill(1);
      arena.waitUntil(work.promise);
      arena.close();
      await nextTurn();
      assert.deepEqual(
        [...view],
        Array.from({ length: 10 }, () => 1),
      );
      work[outcome](new Error('ignored'));
      await nextTurn();
      assert.equal(view.length, 0);
    });
  }

  it('waits for the last of several promises', async () => {
    const works = [deferred(), deferred(), deferred()] as const;
    const arena = new Arena();
    const view = arena.alloc(Uint8Array, 1);
    for (const { promise } of works) arena.waitUntil(promise);
    arena.close();
    for (const { resolve } of works) {
      assert.equal(view.length, 1);
      resolve();
      await nextTurn();
    }
    assert.equal(view.length, 0);
  });

  it('takes any thenable, and a repeated or throwing one ends once', async () => {
    const thenables: PromiseLike<unknown>[] = [
      { then: (resolve) => [resolve?.(1), resolve?.(2)] as never },
      {
        then: () => {
          throw new Error('from then');
        },
      },
    ];
    for (const thenable of thenables) {
      const arena = new Arena();
      const view = arena.alloc(Uint8Array, 1);
      arena.waitUntil(thenable);
      const hold = arena.hold();
      arena.close();
      await nextTurn();
      assert.equal(view.length, 1);
      hold[Symbol.dispose]();
      assert.equal(view.length, 0);
    }
  });

  it('holds nothing where a promise throws instead of being awaited', async () => {
    const failure = new Error('from the promise');
    const fail = (): never => {
      throw failure;
    };
    const hostile = [
      Object.defineProperty(Promise.resolve(), 'constructor', { get: fail }),
      Object.defineProperty(Promise.resolve(), 'then', { value: fail }),
    ];
    for (const promise of hostile) {
      const arena = new Arena();
      const view = arena.alloc(Uint8Array, 1);
      try {
        arena.waitUntil(promise);
      } catch (error) {
        assert.equal(error, failure);
      }
      arena.close();
      await nextTurn();
      assert.equal(view.length, 0);
    }
  });
});

describe('Arena.closeAfter', () => {
  it("closes the arena on 'close', not on 'finish' or 'end'", () => {
    const stream = new EventEmitter();
    const arena = new Arena();
    assert.equal(arena.closeAfter(stream), arena);
    const view = arena.alloc(Uint8Array, 2);
    for (const event of ['finish', 'end', 'error']) {
      stream.once(event, () => undefined);
      stream.emit(event);
    }
    assert.equal(view.length, 2);
    assert.equal(arena.stats().holds, 1);
    stream.emit('close');
    assert.equal(view.length, 0);
    throwsCode('ERR_ARENA_CLOSED', () => arena.stats());
    stream.emit('close');
  });

  it('holds the memory past the end of the scope', () => {
    const stream = new EventEmitter();
    const view = withArena((arena) => ({ box: [arena.closeAfter(stream).alloc(Uint8Array, 2)] })).box[0]!;
    assert.equal(view.length, 2);
    stream.emit('close');
    assert.equal(view.length, 0);
  });

  it('closes the arena at once where the stream is closed already', async () => {
    const stream = new PassThrough();
    stream.destroy();
    await once(stream, 'close');
    const arena = new Arena();
    const view = arena.alloc(Uint8Array, 2);
    arena.closeAfter(stream);
    assert.equal(view.length, 0);
    throwsCode('ERR_ARENA_CLOSED', () => arena.stats());
  });

  it('lets a slow stream write arena memory', async () => {
    const written: string[] = [];
    const stream = new Writable({
      write(chunk: Buffer, _encoding, done): void {
        setImmediate(() => {
          written.push(chunk.toString());
          done();
        });
      },
    });
    const arena = Arena.lease().closeAfter(stream);
    for (const word of ['arena', 'memory', 'holds']) stream.write(arena.copyIn(Buffer.from(word)));
    stream.end();
    arena.close();
    withArena((other) => other.alloc(Uint8Array, 1000).fill(0x21).length);
    await once(stream, 'close');
    assert.deepEqual(written, ['arena', 'memory', 'holds']);
  });

  it('holds nothing where the stream throws', () => {
    const failure = new Error('from the stream');
    const fail = (): never => {
      throw failure;
    };
    const arena = new Arena();
    const closed = Object.defineProperty({ once: () => undefined }, 'closed', { get: fail });
    for (const stream of [{ once: fail }, closed]) assert.throws(() => arena.closeAfter(stream), failure);
    assert.equal(arena.stats().holds, 0);
    arena.close();
  });
});

describe('a hold that nobody keeps', () => {
  /** Runs `drop`, which returns a view, in a process of its own; what is there after garbage was collected. */
  function afterCollection(drop: string): unknown {
    const { stdout, stderr } = runChild(`
      const { Arena, arenaStats } = require('simd-arena');
      function drop() { ${drop} }
      (async () => {
        const view = drop();
        for (let turn = 0; turn < 10; turn++) {
          gc();
          await new Promise((resolve) => setImmediate(resolve));
        }
        // Memory that had been released would be used here.
        for (let count = 0; count < 10; count++) new Arena().alloc(Uint8Array, 100).fill(0xee);
        const { openScopes, held, used } = arenaStats();
        const stats = { openScopes: openScopes - 10, held, used: used - 10 * 128 };
        console.log(JSON.stringify({ ...stats, bytes: view.length ? [...new Set(view)] : [], length: view.length }));
      })();`);
    assert.notEqual(stdout, '', stderr);
    return JSON.parse(stdout);
  }
  const open = 'const arena = new Arena(); const view = arena.alloc(Uint8Array, 100).fill(7);';

  it('keeps the memory of an arena that nobody keeps either, as an open scope', () => {
    assert.deepEqual(afterCollection(`${open} arena.hold(); return view;`), {
      openScopes: 1,
      held: 0,
      used: 128,
      bytes: [7],
      length: 100,
    });
  });

  it('keeps the memory of a closed arena, as a held one', () => {
    assert.deepEqual(afterCollection(`${open} arena.hold(); arena.close(); return view;`), {
      openScopes: 0,
      held: 1,
      used: 128,
      bytes: [7],
      length: 100,
    });
  });

  it('keeps the memory for a promise that never settles', () => {
    assert.deepEqual(afterCollection(`${open} arena.waitUntil(new Promise(() => {})); arena.close(); return view;`), {
      openScopes: 0,
      held: 1,
      used: 128,
      bytes: [7],
      length: 100,
    });
  });

  for (const [what, drop] of [
    ['disposed of', 'arena.hold()[Symbol.dispose](); return view;'],
    [
      'the second of two, both disposed of',
      'for (const hold of [arena.hold(), arena.hold()]) hold[Symbol.dispose](); return view;',
    ],
  ] as const) {
    it(`keeps nothing where it was ${what}`, () => {
      assert.deepEqual(afterCollection(open + drop), { openScopes: 0, held: 0, used: 0, bytes: [], length: 0 });
    });
  }
});

describe('a hold that outlives its scope by far', () => {
  /** Runs `steps` in a process whose timers are mocked before the package is loaded; what it prints, parsed. */
  function watch(steps: string): unknown {
    const { stdout, stderr } = runChild(`
      const { mock } = require('node:test');
      mock.timers.enable({ apis: ['setInterval'] });
      const { subscribe } = require('node:diagnostics_channel');
      const { Arena, arenaStats } = require('simd-arena');
      const turn = () => new Promise((resolve) => setImmediate(resolve));
      const messages = [];
      const warnings = [];
      subscribe('simd-arena:hold:overdue', (message) => messages.push(message.label));
      process.on('warning', ({ code }) => { if (code?.startsWith('SIMD')) warnings.push(code); });
      const after = async (milliseconds) => {
        mock.timers.tick(milliseconds);
        await turn();
        return messages.splice(0).join();
      };
      const arena = new Arena({ label: 'overdue' });
      const view = arena.alloc(Uint8Array, 1);
      (async () => { ${steps} })();`);
    assert.notEqual(stdout, '', stderr);
    return JSON.parse(stdout);
  }

  it('is reported once, 20 to 30 seconds after the end of the scope', () => {
    const report = watch(`
      const hold = arena.hold();
      const found = [await after(100_000)];
      arena.close();
      for (const milliseconds of [19_000, 11_000, 100_000]) found.push(await after(milliseconds));
      const held = view.length;
      hold[Symbol.dispose]();
      console.log(JSON.stringify({ found, warnings, held, released: view.length, count: arenaStats().overdueHolds }));`);
    assert.deepEqual(report, {
      found: ['', '', 'overdue', ''],
      warnings: ['SIMD_ARENA_HOLD_OVERDUE'],
      held: 1,
      released: 0,
      count: 1,
    });
  });

  it('is not reported where it ends in time', () => {
    const report = watch(`
      const hold = arena.hold();
      arena.close();
      const found = [await after(19_000)];
      hold[Symbol.dispose]();
      found.push(await after(100_000));
      console.log(JSON.stringify({ found, warnings, count: arenaStats().overdueHolds }));`);
    assert.deepEqual(report, { found: ['', ''], warnings: [], count: 0 });
  });
});
