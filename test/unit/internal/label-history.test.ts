import assert from 'node:assert/strict';

import fc from 'fast-check';

import { historyOf, LabelHistory } from '#internal/label-history';

import { runChild } from '../../support/child';

const GRANULE = 64;
const MIB = 2 ** 20;

/** The 95th percentile of the last 64 needs, by nearest rank; but of 2 to 19 needs, the largest but one. */
function percentileOf(needs: readonly number[]): number {
  const recent = needs.slice(-64).sort((a, b) => a - b);
  if (recent.length > 1 && recent.length < 20) return recent[recent.length - 2]!;
  return recent[Math.ceil(0.95 * recent.length) - 1]!;
}

function historyWith(...needs: readonly number[]): LabelHistory {
  const history = new LabelHistory();
  for (const need of needs) history.add(need);
  return history;
}

describe('LabelHistory', () => {
  it('has learned nothing at first, and keeps what an arena without a label keeps', () => {
    const { learnedBytes, retainedBytes } = new LabelHistory();
    assert.deepEqual({ learnedBytes, retainedBytes }, { learnedBytes: undefined, retainedBytes: MIB });
  });

  it('learns the 95th percentile of the last 64 needs, after each of them', () => {
    const granules = fc.oneof(
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 1, max: 2 ** 32 - 1 }),
      fc.constantFrom(16, 16384, 131072),
    );
    fc.assert(
      fc.property(fc.array(granules, { minLength: 1, maxLength: 300, size: 'max' }), (needs) => {
        const history = new LabelHistory();
        needs.forEach((need, index) => {
          history.add(need);
          assert.equal(history.learnedBytes, percentileOf(needs.slice(0, index + 1)) * GRANULE, `need ${index}`);
        });
      }),
    );
  });

  it('does not follow a single large need, whether it comes first or later', () => {
    assert.equal(historyWith(1000).learnedBytes, 1000 * GRANULE);
    assert.equal(historyWith(1000, 10).learnedBytes, 10 * GRANULE);
    assert.equal(historyWith(10, 1000).learnedBytes, 10 * GRANULE);
    assert.equal(historyWith(10, 10, 10, 10, 10, 1000).learnedBytes, 10 * GRANULE);
    assert.equal(historyWith(10, 1000, 10, 1000).learnedBytes, 1000 * GRANULE);
  });

  it('does not follow 3 large needs in 64, but the 4th', () => {
    const history = historyWith(...Array<number>(64).fill(10));
    for (let count = 0; count < 3; count++) history.add(1000);
    assert.equal(history.learnedBytes, 10 * GRANULE);
    history.add(1000);
    assert.equal(history.learnedBytes, 1000 * GRANULE);
  });

  it('forgets large needs within 64 small ones', () => {
    const history = historyWith(...Array<number>(200).fill(100_000));
    let small = 0;
    for (; history.learnedBytes! > GRANULE; small++) history.add(1);
    assert.equal(small, 61);
  });

  it('keeps twice what was learned: a chunk at least, and 64 MiB at most', () => {
    assert.equal(historyWith(1).retainedBytes, 2 ** 16);
    assert.equal(historyWith((8 * MIB) / GRANULE).retainedBytes, 16 * MIB);
    assert.equal(historyWith((1024 * MIB) / GRANULE).retainedBytes, 64 * MIB);
  });
});

describe('historyOf', () => {
  it('gives one history to a label, and another to another', () => {
    assert.equal(historyOf('history one'), historyOf(['history', 'one'].join(' ')));
    assert.notEqual(historyOf('history one'), historyOf('history two'));
    assert.notEqual(historyOf(''), undefined);
  });

  it('gives none to labels past the first 1000, whose scopes are as those without a label', () => {
    const { stdout, stderr } = runChild(`
      const { Arena, withArena } = require('simd-arena');
      const learn = (label) => {
        withArena({ label }, (arena) => arena.alloc(Uint8Array, 2 ** 22).length);
        const arena = new Arena({ label });
        const { learnedBytes, capacity } = arena.stats();
        arena.close();
        return [learnedBytes, capacity];
      };
      const results = [];
      for (let index = 0; index < 1002; index++) results.push(learn('label ' + index));
      console.log(JSON.stringify([results[0], results[999], results[1000], results[1001], learn('label 7')]));`);
    assert.equal(stderr, '');
    const learned = [2 ** 22, 2 ** 22];
    const nothing = [null, 0];
    assert.deepEqual(JSON.parse(stdout), [learned, learned, nothing, nothing, learned]);
  });
});
