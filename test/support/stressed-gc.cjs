// Preloaded by tools/test-gc: makes sure that the flag under test stresses the garbage collector of this very process.
'use strict';

const assert = require('node:assert/strict');
const { PerformanceObserver, constants } = require('node:perf_hooks');
const { setTimeout: delay } = require('node:timers/promises');

/** Garbage that dies young: without a flag, it takes scavenges and next to no major collection. */
function makeGarbage() {
  const some = [];
  for (let count = 0; count < 1_000_000; count++) some[count % 1000] = { count, list: [count] };
  return some;
}

exports.mochaHooks = {
  async beforeAll() {
    let major = 0;
    const observer = new PerformanceObserver((list) => {
      for (const { detail } of list.getEntries()) {
        if (detail.kind === constants.NODE_PERFORMANCE_GC_MAJOR) major += 1;
      }
    });
    observer.observe({ entryTypes: ['gc'] });
    makeGarbage();
    await delay(100);
    observer.disconnect();
    assert.ok(major >= 10, `${process.execArgv.join(' ')} does nothing: ${major} major collections`);
  },
};
