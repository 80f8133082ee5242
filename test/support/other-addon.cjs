// Loads another build of the addon, that of SIMD_ARENA_TEST_ADDON, wherever one is loaded: preloaded by tools/with-addon
// into every process and worker of a test run.
'use strict';

const { basename } = require('node:path');

const { dlopen } = process;

process.dlopen = (module, path, ...flags) =>
  dlopen(module, basename(path) === 'simd_arena.node' ? process.env.SIMD_ARENA_TEST_ADDON : path, ...flags);
