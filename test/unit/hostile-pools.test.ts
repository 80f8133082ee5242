import assert from 'node:assert/strict';

import { BufferPool, PoolAllocator, type AllocOptions, type PoolOptions } from 'simd-arena';

import { throwsCode } from '../support/errors';
import { acting } from '../support/options';
import { collectGarbage, collectUntil } from '../support/runtime';

const failure = new Error('of the user');
const fail = (): never => {
  throw failure;
};

/** Every way to ask a pool for memory. */
const requests: Readonly<Record<string, (size: number, options?: AllocOptions) => unknown>> = {};
const pool = new BufferPool({ label: 'hostile' });
const allocator = new PoolAllocator();
Object.assign(requests, {
  get: (size: number, options?: AllocOptions) => pool.get(size, options),
  getOrAlloc: (size: number, options?: AllocOptions) => pool.getOrAlloc(size, options),
  alloc: (size: number, options?: AllocOptions) => allocator.alloc(Uint8Array, size, options),
  allocUnsafe: (size: number, options?: AllocOptions) => allocator.allocUnsafe(Uint8Array, size, options),
});

for (const [name, request] of Object.entries(requests)) {
  describe(`${name} of a pool`, () => {
    /** Asserts that `run` counts no request and hands nothing out. */
    function changesNothing(run: () => void): void {
      const before = [pool.stats(), allocator.stats()];
      run();
      assert.deepEqual([pool.stats(), allocator.stats()], before);
    }

    it('refuses sizes that are no number', () => {
      let runs = 0;
      const coerced = { valueOf: () => ++runs, [Symbol.toPrimitive]: () => ++runs };
      const sizes = ['4', '', 4n, null, undefined, true, [], [4], {}, Object(4), Symbol('4'), () => 4, coerced];
      changesNothing(() => {
        for (const size of sizes as number[]) throwsCode('ERR_INVALID_ARG_TYPE', () => request(size));
      });
      assert.equal(runs, 0);
    });

    it('refuses sizes that are no index', () => {
      const sizes = [-1, -0.5, 0.5, 1.0000001, NaN, Infinity, -Infinity, 2 ** 53, 2 ** 64, -(2 ** 32) + 4];
      changesNothing(() => {
        for (const size of sizes) throwsCode('ERR_OUT_OF_RANGE', () => request(size));
      });
    });

    it('never wraps a size that is past 32 bits', () => {
      if (name === 'get') {
        for (const size of [2 ** 32 + 5, 2 ** 32, 2 ** 31, 2 ** 52]) assert.equal(request(size), null);
      } else {
        for (const size of [2 ** 48 + 5, 2 ** 52, 2 ** 53 - 1]) {
          throwsCode('ERR_POOL_OUT_OF_MEMORY', () => request(size), { requested: size });
        }
      }
    });

    it('takes -0 as 0', () => {
      const view = request(-0) as Uint8Array | null;
      assert.ok(view === null || Object.is(view.length, 0));
    });

    it('refuses alignments that are no power of two up to 4096', () => {
      changesNothing(() => {
        for (const alignment of [0, -1, -64, 3, 65, 0.5, 8192, 2 ** 32, 2 ** 53, NaN, Infinity]) {
          throwsCode('ERR_OUT_OF_RANGE', () => request(10, { alignment }));
        }
        for (const alignment of ['64', 64n, null, {}, [64], Symbol('64')] as number[]) {
          throwsCode('ERR_INVALID_ARG_TYPE', () => request(10, { alignment }));
        }
        for (const options of [null, 64, '64', true, () => 64] as AllocOptions[]) {
          throwsCode('ERR_INVALID_ARG_TYPE', () => request(10, options));
        }
      });
    });

    it('takes options of any kind of object, and runs their getter once', () => {
      let reads = 0;
      const options: object[] = [
        {},
        [],
        { alignment: undefined },
        Object.assign(Object.create(null) as object, { alignment: 128 }),
        new Proxy({ alignment: 128 }, {}),
        Object.create({ alignment: 128 }) as object,
        acting('alignment', 128, () => reads++),
      ];
      for (const option of options) request(10, option);
      assert.equal(reads, 1);
    });

    it('throws what a getter throws', () => {
      changesNothing(() => {
        assert.throws(() => request(10, acting('alignment', 64, fail)), failure);
        assert.throws(() => request(10, new Proxy({}, { get: fail })), failure);
        const revoked = Proxy.revocable({}, {});
        revoked.revoke();
        assert.throws(() => request(10, revoked.proxy), TypeError);
      });
    });
  });
}

