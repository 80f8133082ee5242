// mocha's options under qemu, where everything takes ten times as long: what depends on the architecture most, of the tests
// that start no other process, because the system cannot run an emulated one by itself.
'use strict';

module.exports = {
  ...require('./portable.json'),
  timeout: 120_000,
  spec: [
    'build/test/unit/@(reduce-strides|reduce-types|reduction|typed-reductions|exact-sum|sum-accumulator).test.js',
    'build/test/unit/stats.test.js',
    'build/test/hostile/@(catalogue|unusual-data).test.js',
    'build/test/unit/@(arena-copies|arena-growth|scope|stale-views|pool|pool-allocator|pool-stale).test.js',
  ],
};
