import assert from 'node:assert/strict';

import { runChild } from '../../support/child';

const CHUNK = 2 ** 16;

describe('arenas in WebAssembly memory, where no memory can be made any more', () => {
  /** Runs `steps` in a process that has `memories` memories; what they return. */
  function runWith(memories: number, steps: string): unknown {
    const { stdout, stderr } = runChild(
      `
      const { Memory } = WebAssembly;
      let made = 0;
      WebAssembly.Memory = function (descriptor) {
        if (made === ${memories}) throw new RangeError('WebAssembly.Memory(): could not allocate memory');
        made++;
        return new Memory(descriptor);
      };
      WebAssembly.Memory.prototype = Memory.prototype;
      const { Arena, arenaStats } = require('simd-arena');
      const use = (bytes, options = { retainBytes: 0 }) => {
        const arena = new Arena(options);
        try {
          const view = arena.allocUnsafe(Uint8Array, bytes);
          const clean = view.every((byte) => byte === 0);
          view.fill(0xee);
          return [view.length, clean, arena.stats().capacity];
        } catch ({ code }) {
          return code;
        } finally {
          arena.close();
        }
      };
      const result = (() => { ${steps} })();
      console.log(JSON.stringify({ result, made, capacity: arenaStats().capacity, used: arenaStats().used }));`,
      { SIMD_ARENA_BACKEND: 'wasm' },
    );
    assert.notEqual(stdout, '', stderr);
    return JSON.parse(stdout);
  }

  it('use the idle memory of one size for another, larger or smaller, clean', () => {
    const sizes = [CHUNK, 16 * CHUNK, 2 * CHUNK, CHUNK, 40 * CHUNK, 1];
    const result = runWith(1, `return [${sizes.join(', ')}].map((bytes) => use(bytes));`);
    assert.deepEqual(result, {
      result: sizes.map((bytes) => [bytes, true, Math.max(bytes, CHUNK)]),
      made: 1,
      capacity: 0,
      used: 0,
    });
  });

  it('have ERR_ARENA_OUT_OF_MEMORY where none is idle, and go on', () => {
    const result = runWith(
      1,
      `const arena = new Arena({ retainBytes: 0 });
       arena.alloc(Uint8Array, 1);
       const refused = [use(1), use(${4 * CHUNK})];
       arena.close();
       return [...refused, use(${4 * CHUNK})];`,
    );
    assert.deepEqual(result, {
      result: ['ERR_ARENA_OUT_OF_MEMORY', 'ERR_ARENA_OUT_OF_MEMORY', [4 * CHUNK, true, 4 * CHUNK]],
      made: 1,
      capacity: 0,
      used: 0,
    });
  });
});
