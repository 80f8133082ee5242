// What a scope costs: the lease of an arena, three allocations, and their release with each level of staleViews.
import { withArena } from 'simd-arena';

const memory = new ArrayBuffer(8192);

/** @param {import('simd-arena').Arena} arena */
function allocateThree(arena) {
  arena.allocUnsafe(Float32Array, 1024);
  arena.allocUnsafe(Float32Array, 64);
  return arena.allocUnsafe(Float32Array, 100).length;
}

/** Arrays go through here, so that they are made in full. */
const kept = { last: new Float32Array(0) };

function newThree() {
  kept.last = new Float32Array(1024);
  kept.last = new Float32Array(64);
  kept.last = new Float32Array(100);
  return kept.last.length;
}

function viewThree() {
  kept.last = new Float32Array(memory, 0, 1024);
  kept.last = new Float32Array(memory, 4096, 64);
  kept.last = new Float32Array(memory, 4352, 100);
  return kept.last.length;
}

const revoke = /** @type {const} */ ({ staleViews: 'revoke' });
const poison = /** @type {const} */ ({ staleViews: 'poison' });
const allow = /** @type {const} */ ({ staleViews: 'allow' });
const labelled = { label: 'request', maxBytes: 2 ** 20 };
const nothing = () => 1;

function threeAllocations() {
  return [
    { name: 'withArena (revoke, the default)', op: () => withArena(allocateThree) },
    { name: 'withArena, options { label, maxBytes }', op: () => withArena(labelled, allocateThree) },
    { name: 'withArena, poison', op: () => withArena(poison, allocateThree) },
    { name: 'withArena, allow', op: () => withArena(allow, allocateThree) },
    { name: 'three new Float32Array', op: newThree },
    { name: 'floor: three views of memory that exists', op: viewThree },
  ];
}

function emptyScope() {
  return [
    { name: 'withArena', op: () => withArena(nothing) },
    { name: 'withArena, options { staleViews }', op: () => withArena(revoke, nothing) },
    { name: 'withArena, options { label, maxBytes }', op: () => withArena(labelled, nothing) },
  ];
}

/** @returns {import('../lib/measure.mjs').Peer[]} */
function asyncScope() {
  return [
    {
      name: 'withArena, async',
      op: () => withArena(async (arena) => allocateThree(arena)),
      returns: 'promise',
    },
    {
      name: 'withArena, async, allow',
      op: () => withArena(allow, async (arena) => allocateThree(arena)),
      returns: 'promise',
    },
    { name: 'async function, three new Float32Array', op: async () => newThree(), returns: 'promise' },
    { name: 'floor: async function, three views', op: async () => viewThree(), returns: 'promise' },
  ];
}

function nestedScopes() {
  return [
    {
      name: 'withArena in withArena, an allocation in each',
      op: () =>
        withArena((outer) => {
          const view = outer.allocUnsafe(Float32Array, 1024);
          return withArena((inner) => inner.allocUnsafe(Float32Array, 1024).length) + view.length;
        }),
    },
    {
      name: 'two new Float32Array',
      op: () => {
        kept.last = new Float32Array(1024);
        const { length } = kept.last;
        kept.last = new Float32Array(1024);
        return length + kept.last.length;
      },
    },
  ];
}

const LARGE = 2 ** 21;

/** @param {import('simd-arena').ArenaOptions} options */
const largeScope = (options) => (/** @type {number} */ i) =>
  withArena(options, (arena) => arena.allocUnsafe(Float32Array, LARGE).fill(i)[i % LARGE]);

function largeArray() {
  return [
    { name: 'withArena, labelled', op: largeScope({ label: 'large' }) },
    { name: 'withArena, retainBytes of 8 MiB', op: largeScope({ retainBytes: 4 * LARGE }) },
    { name: 'withArena, no label', op: largeScope({}) },
    { name: 'new Float32Array', op: (/** @type {number} */ i) => new Float32Array(LARGE).fill(i)[i % LARGE] },
  ];
}

/**
 * On float64: what conversions to and from float32 cost depends on the registers that V8 happens to choose.
 *
 * @param {Float64Array} x
 */
function axpy(x) {
  for (let i = 0; i < x.length; i++) x[i] = x[i] * 0.999 + 1;
  return x[7];
}

/** Where the loop runs: each in a process of its own. */
const loopPlaces = {
  'where scopes have revoked views': () => {
    for (let i = 0; i < 100; i++) withArena(allocateThree);
  },
  'where no ArrayBuffer was ever detached': () => {},
};

/**
 * Times the loop without Benchmark.js, in whose functions V8 compiles it better or worse by chance.
 *
 * @param {import('../lib/measure.mjs').Effort} effort
 * @param {string} place
 */
async function timeLoop({ isShort }, place) {
  loopPlaces[/** @type {keyof typeof loopPlaces} */ (place)]();
  const short = new Float64Array(64);
  // Compiled as in a program that has called it often: from its beginning, not from the middle of a long loop.
  for (let i = 0; i < 20_000; i++) axpy(short);
  const x = Float64Array.from({ length: 1024 }, (_, i) => i);
  const nanoseconds = [];
  for (let sample = 0; sample < (isShort ? 2 : 40); sample++) {
    const start = process.hrtime.bigint();
    for (let i = 0; i < 1000; i++) axpy(x);
    nanoseconds.push(Number(process.hrtime.bigint() - start) / 1000);
  }
  return { [place]: { nanoseconds } };
}

export const suite = {
  title: 'Scopes',
  notes: [
    'Three allocations: 1024, 64 and 100 float32 elements. The last table shows what revocation costs other code: from the ' +
      'first detached ArrayBuffer on, V8 checks for it in loops over typed arrays.',
  ],
  cells: [
    { name: 'three', title: 'A scope with three allocations', peers: threeAllocations },
    { name: 'empty', title: 'An empty scope', peers: emptyScope },
    { name: 'async', title: 'An async scope with three allocations', peers: asyncScope },
    { name: 'nested', title: 'Nested scopes', peers: nestedScopes },
    { name: 'large', title: 'A scope that fills 8 MiB, an array of 2 M float32', peers: largeArray },
    {
      name: 'loop',
      title: 'A JavaScript loop x = 0.999 x + 1 over 1024 float64 elements',
      isolated: true,
      peerNames: Object.keys(loopPlaces),
      run: timeLoop,
      columns: [{ metric: 'nanoseconds', title: 'median', unit: 'ns', digits: 0, hasRatio: true }],
    },
  ],
};