describe('options of a pool', () => {
  it('are refused where they make no sense', () => {
    for (const options of [null, 5, 'options', true, () => 0] as PoolOptions[]) {
      throwsCode('ERR_INVALID_ARG_TYPE', () => new BufferPool(options));
      throwsCode('ERR_INVALID_ARG_TYPE', () => new PoolAllocator(options));
    }
    for (const key of ['maxPoolBytes', 'maxBuffersPerBucket', 'maxIdleMs']) {
      for (const value of [-1, 0.5, NaN, Infinity, -Infinity, 2 ** 53]) {
        const { message } = throwsCode('ERR_OUT_OF_RANGE', () => new BufferPool({ [key]: value }));
        assert.ok(message.includes(`options.${key}`), message);
      }
      for (const value of ['5', 5n, null, {}, [5], true]) {
        throwsCode('ERR_INVALID_ARG_TYPE', () => new BufferPool({ [key]: value }));
      }
    }
    for (const key of ['staleViews', 'leakDetection']) {
      for (const value of ['', 'never', 'REVOKE', 'ALL']) {
        throwsCode('ERR_OUT_OF_RANGE', () => new BufferPool({ [key]: value }));
      }
      for (const value of [null, 5, true, {}, ['allow']]) {
        throwsCode('ERR_INVALID_ARG_TYPE', () => new BufferPool({ [key]: value }));
      }
    }
    for (const label of [null, 5, {}, Symbol('label'), ['label']] as unknown as string[]) {
      throwsCode('ERR_INVALID_ARG_TYPE', () => new BufferPool({ label }));
    }
  });

  it('are within the limits of timers and stacks', () => {
    new BufferPool({ maxIdleMs: 2 ** 31 - 1, maxBuffersPerBucket: 65_536, maxPoolBytes: 2 ** 53 - 1 }).close();
    throwsCode('ERR_OUT_OF_RANGE', () => new BufferPool({ maxIdleMs: 2 ** 31 }));
    throwsCode('ERR_OUT_OF_RANGE', () => new BufferPool({ maxBuffersPerBucket: 65_537 }));
  });

  it('throw what their getters throw', () => {
    for (const key of ['label', 'maxPoolBytes', 'maxBuffersPerBucket', 'maxIdleMs', 'staleViews', 'leakDetection']) {
      assert.throws(() => new BufferPool(acting(key, undefined, fail)), failure);
    }
  });
});

