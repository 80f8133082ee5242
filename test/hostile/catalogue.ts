// The suite over a surface: every member with every hostile value at every position, and with whatever else can be done to
// a call. After each, the state must be as before, and a valid call give the right result.
import assert from 'node:assert/strict';

import { arenaStats, runtimeInfo } from 'simd-arena';

import { collectTwice, collectUntil } from '../support/runtime';
import { assertOutcome, type Member, type Outcome, type Row, type Subject } from './outcome';
import type { AnyFunction, Found } from './reflection';
import { fail, failure, revokedProxy } from './values';

/** A member as it was found, with its row. */
interface Callee extends Member {
  readonly found: Found;
  readonly subject: Subject;
}

const noSubject: Subject = { make: () => ({}), state: () => undefined };

function calleeOf(found: Found, member: Member, subjects: Readonly<Record<string, Subject>>): Callee {
  return { ...member, found, subject: subjects[found.owner] ?? noSubject };
}

function invoke({ found }: Callee, self: unknown, args: readonly unknown[]): unknown {
  const value = found.value as AnyFunction;
  return found.kind === 'constructor' ? Reflect.construct(value, args) : Reflect.apply(value, self, args);
}

/** What every call must leave as it was: in this thread, and in the process. */
function threadState(): unknown {
  const { used, openScopes, held, leaks, chunksLost, escapes, staleWrites } = arenaStats();
  return { used, openScopes, held, leaks, chunksLost, escapes, staleWrites, ...runtimeInfo() };
}

/** Runs `run` with a receiver of its own, which is closed at the end; asserts that it leaves nothing behind. */
async function withReceiver({ subject }: Callee, run: (self: unknown) => void): Promise<void> {
  const before = threadState();
  const self = subject.make();
  run(self);
  subject.end?.(self);
  // What waits for a promise that has settled ends within a few jobs.
  for (let job = 0; job < 5; job++) await Promise.resolve();
  assert.deepEqual(threadState(), before);
}

/** Asserts that a valid call does what it should, whatever `others` are passed as well. */
function assertWorks(callee: Callee, self: unknown, ...others: unknown[]): void {
  const args = callee.args(self);
  const check = (result: unknown): void => callee.check(result, self, args);
  assertOutcome(() => invoke(callee, self, [...args, ...others]), callee.valid ?? 'right', { self, check });
}

/** Asserts what a call with one hostile argument does. */
async function assertHostile(callee: Callee, position: number, name: string, row: Row): Promise<void> {
  await withReceiver(callee, (self) => {
    const args = callee.args(self);
    const before = callee.subject.state(self);
    const value = row.make(args, self);
    const hostile = args.map((valid, index) => (index === position ? value : valid));
    const check = (result: unknown): void => callee.check(result, self, args);
    const call = { self, check, names: row.names ?? name };
    const returned = assertOutcome(() => invoke(callee, self, hostile), row.outcome, call);
    if (row.closes === true) return;
    const mayChange = returned && (row.changes ?? callee.changes ?? false);
    if (!mayChange) assert.deepEqual(callee.subject.state(self), before, 'changed');
    assertWorks(callee, self);
  });
}

function declarePositions(callee: Callee): void {
  for (const [position, { name, rows }] of callee.parameters.entries()) {
    it(`argument ${position}, ${name || 'any'}: ${rows.length} values`, async () => {
      for (const row of rows) {
        await assertHostile(callee, position, name, row).catch((error: unknown) => {
          (error as Error).message = `${row.what}: ${(error as Error).message}`;
          throw error;
        });
      }
    });
  }
}

/** What a call does without the arguments from `position` on: what it does where the ones that it needs are undefined. */
function outcomeWithout({ parameters }: Callee, position: number): { outcome: Outcome; names: string } {
  const missing = parameters.slice(position).flatMap(({ name, rows }) => {
    const { outcome = 'right', names = name } = rows.find(({ what }) => what === 'undefined') ?? {};
    return outcome === 'right' ? [] : [{ outcome, names }];
  });
  const [first = { outcome: 'right', names: '' }, ...others] = missing;
  // Where several are missing, any of them may be the first one to be looked at.
  return others.every(({ outcome }) => outcome === first.outcome) ? first : { outcome: 'any', names: '' };
}

function declareCounts(callee: Callee): void {
  it('too few arguments, and too many', async () => {
    for (const position of callee.parameters.keys()) {
      await withReceiver(callee, (self) => {
        const args = callee.args(self);
        const { outcome, names } = outcomeWithout(callee, position);
        const check = (result: unknown): void => callee.check(result, self, args);
        assertOutcome(() => invoke(callee, self, args.slice(0, position)), outcome, { self, check, names });
      });
    }
    await withReceiver(callee, (self) => assertWorks(callee, self, fail, Symbol('one too many'), null));
  });
}

