// The rows of arenas and scopes.
import assert from 'node:assert/strict';
import { isDataView } from 'node:util/types';

import { maxChunkBytes } from '#internal/native';
import { Arena } from 'simd-arena';

import { floatBytes, floats, hostileData } from '../support/hostile-data';
import { allocation, checkFloats, checkZeros, closedStream, opensArenas, threeFloats } from './allocation';
import { nothing, parameter, type Member, type Row, type Subject } from './outcome';
import {
  anyData,
  awaited,
  callbacks,
  choices,
  fail,
  failure,
  integers,
  options,
  row,
  rows,
  strings,
  type Act,
} from './values';

/** Asserts that an arena works, and closes it. */
function checkArena(arena: unknown): void {
  using open = arena as Arena;
  assert.deepEqual([...open.alloc(Uint8Array, 3)], [0, 0, 0]);
}

function arenaOptions(accepted: string[] = []): Row[] {
  const anyNumber = rows([64, 2 ** 32 + 5, Number.MAX_SAFE_INTEGER], 'right');
  return options(
    {
      label: strings,
      initialBytes: integers(maxChunkBytes),
      maxBytes: [...integers(undefined, 0, [Infinity]), ...anyNumber],
      retainBytes: [...integers(), ...anyNumber],
      staleViews: choices('revoke'),
    },
    { prefix: 'options.', acts: [opensArenas], accepted },
  );
}

const asArena = (self: unknown): Arena => self as Arena;

const arenas: Subject = {
  make: () => {
    const arena = new Arena({ label: 'hostile', maxBytes: 2 ** 20 });
    arena.alloc(Uint8Array, 100).fill(7);
    return arena;
  },
  state: (self) => asArena(self).stats(),
  end: (self) => asArena(self).close(),
  closed: 'ERR_ARENA_CLOSED',
};

const arenaActs: readonly Act[] = [
  { what: 'resets the arena', act: (_, self) => asArena(self).reset(), outcome: 'right' },
  { what: 'fills the arena', act: (_, self) => asArena(self).alloc(Uint8Array, 300_000).fill(7), outcome: 'right' },
  {
    what: 'resets the arena under a hold',
    act: (_, self) => {
      const hold = asArena(self).hold();
      asArena(self).reset();
      hold[Symbol.dispose]();
    },
    outcome: 'right',
  },
  opensArenas,
  { what: 'closes the arena', act: (_, self) => asArena(self).close(), outcome: 'ERR_ARENA_CLOSED', closes: true },
];

const typedArrayPrototype = Object.getPrototypeOf(Uint8Array.prototype) as object;

/** What a view really is, whatever it says. */
function intrinsic(view: unknown, key: 'byteLength' | typeof Symbol.toStringTag): unknown {
  const prototype = isDataView(view) ? DataView.prototype : typedArrayPrototype;
  return Reflect.get(prototype, key, view);
}

/** The class of a copy. */
function copyClass(view: unknown): object {
  if (Buffer.isBuffer(view)) return Buffer;
  const name = isDataView(view) ? 'DataView' : (intrinsic(view, Symbol.toStringTag) as string);
  return (globalThis as unknown as Record<string, object>)[name]!;
}

/** Asserts that a copy is a view of that class, and has these bytes. */
function checkCopy(copy: unknown, type: object, bytes: Uint8Array): void {
  assert.equal(Object.getPrototypeOf(copy), Reflect.get(type, 'prototype'));
  const { buffer, byteOffset, byteLength } = copy as ArrayBufferView;
  assert.deepEqual(new Uint8Array(buffer, byteOffset, byteLength), Uint8Array.from(bytes));
}

const copies = (column: 'copiedIn' | 'copiedOut'): Row[] =>
  hostileData.map(({ what, make, reduced, ...row }) => {
    const outcome = row[column];
    if (outcome !== 'copied') return { what, make, outcome };
    const view = make();
    // What spells no floats is full of zeros.
    const spells = reduced === 'f32' || reduced === 'raw';
    const bytes = spells ? floatBytes : new Uint8Array(intrinsic(view, 'byteLength') as number);
    return { what, make, outcome: (copy): void => checkCopy(copy, copyClass(view), bytes) };
  });

/** Asserts what becomes of the floats, which the copy does not share. */
function checkCopyOfFloats(copy: unknown, view: unknown): void {
  checkCopy(copy, Float32Array, floatBytes);
  assert.notEqual((copy as Float32Array).buffer, (view as Float32Array).buffer);
}

