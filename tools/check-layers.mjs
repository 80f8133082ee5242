// Rejects every C++ include and TypeScript import that goes against the arrows between the layers:
//
//   lib  ->  bindings  ->  { ops, expr, memory }  ->  { kernels, parallel }  ->  base
//
// A file may use its own folder and every folder that the arrows lead to. Beyond that:
//   - only bindings/ may include Node's headers
//   - a unit of one instruction set may include only the shared bodies, the kernel tables and what emits no code,
//     or the linker could pick a function compiled for that instruction set for all callers
//   - lib/ imports nothing but node:*, itself and package.json; load.ts, which loads the addon, is for native.ts alone
//
//   node tools/check-layers.mjs [root]
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, sep } from 'node:path';
import ts from 'typescript';

const root = process.argv[2] ?? dirname(import.meta.dirname);

const below = {
  base: [],
  kernels: ['base'],
  parallel: ['base'],
  memory: ['kernels', 'parallel', 'base'],
  ops: ['kernels', 'parallel', 'base'],
  expr: ['kernels', 'parallel', 'base'],
  bindings: ['ops', 'expr', 'memory', 'kernels', 'parallel', 'base'],
};
const nodeHeader =
  /^(node\/.*|napi(-inl)?\.h|(js_native|node)_api(_types)?\.h|node(_buffer|_object_wrap|_version)?\.h|uv\.h|v8.*)$/;
const isaUnit = /^kernels\/(isa_\w+\.cc|\w+\.inc)$/;
const isaHeader =
  /^(kernels\/(\w+\.inc|kernel\.def|kernel_table\.h|isa_tables\.h)|\w*mmintrin\.h|arm_neon\.h|cstdint|cstddef|cstring)$/;

/** Why `file` (below native/) may not include `header`, or undefined. */
function includeFault(file, header, isQuoted) {
  const layer = file.split('/')[0];
  if (header.split('/').includes('..')) return 'write the path from native/, without ..';
  if (isaUnit.test(file) && !isaHeader.test(header)) return 'not allowed in a unit of one instruction set';
  if (nodeHeader.test(header)) return layer === 'bindings' ? undefined : 'Node headers are for bindings/ only';
  const target = header.split('/')[0];
  if (!isQuoted && !(target in below && header.includes('/'))) return undefined;
  if (!(target in below)) return 'write the path from native/, as in "base/status.h"';
  if (target !== layer && !below[layer]?.includes(target)) return `${layer}/ may not use ${target}/`;
  return undefined;
}

function* nativeFaults(file) {
  if (!(file.split('/')[0] in below)) yield `native/${file}:1: not in the folder of a layer`;
  const text = readFileSync(join(root, 'native', file), 'utf8');
  for (const [index, line] of text.split('\n').entries()) {
    const directive = /^\s*#\s*(?:include|import|include_next)\b\s*(.*)$/.exec(line);
    if (!directive) continue;
    const [, open, header] = /^([<"])([^>"]+)[>"]/.exec(directive[1]) ?? [];
    const fault = header ? includeFault(file, header, open === '"') : 'includes by macro cannot be checked';
    if (fault) yield `native/${file}:${index + 1}: ${directive[1]}: ${fault}`;
  }
}

/** Why `file` (below lib/) may not import `specifier`, or undefined. */
function importFault(file, specifier) {
  if (specifier.startsWith('node:')) return undefined;
  if (!specifier.startsWith('.')) return 'lib/ imports only node:* and itself';
  if (specifier.endsWith('.node')) return file === 'internal/load.ts' ? undefined : 'only load.ts loads the addon';
  const target = posix.join(posix.dirname(file), specifier);
  if (target.startsWith('..') && target !== '../package.json') return 'outside lib/';
  if (/^internal\/load(\.js)?$/.test(target) && file !== 'internal/native.ts')
    return 'only native.ts may import load.ts';
  return undefined;
}

function* libFaults(file) {
  const text = readFileSync(join(root, 'lib', file), 'utf8');
  for (const { fileName, pos } of ts.preProcessFile(text, true, true).importedFiles) {
    const fault = importFault(file, fileName);
    if (fault) yield `lib/${file}:${text.slice(0, pos).split('\n').length}: '${fileName}': ${fault}`;
  }
}

/** The files below `folder` whose names match, relative to it, with forward slashes. */
function filesIn(folder, pattern) {
  return readdirSync(join(root, folder), { recursive: true })
    .map((file) => file.split(sep).join('/'))
    .filter((file) => pattern.test(file))
    .sort();
}

const faults = [
  ...filesIn('native', /^(?!build\/).*\.(cc|h|inc|def)$/).flatMap((file) => [...nativeFaults(file)]),
  ...filesIn('lib', /\.m?ts$/).flatMap((file) => [...libFaults(file)]),
];
for (const fault of faults) console.error(fault);
process.exit(faults.length > 0 ? 1 : 0);
