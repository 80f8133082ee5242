import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { PassThrough } from 'node:stream';

import { whenClosed, whenDone, whenSettled } from '#internal/until';
import type { ClosableStream } from 'simd-arena';

import { throwsCode } from '../../support/errors';
import { nextTurn } from '../../support/runtime';

/** Counts its calls. */
function counter(): { (): void; calls: number } {
  const done = (): void => {
    done.calls += 1;
  };
  done.calls = 0;
  return done;
}

const failure = new Error('of the user');
const fail = (): never => {
  throw failure;
};
const failingGetter = (key: string, target: object): never =>
  Object.defineProperty(target, key, { get: fail }) as never;
const never = (): Promise<void> => new Promise(() => undefined);

for (const [name, wait] of Object.entries({ whenClosed, whenDone })) {
  describe(`${name}, for a stream`, () => {
    it("calls once, on 'close', whatever else the stream emits", () => {
      const stream = new EventEmitter();
      const done = counter();
      wait('stream', stream, done);
      for (const event of ['finish', 'end', 'aborted']) stream.emit(event);
      assert.equal(done.calls, 0);
      stream.emit('close');
      assert.equal(done.calls, 1);
      stream.emit('close');
      assert.equal(done.calls, 1);
    });

    it('calls once where the stream keeps the listener', () => {
      const done = counter();
      let listener = (): void => undefined;
      wait('stream', { once: (_event, kept) => (listener = kept) }, done);
      listener();
      listener();
      assert.equal(done.calls, 1);
    });

    it('calls at once where the stream is closed already', async () => {
      const stream = new PassThrough();
      stream.destroy();
      await once(stream, 'close');
      const listens = fail;
      const closed = [stream, { closed: true, once: listens }, { stream: { destroyed: true }, once: listens }];
      for (const candidate of closed) {
        const done = counter();
        wait('stream', candidate, done);
        assert.equal(done.calls, 1);
      }
    });

    it('waits where the stream only says that it is not closed', () => {
      for (const state of [{ closed: false }, { stream: {} }, { stream: { destroyed: false } }]) {
        const stream = Object.assign(new EventEmitter(), state);
        const done = counter();
        wait('stream', stream, done);
        assert.equal(done.calls, 0);
        stream.emit('close');
        assert.equal(done.calls, 1);
      }
    });

    it('calls once where the stream calls back while it is asked to', () => {
      const done = counter();
      wait('stream', { once: (_event, listener) => [listener(), listener()] }, done);
      assert.equal(done.calls, 1);
    });

    it('throws what the stream throws, and never calls', () => {
      const listeners: (() => void)[] = [];
      const keepsAndThrows = {
        once: (_event: string, listener: () => void): never => {
          listener();
          listeners.push(listener);
          throw failure;
        },
      };
      const emitter = (): object => new EventEmitter();
      const streams: ClosableStream[] = [
        keepsAndThrows,
        failingGetter('once', {}),
        failingGetter('closed', emitter()),
        failingGetter('stream', emitter()),
        { once: fail, stream: failingGetter('destroyed', {}) },
      ];
      for (const stream of streams) {
        const done = counter();
        assert.throws(() => wait('stream', stream, done), failure);
        for (const listener of listeners) listener();
        assert.equal(done.calls, 0);
      }
      assert.equal(listeners.length, 1);
    });
  });
}

for (const [name, wait] of Object.entries({ whenSettled, whenDone })) {
  describe(`${name}, for a promise`, () => {
    it('calls once it has settled, either way, and not before', async () => {
      for (const settled of [Promise.resolve(1), Promise.reject(new Error('handled by the wait'))]) {
        const done = counter();
        wait('promise', settled, done);
        assert.equal(done.calls, 0);
        await nextTurn();
        assert.equal(done.calls, 1);
      }
      const done = counter();
      wait('promise', never(), done);
      await nextTurn();
      assert.equal(done.calls, 0);
    });

    it('calls once for a thenable that settles twice, or throws instead', async () => {
      const thenables: PromiseLike<unknown>[] = [
        { then: (resolve, reject) => [resolve?.(1), resolve?.(2), reject?.(3)] as never },
        { then: fail },
      ];
      for (const thenable of thenables) {
        const done = counter();
        wait('promise', thenable, done);
        await nextTurn();
        assert.equal(done.calls, 1);
      }
    });

    it('throws what the getter of then throws, and never calls', async () => {
      const done = counter();
      assert.throws(() => wait('promise', failingGetter('then', {}), done), failure);
      await nextTurn();
      assert.equal(done.calls, 0);
    });
  });
}

describe('whenDone', () => {
  it('waits for the stream where something is both a stream and a promise', async () => {
    const both = Object.assign(new EventEmitter(), { then: (resolve: () => void) => resolve() });
    const done = counter();
    whenDone('until', both, done);
    await nextTurn();
    assert.equal(done.calls, 0);
    both.emit('close');
    assert.equal(done.calls, 1);
  });
});

describe('waiting for what is neither a stream nor a promise', () => {
  const neither = [undefined, null, 5, 'close', true, {}, [], () => 0, { once: 1, then: {} }];
  for (const [name, wait, expected, others] of [
    ['whenClosed', whenClosed, 'a stream', [Promise.resolve()]],
    ['whenSettled', whenSettled, 'a promise', [new EventEmitter()]],
    ['whenDone', whenDone, 'a stream or a promise', []],
  ] as const) {
    it(`is refused by ${name}, by name`, () => {
      const done = counter();
      for (const until of [...neither, ...others]) {
        const { message } = throwsCode('ERR_INVALID_ARG_TYPE', () => wait('this thing', until as never, done));
        assert.ok(message.includes(`this thing must be ${expected}, not `), message);
      }
      assert.equal(done.calls, 0);
    });
  }
});
