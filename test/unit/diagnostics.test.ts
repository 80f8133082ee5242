import assert from 'node:assert/strict';

import { Arena, arenaStats, withArena } from 'simd-arena';

import { messagesOf, withSubscriber } from '../support/channels';
import { runChild } from '../support/child';
import { throwsCode } from '../support/errors';
import { forgetIdleArenas, nextTurn } from '../support/runtime';

const CHUNK = 2 ** 16;

describe('the channel scope:end', () => {
  it('tells what a scope has used', async () => {
    forgetIdleArenas();
    const messages = await messagesOf('scope:end', () => {
      withArena({ label: 'first' }, (arena) => {
        arena.alloc(Uint8Array, 100);
        arena.alloc(Uint8Array, 1000);
      });
      withArena(() => undefined);
    });
    assert.deepEqual(messages, [
      { label: 'first', used: 1152, capacity: CHUNK, peak: 1152, allocations: 2 },
      { label: undefined, used: 0, capacity: CHUNK, peak: 0, allocations: 0 },
    ]);
  });

  it('tells of a scope that throws and of one that is asynchronous', async () => {
    const messages = await messagesOf('scope:end', async () => {
      assert.throws(() =>
        withArena({ label: 'throws' }, () => {
          throw new Error('from the scope');
        }),
      );
      await withArena({ label: 'async' }, async (arena) => {
        await Promise.resolve();
        return arena.alloc(Uint8Array, 1).length;
      });
    });
    assert.deepEqual(
      messages.map((message) => (message as { label: string }).label),
      ['throws', 'async'],
    );
  });

  it('tells of a held scope once the hold has ended', async () => {
    const arena = new Arena({ label: 'held' });
    const hold = arena.hold();
    assert.deepEqual(await messagesOf('scope:end', () => arena.close()), []);
    assert.equal((await messagesOf('scope:end', () => hold[Symbol.dispose]())).length, 1);
  });

  it('lets a subscriber use arenas', async () => {
    const { used, openScopes } = arenaStats();
    let depth = 0;
    await withSubscriber(
      'scope:end',
      () => {
        if (depth++ < 5) withArena((arena) => arena.alloc(Uint8Array, 1000).fill(depth).length);
      },
      () => {
        withArena((arena) => arena.alloc(Uint8Array, 1000).length);
      },
    );
    assert.equal(depth, 6);
    assert.equal(arenaStats().used, used);
    assert.equal(arenaStats().openScopes, openScopes);
  });
});

describe('the channel grow', () => {
  it('tells of every chunk', async () => {
    forgetIdleArenas();
    const messages = await messagesOf('grow', () => {
      withArena({ label: 'growing', initialBytes: CHUNK }, (arena) => {
        arena.alloc(Uint8Array, CHUNK);
        arena.alloc(Uint8Array, 1);
        arena.alloc(Uint8Array, 1);
        arena.alloc(Uint8Array, 4 * CHUNK);
      });
    });
    assert.deepEqual(messages, [
      { label: 'growing', bytes: CHUNK, capacity: CHUNK },
      { label: 'growing', bytes: CHUNK, capacity: 2 * CHUNK },
      { label: 'growing', bytes: 4 * CHUNK, capacity: 6 * CHUNK },
    ]);
  });

  for (const act of ['close', 'reset'] as const) {
    it(`lets a subscriber ${act} the arena that grows`, async () => {
      const { used, openScopes } = arenaStats();
      forgetIdleArenas();
      const arena = new Arena();
      let view = new Uint8Array(1);
      await withSubscriber(
        'grow',
        () => arena[act](),
        async () => {
          view = arena.alloc(Uint8Array, 100);
          await nextTurn();
        },
      );
      assert.equal(view.length, 0);
      if (act === 'reset') assert.equal(arena.alloc(Uint8Array, 100).length, 100);
      else throwsCode('ERR_ARENA_CLOSED', () => arena.alloc(Uint8Array, 1));
      arena.close();
      assert.equal(arenaStats().used, used);
      assert.equal(arenaStats().openScopes, openScopes);
    });
  }

  it('lets a subscriber close or reset the arena that grows for copyIn: the copy is whole before', async () => {
    for (const act of ['close', 'reset'] as const) {
      forgetIdleArenas();
      const arena = new Arena();
      let calls = 0;
      await withSubscriber(
        'grow',
        () => {
          calls += 1;
          arena[act]();
        },
        async () => {
          for (const length of [100, 2 * CHUNK]) {
            const copy = arena.copyIn(new Uint8Array(length).fill(6));
            assert.equal(calls, 0);
            assert.deepEqual([copy.length, ...new Set(copy)], [length, 6]);
          }
          assert.equal(arena.alloc(Float64Array, 3)[2], 0);
          await nextTurn();
        },
      );
      assert.equal(calls, 2);
      arena.close();
    }
  });

  it('lets a subscriber allocate in the arena that grows', async () => {
    forgetIdleArenas();
    const arena = new Arena();
    const views: Uint8Array[] = [];
    let depth = 0;
    await withSubscriber(
      'grow',
      () => {
        const fill = ++depth;
        if (fill <= 3) views.push(arena.alloc(Uint8Array, fill * CHUNK).fill(fill));
      },
      async () => {
        views.push(arena.alloc(Uint8Array, 100).fill(9));
        await nextTurn();
      },
    );
    assert.deepEqual(views.map((view) => [...new Set(view)].join()).sort(), ['1', '2', '3', '9']);
    arena.close();
  });
});

describe('the channel limit', () => {
  it('tells of a refusal before it is thrown', async () => {
    const arena = new Arena({ label: 'limited', maxBytes: 64 });
    const messages = await messagesOf('limit', () => {
      throwsCode('ERR_ARENA_LIMIT', () => arena.alloc(Uint8Array, 65));
    });
    assert.deepEqual(messages, [{ label: 'limited', code: 'ERR_ARENA_LIMIT', requested: 65 }]);
    arena.close();
  });

  it('lets a subscriber close the arena', async () => {
    const { used, openScopes } = arenaStats();
    const arena = new Arena({ maxBytes: 64 });
    arena.alloc(Uint8Array, 64);
    await withSubscriber(
      'limit',
      () => arena.close(),
      () => throwsCode('ERR_ARENA_LIMIT', () => arena.alloc(Uint8Array, 65)),
    );
    throwsCode('ERR_ARENA_CLOSED', () => arena.stats());
    assert.equal(arenaStats().used, used);
    assert.equal(arenaStats().openScopes, openScopes);
  });
});

describe('NODE_DEBUG=simd-arena', () => {
  it('prints used, capacity and peak at the end of a scope', () => {
    const code = `require('simd-arena').withArena({ label: 'printed' }, (arena) => arena.alloc(Uint8Array, 100).length)`;
    const { stderr, status } = runChild(code, { NODE_DEBUG: 'simd-arena' });
    assert.equal(status, 0);
    assert.match(stderr, /SIMD-ARENA \d+: end of scope "printed": used 128, capacity 65536, peak 128/);
    assert.equal(runChild(code).stderr, '');
  });
});
