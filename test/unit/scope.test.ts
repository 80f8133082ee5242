import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { runInNewContext } from 'node:vm';

import { Arena, arenaStats, withArena } from 'simd-arena';

import { messagesOf } from '../support/channels';
import { rejectsCode, throwsCode } from '../support/errors';

/** Asserts that no scope stays open and nothing stays handed out over `run`. */
async function assertReleased(run: () => unknown): Promise<void> {
  const before = arenaStats();
  await run();
  const after = arenaStats();
  assert.equal(after.openScopes, before.openScopes);
  assert.equal(after.used, before.used);
}

describe('withArena', () => {
  it('returns what the function returns, and releases the arena', async () => {
    await assertReleased(() => {
      let view = new Uint8Array(1);
      let arena: Arena | undefined;
      const result = withArena((scope) => {
        arena = scope;
        view = scope.alloc(Uint8Array, 10).fill(3);
        return view[9];
      });
      assert.equal(result, 3);
      assert.equal(view.length, 0);
      throwsCode('ERR_ARENA_CLOSED', () => arena?.alloc(Uint8Array, 1));
    });
  });

  it('releases the arena of a function that throws, and passes the error on', async () => {
    const failure = new Error('from the scope');
    let view = new Uint8Array(1);
    await assertReleased(() => {
      assert.throws(
        () =>
          withArena((arena) => {
            view = arena.alloc(Uint8Array, 10);
            throw failure;
          }),
        (error) => error === failure,
      );
    });
    assert.equal(view.length, 0);
  });

  it('stays open until the promise settles, and settles after the release', async () => {
    await assertReleased(async () => {
      let view = new Uint8Array(1);
      const result = withArena(async (arena) => {
        view = arena.alloc(Uint8Array, 10).fill(3);
        await delay(1);
        return view[0];
      });
      assert.ok(result instanceof Promise);
      assert.equal(view.length, 10);
      assert.equal(await result, 3);
      assert.equal(view.length, 0);
    });
  });

  it('releases the arena of a promise that rejects, and passes the reason on', async () => {
    const failure = new Error('from the scope');
    let view = new Uint8Array(1);
    await assertReleased(async () => {
      const result = withArena(async (arena) => {
        view = arena.alloc(Uint8Array, 10);
        await delay(1);
        throw failure;
      });
      await assert.rejects(result, (error) => error === failure);
    });
    assert.equal(view.length, 0);
  });

  it('awaits any thenable', async () => {
    const thenable = {
      then(resolve: (value: number) => void): void {
        setImmediate(resolve, 5);
      },
    };
    await assertReleased(async () => {
      const result: unknown = withArena((arena) => {
        arena.alloc(Uint8Array, 1);
        return thenable;
      });
      assert.ok(result instanceof Promise);
      assert.equal(await result, 5);
    });
  });

  it('awaits a thenable that is a function', async () => {
    let view = new Uint8Array(0);
    let settle: ((value: number) => void) | undefined;
    await assertReleased(async () => {
      const result: unknown = withArena((arena) => {
        view = arena.alloc(Uint8Array, 10).fill(3);
        return Object.assign(() => 0, {
          then(resolve: (value: number) => void): void {
            settle = resolve;
          },
        });
      });
      await delay(1);
      assert.deepEqual([...view], Array<number>(10).fill(3));
      settle!(5);
      assert.equal(await result, 5);
      assert.equal(view.length, 0);
    });
  });

  it('releases the arena of a result whose then throws', async () => {
    const failure = new Error('then');
    const result = {
      get then(): unknown {
        throw failure;
      },
    };
    await assertReleased(() => {
      assert.throws(() => withArena(() => result), failure);
    });
  });

  it('passes options on to the arena', () => {
    withArena({ label: 'with options', maxBytes: 128 }, (arena) => {
      assert.equal(arena.stats().label, 'with options');
      throwsCode('ERR_ARENA_LIMIT', () => arena.alloc(Uint8Array, 129));
    });
  });

  it('lets the function close or reset its arena', async () => {
    await assertReleased(() => {
      withArena((arena) => {
        arena.alloc(Uint8Array, 1);
        arena.reset();
        arena.close();
      });
    });
  });

  it('gives nested scopes arenas of their own', () => {
    withArena((outer) => {
      const view = outer.alloc(Uint8Array, 64).fill(1);
      withArena((inner) => {
        assert.notEqual(inner, outer);
        inner.alloc(Uint8Array, 64).fill(2);
        withArena((innermost) => innermost.alloc(Uint8Array, 64).fill(3)[0]);
        assert.ok(view.every((byte) => byte === 1));
      });
      assert.ok(view.every((byte) => byte === 1));
      outer.alloc(Uint8Array, 64).fill(4);
      assert.ok(view.every((byte) => byte === 1));
    });
  });

  it('gives interleaved scopes arenas of their own, whatever the order of their ends', async () => {
    await assertReleased(async () => {
      const scopes = Array.from({ length: 20 }, (_, index) =>
        withArena(async (arena) => {
          const first = arena.alloc(Uint8Array, 1000).fill(index);
          await delay((index * 7) % 5);
          const second = arena.alloc(Uint8Array, 1000).fill(index + 100);
          await delay((index * 3) % 4);
          assert.ok(first.every((byte) => byte === index));
          assert.ok(second.every((byte) => byte === index + 100));
          return index;
        }),
      );
      assert.deepEqual(
        await Promise.all(scopes),
        scopes.map((_, index) => index),
      );
    });
  });

  it('is as old as its oldest asynchronous scope', async () => {
    assert.equal(arenaStats().oldestScopeAge, 0);
    const scope = withArena(() => delay(5));
    await delay(2);
    assert.ok(arenaStats().oldestScopeAge > 0);
    await scope;
    assert.equal(arenaStats().oldestScopeAge, 0);
  });
});

