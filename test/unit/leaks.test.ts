import assert from 'node:assert/strict';

import { runChild } from '../support/child';
import { stackTitle } from '../support/runtime';

interface Found {
  readonly leaks: number;
  readonly messages: readonly {
    readonly kind: string;
    readonly label?: string;
    readonly bytes: number;
    readonly stack: string;
  }[];
  readonly warnings: readonly {
    readonly name: string;
    readonly code: string;
    readonly message: string;
    readonly detail: string;
  }[];
}

/** Runs `act` in a process of its own, with the given level; what is found to be leaked, after garbage was collected. */
function leaksOf(level: string, act: string): Found {
  const { stdout, stderr } = runChild(`
    const { subscribe } = require('node:diagnostics_channel');
    const { Arena, arenaStats, configure, withArena } = require('simd-arena');
    const messages = [];
    const warnings = [];
    subscribe('simd-arena:leak', (message) => messages.push(message));
    process.on('warning', ({ name, code, message, detail }) => {
      if (name === 'SimdArenaWarning') warnings.push({ name, code, message, detail });
    });
    const keep = [];
    configure({ leakDetection: ${JSON.stringify(level)} });
    (function act() { ${act} })();
    configure({ leakDetection: 'off' });
    (async () => {
      for (let turn = 0; turn < 20; turn++) {
        gc();
        await new Promise((resolve) => setImmediate(resolve));
      }
      console.log(JSON.stringify({ leaks: arenaStats().leaks, messages, warnings }));
    })();`);
  assert.notEqual(stdout, '', stderr);
  return JSON.parse(stdout) as Found;
}

/** Ways to leak one arena in a function named `leak`. */
const ways: Readonly<Record<string, string>> = {
  'a new Arena': `function leak() { new Arena({ label: 'lost' }); } leak();`,
  'a lease': `function leak() { Arena.lease({ label: 'lost' }); } leak();`,
  'a scope whose promise can never settle': `
    function leak() { withArena({ label: 'lost' }, async () => { await new Promise(() => {}); }); }
    leak();`,
  'an arena that only an object has whose method made it': `
    class Session { leak() { this.arena = new Arena({ label: 'lost' }); } }
    new Session().leak();`,
  'an arena that only a closure has whose function made it': `
    (function session() {
      let arena;
      (function leak() { arena = new Arena({ label: 'lost' }); })();
      return () => arena;
    })();`,
  'an arena after a reset': `
    function leak() { const arena = new Arena({ label: 'lost' }); arena.alloc(Uint8Array, 1); arena.reset(); }
    leak();`,
  'an arena after a reset under a hold that has ended': `
    function leak() {
      const arena = new Arena({ label: 'lost' });
      const hold = arena.hold();
      arena.reset();
      hold[Symbol.dispose]();
    }
    leak();`,
  'an arena that was used before': `
    new Arena({ label: 'other' }).close();
    function leak() { new Arena({ label: 'lost' }); }
    leak();`,
};

describe('a leaked arena', () => {
  for (const [what, act] of Object.entries(ways)) {
    it(`is reported with the stack of its allocation: ${what}`, () => {
      const { leaks, messages, warnings } = leaksOf('all', act);
      assert.equal(leaks, 1);
      assert.equal(messages.length, 1);
      const { kind, label, stack } = messages[0]!;
      assert.deepEqual({ kind, label }, { kind: 'arena', label: 'lost' });
      assert.match(stack, new RegExp(`^${stackTitle}\\n {4}at `));
      assert.match(stack, /^ {4}at (\S+\.)?leak \(/m);
      assert.doesNotMatch(stack, /captureStackTrace|leaks\.js/);
      assert.deepEqual(warnings, [
        {
          name: 'SimdArenaWarning',
          code: 'SIMD_ARENA_LEAK',
          message: 'An arena labelled "lost" was dropped without being closed',
          detail: stack,
        },
      ]);
    });
  }

  it('is counted at every level, and reported at none but all', () => {
    const act = 'function leak() { new Arena(); } for (let count = 0; count < 20; count++) leak();';
    for (const [level, reports] of [
      ['off', 0],
      ['all', 1],
    ] as const) {
      const { leaks, messages, warnings } = leaksOf(level, act);
      assert.deepEqual([leaks, messages.length, warnings.length], [20, reports, reports], level);
    }
    assert.equal(leaksOf('sampled', act).leaks, 20);
  });

  it('is reported once for each place, not once for all', () => {
    const { leaks, messages, warnings } = leaksOf(
      'all',
      `function here() { new Arena({ label: 'here' }); }
       function there() { new Arena(); }
       for (let count = 0; count < 30; count++) { here(); there(); }`,
    );
    assert.equal(leaks, 60);
    assert.deepEqual(messages.map(({ label }) => label ?? '').sort(), ['', 'here']);
    assert.equal(warnings.length, 2);
    assert.ok(warnings.some(({ message }) => message === 'An arena was dropped without being closed'));
  });

  it('says how much memory its chunks had', () => {
    const act = `const arena = new Arena({ initialBytes: 2 ** 17 }); arena.alloc(Uint8Array, 1);`;
    assert.equal(leaksOf('all', act).messages[0]?.bytes, 2 ** 17);
    assert.equal(leaksOf('all', 'new Arena();').messages[0]?.bytes, 0);
  });

  it('is reported at most for 1000 places', () => {
    const { leaks, messages, warnings } = leaksOf(
      'all',
      `Error.stackTraceLimit = 1;
       for (let count = 0; count < 1100; count++) new Function('Arena', '\\n'.repeat(count) + 'new Arena()')(Arena);`,
    );
    assert.deepEqual([leaks, messages.length, warnings.length], [1100, 1000, 1000]);
  });
});

describe('no leak', () => {
  for (const [what, act] of Object.entries({
    'are closed arenas': `
      for (let count = 0; count < 100; count++) { new Arena().close(); Arena.lease().close(); withArena(() => 0); }`,
    'are scopes that throw or reject': `
      for (let count = 0; count < 100; count++) {
        try { withArena(() => { throw 1; }); } catch {}
        withArena(async () => { throw 1; }).catch(() => 0);
      }`,
    'are idle arenas that are let go': `
      const arenas = Array.from({ length: 2000 }, () => new Arena());
      for (const arena of arenas) arena.close();`,
    'is an arena that somebody has': 'keep.push(new Arena());',
    'is an arena that is held, although nobody has it': 'new Arena().hold();',
  })) {
    it(what, () => {
      assert.deepEqual(leaksOf('all', act), { leaks: 0, messages: [], warnings: [] });
    });
  }
});
