import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

import { Arena, arenaStats, BufferPool, createReduction, PoolAllocator, sumF32, withArena } from 'simd-arena';

import { withSubscriber } from '../support/channels';
import { assertCode, throwsCode } from '../support/errors';
import { acting } from '../support/options';
import { backend, nextTurn, ResizableBuffer, steal } from '../support/runtime';
import { fail } from './values';

describe('options with getters', () => {
  it('are read once', () => {
    let reads = 0;
    const options = acting<object>('maxBytes', 64, () => reads++);
    withArena(options, (arena) => throwsCode('ERR_ARENA_LIMIT', () => arena.alloc(Uint8Array, 65)));
    assert.equal(reads, 1);
  });
});

describe('a view whose prototype runs code', () => {
  /** A typed array whose prototype chain runs `act` when it is walked, as `instanceof` does. */
  function walking(view: Uint8Array, act: () => void): Uint8Array {
    const prototype = new Proxy(Uint8Array.prototype, {
      getPrototypeOf: (target) => {
        act();
        return Reflect.getPrototypeOf(target);
      },
    });
    return Object.setPrototypeOf(view, prototype) as Uint8Array;
  }

  it('may close the arena that copies it', () => {
    const { used } = arenaStats();
    const arena = new Arena();
    const view = walking(new Uint8Array(100), () => arena.close());
    throwsCode('ERR_ARENA_CLOSED', () => arena.copyIn(view));
    assert.equal(arenaStats().used, used);
  });

  it('may lose its memory while it is copied', () => {
    withArena((arena) => {
      for (const copy of [arena.copyIn.bind(arena), arena.copyOut.bind(arena)]) {
        const source = new Uint8Array(100);
        const { buffer } = source;
        const view = walking(source, () => {
          if (buffer.byteLength > 0) structuredClone(buffer, { transfer: [buffer] });
        });
        throwsCode('ERR_DETACHED', () => copy(view));
      }
    });
  });
});

describe('data that changes under a call', () => {
  type GrowableBuffer = SharedArrayBuffer & { grow(bytes: number): void };
  const growableBuffer = SharedArrayBuffer as unknown as new (
    bytes: number,
    options: { maxByteLength: number },
  ) => GrowableBuffer;

  it('is copied out as long as it was when the copy began', () => {
    const buffer = new growableBuffer(64, { maxByteLength: 128 });
    const view = new Float32Array(buffer);
    const descriptor = Object.getOwnPropertyDescriptor(globalThis, 'ArrayBuffer')!;
    const { ArrayBuffer: original } = globalThis;
    Object.defineProperty(globalThis, 'ArrayBuffer', {
      configurable: true,
      get: () => {
        buffer.grow(128); // between the length and the copy, as another thread may
        return original;
      },
    });
    try {
      assert.equal(
        withArena((arena) => arena.copyOut(view).length),
        16,
      );
    } finally {
      Object.defineProperty(globalThis, 'ArrayBuffer', descriptor);
    }
    assert.equal(buffer.byteLength, 128);
  });

  it('is copied into an arena while another thread makes it longer', async () => {
    const most = 2 ** 20;
    const buffer = new growableBuffer(4096, { maxByteLength: most });
    const view = new Float32Array(buffer);
    const code = `
      const { workerData: buffer } = require('node:worker_threads');
      while (buffer.byteLength < buffer.maxByteLength) buffer.grow(buffer.byteLength + 4);`;
    const worker = new Worker(code, { eval: true, workerData: buffer });
    const exited = once(worker, 'exit');
    await once(worker, 'online');
    withArena((arena) => {
      while (buffer.byteLength < most) {
        const before = view.length;
        const { length } = arena.copyIn(view);
        assert.ok(length >= before && length <= view.length);
        arena.reset();
      }
    });
    await exited;
  });

  it('is read as it is when the options have been read', () => {
    for (const [to, expected] of [
      [32, 16],
      [128, 64],
    ] as const) {
      const buffer = new ResizableBuffer(64, { maxByteLength: 128 });
      const view = new Float32Array(buffer);
      const options = acting<object>('offset', undefined, () => {
        buffer.resize(to);
        view.fill(2);
      });
      assert.equal(sumF32(view, options), expected);
    }
  });

  it('is refused by a stream that has queued it, once it is revoked', async () => {
    const stream = createReduction('f32', ['sum']).writable();
    stream.cork();
    withArena({ label: 'queued' }, (arena) => stream.write(arena.alloc(Float32Array, 4)));
    const failed = once(stream, 'error');
    stream.uncork();
    const [error] = (await failed) as [unknown];
    assertCode(error, 'ERR_DETACHED', { label: 'queued' });
  });
});

describe('re-entrant calls', () => {
  it('from a subscriber to chunk:lost find a working arena', async () => {
    const { used } = arenaStats();
    const arena = new Arena();
    const view = arena.alloc(Uint8Array, 100);
    const acts = [(): void => arena.reset(), (): void => arena.close()];
    for (const act of acts) {
      await withSubscriber('chunk:lost', act, async () => {
        const next = arena.alloc(Uint8Array, 100);
        if (backend === 'external') await steal(next);
        arena.alloc(Uint8Array, 100);
        await nextTurn();
      });
    }
    arena.close();
    assert.equal(view.length, 0);
    assert.equal(arenaStats().used, used);
  });

  it('from the function of a scope open more scopes', () => {
    const nest = (depth: number): number =>
      withArena((arena) => {
        const view = arena.alloc(Uint8Array, 100).fill(depth);
        const below = depth === 0 ? 0 : nest(depth - 1);
        assert.ok(view.every((byte) => byte === depth));
        return below + 1;
      });
    assert.equal(nest(100), 101);
  });
});

describe('code of the user that runs in the middle of a request', () => {
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
});

describe('methods of pools', () => {
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