/** Past the 31 bits of the fast path, and past 32, where a wrapped length would be small. */
const beyondMaxBytes = [2 ** 28, 2 ** 31, 2 ** 32 + 5, 2 ** 40 + 1];

const methods: readonly Member[] = [
  {
    name: 'Arena#alloc',
    parameters: allocation('ERR_ARENA_LIMIT', arenaActs, ...beyondMaxBytes),
    args: threeFloats,
    check: checkZeros,
    changes: true,
  },
  {
    name: 'Arena#allocUnsafe',
    parameters: allocation('ERR_ARENA_LIMIT', arenaActs, ...beyondMaxBytes),
    args: threeFloats,
    check: checkFloats,
    changes: true,
  },
  {
    name: 'Arena#copyIn',
    parameters: [parameter('view', copies('copiedIn'))],
    args: () => [Float32Array.from(floats)],
    check: (copy, self, [view]) => {
      checkCopyOfFloats(copy, view);
      assert.ok(asArena(self).owns(copy as Float32Array));
    },
    changes: true,
  },
  {
    name: 'Arena#copyOut',
    parameters: [parameter('view', copies('copiedOut'))],
    args: () => [Float32Array.from(floats)],
    check: (copy, _, [view]) => checkCopyOfFloats(copy, view),
  },
  {
    name: 'Arena#owns',
    parameters: [parameter('view', anyData(false))],
    args: (self) => [asArena(self).alloc(Buffer, 3)],
    check: (owns) => assert.equal(owns, true),
  },
  {
    name: 'Arena#free',
    parameters: [parameter('view', anyData(undefined))],
    args: () => [new Uint8Array(3)],
    check: nothing,
  },
  { name: 'Arena#reset', parameters: [], args: () => [], check: nothing },
  { name: 'Arena#close', parameters: [], args: () => [], check: nothing },
  { name: 'Arena#[Symbol.dispose]', parameters: [], args: () => [], check: nothing, delegates: true },
  {
    name: 'Arena#hold',
    parameters: [],
    args: () => [],
    check: (hold) => (hold as Disposable)[Symbol.dispose](),
  },
  {
    name: 'Arena#waitUntil',
    parameters: [parameter('promise', [...awaited('then'), row('a thenable that throws', { then: fail }, 'right')])],
    args: () => [Promise.resolve()],
    check: nothing,
    changes: true,
  },
  {
    name: 'Arena#closeAfter',
    parameters: [
      parameter('stream', [...awaited('once'), row('a stream that throws', { once: fail }, { throws: failure })]),
    ],
    args: () => [closedStream()],
    check: (result, self) => assert.equal(result, self),
  },
  {
    name: 'Arena#stats',
    parameters: [],
    args: () => [],
    check: (stats) => assert.equal((stats as { label: string }).label, 'hostile'),
  },
];

const scopeMembers: readonly Member[] = [
  {
    name: 'Arena',
    parameters: [parameter('options', arenaOptions())],
    args: () => [{}],
    check: checkArena,
  },
  {
    name: 'Arena.lease',
    parameters: [parameter('options', arenaOptions())],
    args: () => [{}],
    check: checkArena,
  },
  {
    name: 'withArena',
    parameters: [
      // A function there is the one to run.
      parameter('options', arenaOptions(['function'])),
      parameter(
        'fn',
        callbacks.filter(({ what }) => what !== 'a class'),
      ),
    ],
    args: () => [{}, (arena: Arena) => arena.alloc(Uint8Array, 3).length],
    check: (length) => assert.equal(length, 3),
  },
  { name: 'Hold#[Symbol.dispose]', parameters: [], args: () => [], check: nothing },
];

/** A hold on an arena that is closed, and lives as long as the hold. */
function makeHold(): Disposable {
  using arena = new Arena();
  return arena.hold();
}

using firstHold = makeHold();
const holdPrototype = Object.getPrototypeOf(firstHold) as Disposable;
const holds: Subject = {
  make: makeHold,
  state: () => undefined,
  end: (self) => holdPrototype[Symbol.dispose].call(self),
};

/** The rows of arenas and scopes. */
export const arenaMembers: readonly Member[] = [...scopeMembers, ...methods];

/** The receivers of methods, by the class. */
export const arenaSubjects: Readonly<Record<string, Subject>> = { Arena: arenas, Hold: holds };

/** The class of holds. */
export const holdClass: object = firstHold.constructor;
