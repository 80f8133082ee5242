import assert from 'node:assert/strict';

import { readEnvironment } from '#internal/environment';
import { statusTable } from '#internal/tables';
import {
  configure,
  createReduction,
  dotF32,
  minF32,
  PoolAllocator,
  runtimeInfo,
  sum,
  SumAccumulator,
  sumF32,
  sumI32,
  withArena,
  type ErrorCode,
} from 'simd-arena';

import { runChild } from '../support/child';
import { throwsCode } from '../support/errors';
import { detach } from '../support/runtime';

/**
 * Codes of which other tests tell: the instruction set is chosen when the package loads, pools have tests of their own, and
 * small allocations fail only where test/oom has them fail.
 */
type ToldElsewhere = 'ERR_UNSUPPORTED_ISA' | 'ERR_OUT_OF_MEMORY' | `ERR_POOL_${string}`;
const isToldElsewhere = (code: ErrorCode): code is ErrorCode & ToldElsewhere =>
  ['ERR_UNSUPPORTED_ISA', 'ERR_OUT_OF_MEMORY'].includes(code) || code.startsWith('ERR_POOL_');

/** A call that throws each of the other codes. */
const thrown: Record<Exclude<ErrorCode, ToldElsewhere>, () => unknown> = {
  ERR_INVALID_ARG_TYPE: () => sumF32([1, 2] as never),
  ERR_OUT_OF_RANGE: () => withArena({ maxBytes: -1 }, () => 0),
  ERR_ELEMENT_TYPE: () => sumF32(new Int32Array(3) as never),
  ERR_BYTE_LENGTH: () => sumI32(new Uint8Array(3)),
  ERR_INVALID_ACCUMULATOR: () => SumAccumulator.from(new Uint8Array(288)),
  ERR_EMPTY_INPUT: () => minF32(new Float32Array(0)),
  ERR_LENGTH_MISMATCH: () => dotF32(new Float32Array(1), new Float32Array(2)),
  ERR_DETACHED: () => {
    const data = new Float32Array(3);
    detach(data.buffer);
    return sumF32(data);
  },
  ERR_ARENA_CLOSED: () =>
    withArena((arena) => {
      arena.close();
      arena.reset();
    }),
  ERR_ARENA_LIMIT: () => withArena({ maxBytes: 64 }, (arena) => arena.alloc(Uint8Array, 65).length),
  ERR_ARENA_OUT_OF_MEMORY: () => withArena((arena) => arena.alloc(Uint8Array, 2 ** 45).length),
  ERR_ARENA_ESCAPE: () => withArena((arena) => arena.alloc(Uint8Array, 1)),
  ERR_MEMORY_BUDGET: () => {
    const { budgetBytes } = runtimeInfo();
    configure({ budgetBytes: 0 });
    try {
      return withArena((arena) => arena.alloc(Uint8Array, 2 ** 22).length);
    } finally {
      configure({ budgetBytes });
    }
  },
  ERR_INVALID_ENVIRONMENT: () => readEnvironment({ SIMD_ARENA_SIZE: '' }),
};

describe('errors', () => {
  for (const row of statusTable) {
    if (row === null) continue;
    const { code } = row;
    if (isToldElsewhere(code)) continue;
    it(`have a class, a code and a message: ${code}`, () => {
      const error = throwsCode(code, thrown[code]);
      assert.ok(error.message.startsWith(row.message), error.message);
      assert.match(error.stack ?? '', /errors\.test/);
    });
  }

  it('have a class, a code and a message: ERR_UNSUPPORTED_ISA', () => {
    const row = statusTable.find((candidate) => candidate?.code === 'ERR_UNSUPPORTED_ISA');
    const code = `try { require('simd-arena') } catch ({ name, code, message }) { console.log(name, code, message) }`;
    const { stdout } = runChild(code, { SIMD_ARENA_ISA: 'mmx' });
    const isas = runtimeInfo().isas.join(' ');
    assert.equal(stdout.trim(), `${row!.kind} ${row!.code} ${row!.message}: "mmx"; this machine has ${isas}`);
  });

  it('tell what was wrong with an argument', () => {
    const messages: [unknown, RegExp][] = [
      [[1, 2], /Float32Array\.from\(data\).* not an array$/],
      ['text', /not the string "text"$/],
      [null, /not null$/],
      [undefined, /not undefined$/],
      [5, /not 5$/],
      [5n, /not the bigint 5n$/],
      [{}, /not an object$/],
      [() => 0, /not a function$/],
      [Symbol('s'), /not a symbol$/],
    ];
    for (const [data, message] of messages) {
      assert.match(throwsCode('ERR_INVALID_ARG_TYPE', () => sumF32(data as never)).message, message);
    }
  });

  it('name the argument', () => {
    using allocator = new PoolAllocator();
    const calls: [ErrorCode, RegExp, () => unknown][] = [
      ['ERR_OUT_OF_RANGE', /offset, stride and count/, () => sumF32(new Float32Array(4), { offset: 5 })],
      ['ERR_OUT_OF_RANGE', /count/, () => sumF32(new Float32Array(4), { count: -1 })],
      ['ERR_OUT_OF_RANGE', /length/, () => allocator.alloc(Float64Array, Number.MAX_SAFE_INTEGER)],
      ['ERR_INVALID_ARG_TYPE', /view/, () => allocator.free(5 as never)],
    ];
    for (const [code, name, call] of calls) assert.match(throwsCode(code, call).message, name);
  });

  it('show no more than the start of a long string', () => {
    const text = 'x'.repeat(100_000);
    const bytes = new Uint8Array(8);
    const calls = [
      () => sumF32(text as never),
      () => sum(bytes, text as never),
      () => new SumAccumulator().add(bytes, text as never),
      () => createReduction('f32', [text as never]),
    ];
    for (const call of calls)
      assert.throws(call, ({ message }: Error) => /"x{50}…"/.test(message) && message.length < 250);
  });
});

describe('the status table', () => {
  it('has one code for each status', () => {
    const codes = statusTable.flatMap((row) => row?.code ?? []);
    assert.equal(new Set(codes).size, statusTable.length - 1);
    for (const code of codes) assert.match(code, /^ERR_[A-Z_]+$/);
  });
});
