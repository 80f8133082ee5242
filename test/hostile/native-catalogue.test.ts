import assert from 'node:assert/strict';

import { native } from '#internal/native';
import { memoryStatNames, reduceOps } from '#internal/tables';
import { runtimeInfo } from 'simd-arena';

import { runChild } from '../support/child';
import { promise } from '../support/promises';
import { declareCatalogue } from './catalogue';
import { nativeFunctions, nativeMembers, nativeSubjects } from './native-surface';
import { membersOf } from './reflection';

promise('Arguments', () => {
  describe('hostile use of the addon:', () => {
    declareCatalogue(membersOf(nativeFunctions), nativeMembers, nativeSubjects);

    it('only says so where it has not been initialized', () => {
      const { stdout, stderr } = runChild(`
        const { canExpose, napi, isas, ...addon } = require('./build/Release/simd_arena.node');
        const messages = Object.entries(addon).map(([name, value]) => {
          const args = [undefined, 1, 1, 1, 1, 1, 1];
          try {
            return [name, /^Native/.test(name) ? typeof new value(...args) : String(value(...args))];
          } catch ({ message }) {
            return [name, message];
          }
        });
        console.log(JSON.stringify(messages));`);
      assert.notEqual(stdout, '', stderr);
      const said = (JSON.parse(stdout) as [string, string][]).filter(
        ([, message]) => !message.includes('initialize()'),
      );
      // What needs nothing of the environment.
      const independent = ['NativeSumAccumulator', 'sumExactF32', 'sumExactF64', 'initialize', 'setBudget', 'budget'];
      independent.push('now', 'isPoisoned', 'stats', 'alignedOffset', 'clearMemory');
      assert.deepEqual(said.map(([name]) => name).sort(), independent.sort());
    });

    it('initialize() that is called from a getter of its own is refused', () => {
      const { stdout, stderr, status } = runChild(`
        const addon = require('./build/Release/simd_arena.node');
        const { memoryStatNames } = require('./dist/internal/tables.js');
        const words = (count) => new Float64Array(new SharedArrayBuffer(8 * count));
        const initialize = () => addon.initialize(words(memoryStatNames.length), false, 2 ** 32, undefined, words(2));
        const said = new Set();
        let nested = false;
        function attempt() {
          if (nested) return;
          nested = true;
          try {
            said.add(initialize().isa);
          } catch ({ message }) {
            said.add(message);
          }
          nested = false;
        }
        const { ArrayBuffer } = globalThis;
        const get = () => (attempt(), ArrayBuffer);
        Object.defineProperty(globalThis, 'ArrayBuffer', { get });
        Object.defineProperty(Array.prototype, 0, { configurable: true, set: attempt });
        initialize();
        delete Array.prototype[0];
        console.log(JSON.stringify([...said]));`);
      assert.equal(status, 0, stderr);
      assert.deepEqual(JSON.parse(stdout), ['initialize() was called before']);
    });

    it('refuses to be initialized with anything else, and can be initialized afterwards', () => {
      const { stdout, stderr } = runChild(`
        const { initialize } = require('./build/Release/simd_arena.node');
        const words = (length) => new Float64Array(new SharedArrayBuffer(8 * length));
        const valid = [words(${memoryStatNames.length}), false, 2 ** 32, undefined, words(2)];
        const arrays = (length) => [
          undefined, null, {}, [], 'words', new Float64Array(length), words(length - 1), words(length + 1),
          new BigInt64Array(words(length).buffer), words(length).buffer, new Proxy(words(length), {}),
        ];
        const hostile = [
          arrays(${memoryStatNames.length}),
          [undefined, null, 0, 'true', {}],
          [undefined, null, -1, 0.5, NaN, Infinity, 2 ** 53, '65536', 65536n, {}],
          ['', 'AVX2', 'avx2 ', '__proto__', 'x'.repeat(1e5), '\\ud800'],
          arrays(2),
        ];
        const codes = hostile.map((values, position) => values.map((value) => {
          try {
            initialize(...valid.with(position, value));
            return 'initialized';
          } catch ({ code }) {
            return code;
          }
        }));
        const { isa, reduce } = initialize(...valid);
        console.log(JSON.stringify({ codes, isa, operations: reduce.length }));`);
      assert.notEqual(stdout, '', stderr);
      const { codes, isa, operations } = JSON.parse(stdout) as { codes: string[][]; isa: string; operations: number };
      const wrong = 'ERR_INVALID_ARG_TYPE';
      assert.deepEqual(
        codes.map((of) => [...new Set(of)]),
        [wrong, wrong, wrong, 'ERR_UNSUPPORTED_ISA', wrong].map((code) => [code]),
      );
      assert.deepEqual([runtimeInfo().isas.includes(isa as never), operations], [true, reduceOps.length]);
    });

    it('has nothing but functions and facts', () => {
      const facts = Object.entries(native).filter(([, value]) => typeof value !== 'function');
      assert.deepEqual(Object.fromEntries(facts), { isas: runtimeInfo().isas, napi: runtimeInfo().napi });
    });
  });
});