describe('a scope that returns memory of its arena', () => {
  const escapes: Record<string, (arena: Arena) => unknown> = {
    'a typed array': (arena) => arena.alloc(Float32Array, 4),
    'a Buffer': (arena) => arena.alloc(Buffer, 4),
    'a subarray': (arena) => arena.alloc(Uint8Array, 4).subarray(2),
    'an empty view': (arena) => arena.alloc(Uint8Array, 0),
    'a DataView': (arena) => new DataView(arena.alloc(Uint8Array, 4).buffer),
    'an ArrayBuffer': (arena) => arena.alloc(Uint8Array, 4).buffer,
    'a view in a chunk of its own': (arena) => [arena.alloc(Uint8Array, 1), arena.alloc(Uint8Array, 2 ** 20)][1],
    'an object with a view': (arena) => ({ width: 2, pixels: arena.alloc(Uint8Array, 4) }),
    'an object without a prototype': (arena) =>
      Object.assign(Object.create(null) as object, { view: arena.alloc(Uint8Array, 4) }),
    'a plain object of another realm with a view': (arena) =>
      Object.assign(runInNewContext('({ width: 2 })') as object, { pixels: arena.alloc(Uint8Array, 4) }),
    'an array of another realm with a view': (arena) =>
      (runInNewContext('[1, 2]') as unknown[]).concat(arena.alloc(Uint8Array, 4)),
    'a view of another realm': (arena) =>
      new (runInNewContext('Uint8Array') as typeof Uint8Array)(arena.alloc(Uint8Array, 4).buffer, 0, 4),
    'an array with a view': (arena) => [1, 'two', arena.alloc(Uint8Array, 4)],
    'a sparse array with a view': (arena) => {
      const sparse: unknown[] = [];
      sparse[15] = arena.alloc(Uint8Array, 4);
      return sparse;
    },
    'an object with a view as its 16th property': (arena) =>
      Object.fromEntries(Array.from({ length: 16 }, (_, index) => [`p${index}`, index < 15 || arena.alloc(Buffer, 1)])),
    'a generator': (arena) =>
      (function* () {
        yield arena.alloc(Uint8Array, 4);
      })(),
    'an asynchronous generator': (arena) =>
      (async function* () {
        await delay(1);
        yield arena.alloc(Uint8Array, 4);
      })(),
    'a view with a prototype that lies': (arena) => Object.setPrototypeOf(arena.alloc(Uint8Array, 4), null) as unknown,
  };

  for (const [what, make] of Object.entries(escapes)) {
    it(`is refused ${what}`, async () => {
      const before = arenaStats().escapes;
      await assertReleased(async () => {
        const error = throwsCode('ERR_ARENA_ESCAPE', () => withArena({ label: 'escaping' }, make), {
          label: 'escaping',
        });
        assert.match(error.message, /copyOut/);
        assert.match(error.message, /escaping/);
        await rejectsCode(
          'ERR_ARENA_ESCAPE',
          withArena(async (arena) => {
            await delay(1);
            return make(arena);
          }),
        );
      });
      assert.equal(arenaStats().escapes, before + 2);
    });
  }

  it('is reported on the channel', async () => {
    const messages = await messagesOf('escape', () => {
      throwsCode('ERR_ARENA_ESCAPE', () => withArena({ label: 'seen' }, (arena) => arena.alloc(Uint8Array, 1)));
    });
    assert.deepEqual(messages, [{ label: 'seen' }]);
  });

  it('is found though the arena of an inner scope returns it to the outer', () => {
    withArena((outer) => {
      const view = outer.alloc(Uint8Array, 4);
      assert.equal(
        withArena(() => view),
        view,
      );
      throwsCode('ERR_ARENA_ESCAPE', () => withArena((inner) => inner.copyIn(view)));
    });
  });
});

