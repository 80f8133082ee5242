import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

/** A file of a tree that is made for the test: its path, and one line in it. */
type SourceLine = readonly [path: string, line: string];

const rejected: readonly SourceLine[] = [
  ['lib/arena.ts', "import { addon } from './internal/load.js';"],
  ['lib/arena.ts', "const chalk = await import('chalk');"],
  ['lib/arena.ts', "export * from '../tools/clean.mjs';"],
  ['lib/internal/native.ts', "const addon = require('../../build/Release/simd_arena.node');"],
  ['native/base/status.h', '#include "memory/chunk.h"'],
  ['native/kernels/dispatch.cc', '#include "parallel/executor.h"'],
  ['native/kernels/dispatch.cc', '#include <napi.h>'],
  ['native/kernels/dispatch.cc', '#include <node/node_api.h>'],
  ['native/kernels/dispatch.cc', '#include <kernels/../memory/chunk.h>'],
  ['native/kernels/isa_avx2.cc', '#include <vector>'],
  ['native/kernels/isa_avx2.cc', '#include "base/status.h"'],
  ['native/kernels/sum_body.inc', '#include <algorithm>'],
  ['native/common/status.h', '#pragma once'],
  ['native/memory/chunk.cc', '  #  include   "ops/reduce.h"'],
  ['native/memory/chunk.cc', '#include "chunk.h"'],
  ['native/memory/chunk.cc', '#include "memory/../bindings/addon_data.h"'],
  ['native/memory/chunk.cc', '#include <node_api.h>'],
  ['native/memory/chunk.cc', '#include CHUNK_HEADER'],
  ['native/ops/reduce.cc', '#include "bindings/addon_data.h"'],
];

const accepted: readonly SourceLine[] = [
  ['lib/arena.ts', "import { types } from 'node:util';"],
  ['lib/arena.ts', "import { native } from './internal/native.js';"],
  ['lib/arena.ts', "import { version } from '../package.json';"],
  ['lib/internal/load.ts', "const addon = require('../../build/Release/simd_arena.node');"],
  ['lib/internal/native.ts', "import { addon } from './load.js';"],
  ['native/bindings/addon.cc', '#include <napi.h>'],
  ['native/bindings/addon.cc', '#include "memory/bump_arena.h"'],
  ['native/kernels/isa_avx2.cc', '#include <immintrin.h>'],
  ['native/kernels/isa_avx2.cc', '#include "kernels/sum_float_body.inc"'],
  ['native/kernels/isa_sse42.cc', '#include <nmmintrin.h>'],
  ['native/memory/chunk.cc', '#include "memory/chunk.h"'],
  ['native/memory/chunk.cc', '#include <sys/mman.h>'],
  ['native/memory/chunk.cc', '#include "base/status.h"'],
  ['native/ops/reduce.cc', '#include "kernels/dispatch.h"'],
  ['native/ops/reduce.cc', '#include "base/element_type.def"'],
];

/** Makes a tree of the lines, and returns what check-layers says about it. */
function check(lines: readonly SourceLine[]): { readonly status: number | null; readonly faults: readonly string[] } {
  const root = mkdtempSync(join(tmpdir(), 'check-layers-'));
  try {
    for (const [path, line] of lines) {
      mkdirSync(join(root, dirname(path)), { recursive: true });
      writeFileSync(join(root, path), `${line}\n`, { flag: 'a' });
    }
    const { status, stderr } = spawnSync(process.execPath, [resolve('tools/check-layers.mjs'), root], {
      encoding: 'utf8',
    });
    return { status, faults: stderr.split('\n').filter((line) => line !== '') };
  } finally {
    rmSync(root, { recursive: true });
  }
}

describe('tools/check-layers', () => {
  it('reports every line of a tree that breaks the rules', () => {
    const { status, faults } = check(rejected);
    assert.equal(status, 1);
    const reported = faults.map((fault) => /^(.*?):\d+: /.exec(fault)?.[1]);
    assert.deepEqual(reported.sort(), rejected.map(([path]) => path).sort(), faults.join('\n'));
  });

  it('accepts a tree that keeps them', () => {
    assert.deepEqual(check(accepted), { status: 0, faults: [] });
  });
});
