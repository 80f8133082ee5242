// Writes lib/internal/tables.ts from the .def tables of native/, so that C++ and TypeScript never disagree.
//
//   node tools/generate-tables.mjs           writes the file
//   node tools/generate-tables.mjs --check   fails when the file on disk differs
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { format, resolveConfig } from 'prettier';

const root = dirname(import.meta.dirname);
const outputPath = join(root, 'lib/internal/tables.ts');

/**
 * The rows of one .def file: an array of argument lists, strings unquoted.
 * A line that is neither a row, a comment nor blank is an error, so that no row gets lost.
 */
function readRows(path, macro, columns) {
  const rows = [];
  const lines = readFileSync(join(root, path), 'utf8').split('\n');
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '' || line.startsWith('//')) continue;
    const call = /^(\w+)\((.*)\)$/.exec(line);
    const cells = call?.[2].match(/"(?:[^"\\]|\\.)*"|[^\s,"][^,"]*/g) ?? [];
    if (call?.[1] !== macro || cells.length !== columns.length) {
      throw new Error(`${path}:${index + 1}: expected ${macro}(${columns.join(', ')}) on one line`);
    }
    rows.push(cells.map((cell) => (cell.startsWith('"') ? JSON.parse(cell) : cell)));
  }
  return rows;
}

/** A const enum: the compiler writes its members as plain numbers. */
function constEnum(purpose, name, members) {
  const lines = members.map(([member, value, comment]) => `/** ${comment}. */\n${member} = ${value},`);
  return `/** ${purpose} */\nexport const enum ${name} {\n${lines.join('\n')}\n}\n`;
}

function statusTable(path) {
  const rows = readRows(path, 'STATUS', ['name', 'code', 'kind', 'message']);
  return `
    ${constEnum(
      'An outcome of the native core that is an error.',
      'Status',
      rows.map(([name, , , message], index) => [name, index + 1, message]),
    )}
    /** What each Status means, by value; 0 is success. */
    export const statusTable = [
      null,
      ${rows.map(([, code, kind, message]) => JSON.stringify({ code, kind, message })).join(',\n')}
    ] as const;

    /** The stable \`code\` of every error that this package throws. */
    export type ErrorCode =
      ${rows.map(([, code, , message]) => `/** ${message}. */\n| '${code}'`).join('\n')};
  `;
}

function elementTypes(path) {
  const rows = readRows(path, 'ELEMENT_TYPE', ['name', 'label', 'size']);
  return `
    /** Label and bytes of one element of each element type, by native ElementType value. */
    export const elementTypes = [
      ${rows.map(([, label, size]) => `{ label: '${label}', size: ${size} }`).join(',\n')}
    ] as const;

    /** The name of an element type, as in \`sum(data, 'f32')\`. */
    export type ElementType = (typeof elementTypes)[number]['label'];
  `;
}

function reduceOps(path) {
  const rows = readRows(path, 'REDUCE_OP', ['name', 'label']);
  return `
    /** The name of each reduction, by native ReduceOp value. */
    export const reduceOps = [${rows.map(([, label]) => `'${label}'`).join(', ')}] as const;

    /** The name of a reduction. */
    export type ReduceOp = (typeof reduceOps)[number];
  `;
}

function arenaState(path) {
  const rows = readRows(path, 'ARENA_STATE', ['name', 'comment']);
  return constEnum(
    'Slots of the state array that an arena shares with the native core.',
    'ArenaState',
    rows.map(([name, comment], index) => [name, index, comment]),
  );
}

function memoryStats(path) {
  const rows = readRows(path, 'MEMORY_STAT', ['name', 'comment']);
  return `
    ${constEnum(
      'Slots of the array that the native core fills with statistics.',
      'MemoryStat',
      rows.map(([name, comment], index) => [name, index, comment]),
    )}
    /** The name of each statistic, by MemoryStat value. */
    export const memoryStatNames = [${rows.map(([name]) => `'${name}'`).join(', ')}] as const;

    /** Statistics of the arenas of one thread, or of all threads of the process. */
    export interface ThreadArenaStats {
      ${rows.map(([name, comment]) => `/** ${comment}. */\nreadonly ${name}: number;`).join('\n')}
    }
  `;
}