describe('a scope that returns something else', () => {
  it('returns it as it is', () => {
    class Result {
      constructor(readonly view: Uint8Array) {}
    }
    withArena((outer) => {
      const view = outer.alloc(Uint8Array, 4);
      const results = [
        undefined,
        null,
        0,
        'text',
        5n,
        Symbol.iterator,
        new Uint8Array(3),
        Buffer.from('heap'),
        new ArrayBuffer(8),
        new SharedArrayBuffer(8),
        new Map([[1, 2]]),
        [view],
        { view },
        new Result(view),
        (): number => 1,
        new PassThrough(),
      ];
      for (const result of results) {
        assert.equal(
          withArena((arena) => {
            arena.alloc(Uint8Array, 4);
            return result;
          }),
          result,
        );
      }
    });
  });

  it('may return a class instance or a deep object that has a view: they are not searched', () => {
    class Result {
      constructor(readonly view: Uint8Array) {}
    }
    const result = withArena((arena) => new Result(arena.alloc(Uint8Array, 4)));
    const deep = withArena((arena) => ({ a: { view: arena.alloc(Uint8Array, 4) } }));
    assert.equal(result.view.length, 0);
    assert.equal(deep.a.view.length, 0);
  });

  it('is not searched past 16 properties', () => {
    const result = withArena((arena) =>
      Object.fromEntries(Array.from({ length: 17 }, (_, index) => [`p${index}`, index < 16 || arena.alloc(Buffer, 1)])),
    );
    assert.equal((result['p16'] as Buffer).length, 0);
  });

  it('runs no getters of it', () => {
    let runs = 0;
    const result = {
      get view(): Uint8Array {
        runs++;
        return new Uint8Array(1);
      },
    };
    assert.equal(
      withArena(() => result),
      result,
    );
    assert.equal(withArena(() => Object.defineProperty([], '0', { get: () => runs++, enumerable: true })).length, 1);
    assert.equal(runs, 0);
  });

  it('is not searched where it is a proxy', () => {
    const traps: string[] = [];
    const handler = new Proxy(
      {},
      {
        get: (_target, trap) => {
          traps.push(String(trap));
          return undefined;
        },
      },
    );
    const proxy = new Proxy({ view: 1 }, handler);
    assert.equal(
      withArena((arena) => {
        arena.alloc(Uint8Array, 1);
        return proxy;
      }),
      proxy,
    );
    // Whether it is a promise has to be asked.
    assert.deepEqual(
      traps.filter((trap) => trap !== 'get' && trap !== 'getPrototypeOf'),
      [],
    );
  });

  it('is searched without a trap of a proxy that is its prototype', async () => {
    const traps = new Set<string>();
    const watched = (target: object): object =>
      new Proxy(
        target,
        new Proxy(
          {},
          {
            get:
              (_target, trap) =>
              (...args: unknown[]): unknown => {
                traps.add(trap === 'get' ? `get ${String(args[1])}` : String(trap));
                return (Reflect as unknown as Record<PropertyKey, (...args: unknown[]) => unknown>)[trap]!(...args);
              },
          },
        ),
      );
    const results: object[] = [
      Object.setPrototypeOf([1, { a: 2 }, 3], watched(Array.prototype)) as object,
      Object.setPrototypeOf({ a: 1, b: {} }, watched(Object.prototype)) as object,
    ];
    for (const result of results) {
      assert.equal(
        withArena((arena) => (arena.alloc(Uint8Array, 1), result)),
        result,
      );
      // Whether it is a promise has to be asked: by instanceof, and of its then.
      assert.deepEqual(
        [...traps].filter((trap) => trap !== 'getPrototypeOf' && trap !== 'get then'),
        [],
      );
      traps.clear();
      // Of what a promise resolves to, only its then is asked for, by the promise.
      assert.equal(await withArena((arena) => (arena.alloc(Uint8Array, 1), Promise.resolve(result))), result);
      assert.deepEqual([...traps], ['get then']);
      traps.clear();
    }
    const array = Object.setPrototypeOf([], watched(Array.prototype)) as unknown[];
    throwsCode('ERR_ARENA_ESCAPE', () =>
      withArena((arena) => {
        array[0] = arena.alloc(Uint8Array, 4);
        traps.clear();
        return array;
      }),
    );
    assert.deepEqual([...traps].sort(), ['get then', 'getPrototypeOf']);
  });

  it('may return a stream that reads arena memory under closeAfter', async () => {
    const chunks: Buffer[] = [];
    let arena: Arena | undefined;
    const stream = withArena((scope) => {
      assert.ok(scope);
      arena = Arena.lease();
      const out = new PassThrough();
      out.on('data', (chunk: Buffer) => chunks.push(Buffer.from(chunk)));
      arena.closeAfter(out);
      out.end(arena.alloc(Buffer, 5).fill('a'));
      return out;
    });
    await new Promise((resolve) => stream.once('close', resolve));
    assert.equal(Buffer.concat(chunks).toString(), 'aaaaa');
    throwsCode('ERR_ARENA_CLOSED', () => arena?.stats());
  });
});