/** A function does not look at what it is called on. */
function declareFunction(callee: Callee): void {
  it('receivers of any kind', () => {
    for (const receiver of [null, 4, {}, callee.found.value, revokedProxy({})]) assertWorks(callee, receiver);
  });
}

/** Asserts that a method refuses what is no instance of its class, and changes neither it nor the one that it looks like. */
function assertRefuses(callee: Callee, self: unknown, receivers: readonly unknown[]): void {
  const args = callee.args(self);
  const before = callee.subject.state(self);
  for (const receiver of receivers) {
    const call = (): unknown => invoke(callee, receiver, args);
    assertOutcome(call, { throws: TypeError, mayReturn: callee.delegates === true });
  }
  assert.deepEqual(callee.subject.state(self), before);
}

function declareReceivers(callee: Callee, subjects: readonly Subject[]): void {
  it('receivers of other kinds', async () => {
    await withReceiver(callee, (self) => {
      const prototype = Object.getPrototypeOf(self) as object;
      const like: unknown[] = [
        Object.create(self as object),
        Object.create(prototype),
        new Proxy(self as object, {}),
        prototype,
      ];
      assertRefuses(callee, self, [undefined, null, 4, {}, callee.found.value, Buffer.alloc(1), ...like]);
      for (const { make, end } of subjects) {
        const other = make();
        if (Object.getPrototypeOf(other) !== prototype) assertRefuses(callee, self, [other]);
        end?.(other);
      }
      assertWorks(callee, self);
    });
  });

  it('a receiver that is frozen', async () => {
    await withReceiver(callee, (self) => assertWorks(callee, Object.freeze(self)));
  });

  if (callee.valid !== undefined) return;
  it('a receiver that overrides everything', async () => {
    await withReceiver(callee, (self) => {
      const args = callee.args(self);
      const keys = Reflect.ownKeys(Object.getPrototypeOf(self) as object);
      for (const key of keys) Object.defineProperty(self, key, { value: fail, configurable: true });
      let result: unknown;
      try {
        result = invoke(callee, self, args);
      } catch (error) {
        assert.equal(error, failure);
        return;
      } finally {
        for (const key of keys) Reflect.deleteProperty(self as object, key);
      }
      callee.check(result, self, args);
    });
  });
}

function declareConstructor(callee: Callee): void {
  const type = callee.found.value as new (...args: readonly unknown[]) => object;
  it('without new, and as the base of another class', () => {
    const args = callee.args({});
    assertOutcome(() => Reflect.apply(type as unknown as AnyFunction, undefined, args), { throws: TypeError });
    class Derived extends type {}
    const made = new Derived(...args);
    assert.ok(made instanceof Derived);
    callee.check(made, {}, args);
  });
}

function declareClosed(callee: Callee): void {
  const { subject, found } = callee;
  it('after close', async () => {
    await withReceiver(callee, (self) => {
      const args = callee.args(self);
      subject.end!(self);
      const isIdempotent = /#(close|\[Symbol\.dispose\])$/.test(found.name);
      assertOutcome(() => invoke(callee, self, args), isIdempotent ? 'right' : subject.closed!);
    });
  });
}

/** Declares the suite; `found` are the members by reflection, `members` the rows, `subjects` the receivers. */
export function declareCatalogue(
  found: readonly Found[],
  members: ReadonlyMap<string, Member>,
  subjects: Readonly<Record<string, Subject>>,
): void {
  before(collectTwice);

  it('has a row for every member, and no others', () => {
    assert.deepEqual(found.map(({ name }) => name).sort(), [...members.keys()].sort());
  });

  const callees = found.flatMap((member) => {
    const row = members.get(member.name);
    return row === undefined ? [] : [calleeOf(member, row, subjects)];
  });

  for (const callee of callees) {
    describe(callee.name, () => {
      declarePositions(callee);
      declareCounts(callee);
      if (callee.found.kind === 'constructor') declareConstructor(callee);
      if (callee.found.kind === 'function') declareFunction(callee);
      if (callee.found.kind !== 'method') return;
      declareReceivers(callee, Object.values(subjects));
      if (callee.subject.closed !== undefined) declareClosed(callee);
    });
  }

  it('works from a finalizer', async () => {
    let error: unknown;
    let calls = 0;
    const registry = new FinalizationRegistry(() => {
      for (const callee of callees) {
        const self = callee.subject.make();
        try {
          assertWorks(callee, self);
          callee.subject.end?.(self);
        } catch (cause) {
          error ??= new Error(callee.name, { cause });
        }
        calls += 1;
      }
    });
    (() => registry.register({}, undefined))();
    await collectUntil(() => calls > 0);
    if (error !== undefined) throw error as Error;
    assert.equal(calls, callees.length);
  });
}