/** The value of a constexpr integer in a header. */
function readConstant(path, name) {
  const match = new RegExp(`constexpr .* ${name} = (\\d+);`).exec(readFileSync(join(root, path), 'utf8'));
  if (match === null) throw new Error(`${path}: expected an integer ${name}`);
  return Number(match[1]);
}

const sizeClassHeader = 'native/memory/size_class.h';

function sizeClasses(path) {
  const count = readConstant(path, 'kSizeClasses');
  const minShift = readConstant(path, 'kMinClassShift');
  return constEnum('The size classes of pooled buffers: powers of two.', 'SizeClass', [
    ['Count', count, 'Number of classes; as a class, that of larger requests, which are never pooled'],
    ['MinShift', minShift, 'The base-2 logarithm of `MinBytes`'],
    ['MinBytes', 2 ** minShift, 'Bytes of class 0'],
    ['MaxBytes', 2 ** (minShift + count - 1), 'Bytes of the last class'],
  ]);
}

function poolStats(path) {
  const rows = readRows(path, 'POOL_STAT', ['name', 'comment']);
  return `
    ${constEnum(
      'Counters at the start of the state that a pool shares with the native core, as doubles.',
      'PoolCounter',
      rows.map(([name, comment], index) => [name, index, comment]),
    )}
    /** The name of each counter, by PoolCounter value. */
    export const poolCounterNames = [${rows.map(([name]) => `'${name}'`).join(', ')}] as const;
  `;
}

function poolState(path) {
  const rows = readRows(path, 'POOL_WORD', ['name', 'comment']);
  const counters = readRows('native/memory/pool_stats.def', 'POOL_STAT', ['name', 'comment']).length;
  const buckets = 2 * counters; // a double is two words
  const fresh = buckets + (readConstant(sizeClassHeader, 'kSizeClasses') + 1) * rows.length;
  return constEnum(
    'Words of the state that a pool shares with the native core: offsets within a bucket, then of its parts.',
    'PoolWord',
    [
      ...rows.map(([name, comment], index) => [name, index, comment]),
      ['perBucket', rows.length, 'Words of each bucket'],
      ['buckets', buckets, 'The bucket of size class 0; those of the other classes and of large buffers follow'],
      ['fresh', fresh, '1 if the memory of the slot made last still is zero'],
      ['stacks', fresh + 1, 'The stack of size class 0; those of the other classes follow'],
    ],
  );
}

const renderers = {
  'native/base/status.def': statusTable,
  'native/base/element_type.def': elementTypes,
  'native/ops/reduce_op.def': reduceOps,
  'native/memory/arena_state.def': arenaState,
  'native/memory/memory_stats.def': memoryStats,
  [sizeClassHeader]: sizeClasses,
  'native/memory/pool_stats.def': poolStats,
  'native/memory/pool_state.def': poolState,
};
const sections = Object.entries(renderers)
  .filter(([path]) => existsSync(join(root, path)))
  .map(([path, render]) => render(path));
const source = `
  // Generated by tools/generate-tables.mjs from the .def tables of native/.
  // Do not edit: change a table and run \`npm run generate\`.

  ${sections.join('\n')}
`;
const output = await format(source, { ...(await resolveConfig(outputPath)), filepath: outputPath });

if (!process.argv.includes('--check')) {
  writeFileSync(outputPath, output);
} else if (!existsSync(outputPath) || readFileSync(outputPath, 'utf8') !== output) {
  console.error('lib/internal/tables.ts does not match the .def tables of native/: run `npm run generate`.');
  process.exit(1);
}