describe('code of the user that runs in the middle of a request', () => {
  /** What may be done to the pool that a request is for. */
  const acts: Readonly<Record<string, (target: BufferPool) => unknown>> = {
    reclaimAll: (target) => target.reclaimAll(),
    trim: (target) => target.trim(),
    get: (target) => target.getOrAlloc(100).fill(7),
    put: (target) => target.put(target.getOrAlloc(100)),
    'garbage collection': () => collectGarbage(),
  };
  for (const [name, act] of Object.entries(acts)) {
    it(`may use the pool: ${name}`, () => {
      using target = new BufferPool();
      target.put(target.getOrAlloc(100));
      const out = target.getOrAlloc(100).fill(5);
      const options = acting<AllocOptions>('alignment', 128, () => act(target));
      const buffer = target.getOrAlloc(100, options).fill(9);
      assert.ok(out.length === 0 || out.every((byte) => byte === 5));
      assert.ok(buffer.length === 100 && buffer.every((byte) => byte === 9));
      target.put(buffer);
    });
  }

  it('may close the pool: a getter', () => {
    for (const method of ['get', 'getOrAlloc'] as const) {
      const target = new BufferPool({ label: 'closed by a getter' });
      const options = acting<AllocOptions>('alignment', 64, () => target.close());
      throwsCode('ERR_POOL_CLOSED', () => target[method](10, options), { label: 'closed by a getter' });
    }
  });

  it('may close the pool: Error.prepareStackTrace', () => {
    const prepareStackTrace = Reflect.get<typeof Error, 'prepareStackTrace'>(Error, 'prepareStackTrace');
    try {
      for (const pooled of [true, false]) {
        const target = new BufferPool({ leakDetection: 'all', label: 'closed by a trace' });
        if (pooled) target.put(target.getOrAlloc(10));
        Error.prepareStackTrace = () => target.close();
        throwsCode('ERR_POOL_CLOSED', () => target.getOrAlloc(10), { label: 'closed by a trace' });
        Error.prepareStackTrace = prepareStackTrace;
      }
    } finally {
      Error.prepareStackTrace = prepareStackTrace;
    }
  });

  it('cannot take the buffer that is being handed out: Buffer.from, process.emitWarning', () => {
    const bufferFrom = Reflect.get(Buffer, 'from') as (...args: unknown[]) => Buffer;
    const emitWarning = Reflect.get<NodeJS.Process, 'emitWarning'>(process, 'emitWarning');
    const target = new BufferPool({ staleViews: 'poison', label: 'taken by a warning' });
    const stale = target.getOrAlloc(64);
    target.put(stale);
    stale[0] = 1;
    const inner: (Buffer | null)[] = [];
    const takeAnother = (): void => {
      inner.push(target.get(64));
    };
    try {
      process.emitWarning = takeAnother;
      Reflect.set(Buffer, 'from', (...args: unknown[]) => {
        takeAnother();
        return bufferFrom(...args);
      });
      target.getOrAlloc(64);
    } finally {
      process.emitWarning = emitWarning;
      Reflect.set(Buffer, 'from', bufferFrom);
    }
    assert.deepEqual(inner, []);
    assert.deepEqual([target.stats().inUse, target.stats().pooledBytes], [1, 0]);
    target.close();
  });

  it('may close the pool: what putAfter waits for', async () => {
    const target = new BufferPool();
    const buffer = target.getOrAlloc(10);
    target.putAfter(buffer, {
      once: (_event: string, listener: () => void) => {
        target.close();
        assert.equal(buffer.length, 10);
        listener();
      },
    });
    assert.equal(buffer.length, 0);
    await Promise.resolve();
  });

  it('may be a finalizer', async () => {
    using target = new BufferPool();
    const lengths: number[] = [];
    const registry = new FinalizationRegistry<number>((size) => {
      const buffer = target.getOrAlloc(size);
      lengths.push(buffer.length);
      target.put(buffer);
    });
    (() => {
      for (const size of [10, 100, 1000]) registry.register({}, size);
    })();
    await collectUntil(() => lengths.length === 3);
    assert.deepEqual(
      lengths.sort((a, b) => a - b),
      [10, 100, 1000],
    );
    assert.equal(target.stats().inUse, 0);
  });
});

describe('methods of pools', () => {
  it('refuse receivers that are none', () => {
    for (const original of [new BufferPool(), new PoolAllocator()]) {
      const prototype = Object.getPrototypeOf(original) as Record<string, unknown>;
      const names = Object.getOwnPropertyNames(prototype).filter((name) => name !== 'constructor');
      assert.ok(names.length >= 8);
      for (const name of names) {
        for (const receiver of [
          undefined,
          null,
          {},
          Object.create(original),
          new Proxy(original, {}),
          Buffer.alloc(1),
        ]) {
          const method = prototype[name] as () => unknown;
          assert.throws(() => Reflect.apply(method, receiver, [Uint8Array, 1]), TypeError, name);
        }
      }
    }
  });

  it('work in subclasses', () => {
    class Counting extends BufferPool {
      puts = 0;
      override put(buffer: Buffer): void {
        super.put(buffer);
        this.puts += 1;
      }
    }
    using target = new Counting();
    target.put(target.getOrAlloc(10));
    assert.deepEqual([target.puts, target.stats().pooledBuffers], [1, 1]);
  });

  it('do not depend on what users have done to globals', () => {
    const { from } = Array;
    const fill = Reflect.get<Uint8Array, 'fill'>(Uint8Array.prototype, 'fill');
    try {
      Uint8Array.prototype.fill = fail;
      using target = new PoolAllocator({ staleViews: 'poison' });
      target.free(target.alloc(Uint8Array, 10));
      assert.deepEqual(
        [...target.alloc(Uint8Array, 10)],
        from({ length: 10 }, () => 0),
      );
    } finally {
      Uint8Array.prototype.fill = fill;
    }
  });
});
