// Runs the benchmarks: `node bench/run.mjs [--short] [--only <name>]… [--json] [--markdown]`. bench/README.md explains.
import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, release } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { runtimeInfo } from 'simd-arena';

import { findNumpy } from '../tools/find-numpy.mjs';
import { formatMarkdown, formatText, tableOf } from './lib/report.mjs';
import { suites } from './suites/index.mjs';

const efforts = {
  full: { warmUpSeconds: 0.06, rounds: 7, seconds: 0.005, samples: 5, isShort: false },
  short: { warmUpSeconds: 0.002, rounds: 1, seconds: 0.001, samples: 2, isShort: true },
};

const { values: options } = parseArgs({
  options: {
    short: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true, default: [] },
    json: { type: 'boolean', default: false },
    markdown: { type: 'boolean', default: false },
  },
});
const effort = options.short ? efforts.short : efforts.full;
/** Peers that need processes of their own take turns, too. */
const isolatedRounds = options.short ? 1 : 3;

const runFile = promisify(execFile);
const cellProgram = fileURLToPath(new URL('lib/cell.mjs', import.meta.url));
const resultsFolder = new URL('results/', import.meta.url);

/**
 * @param {string} suite
 * @param {string} cell
 * @param {string} [only]
 * @returns {Promise<import('./suites/index.mjs').Result>}
 */
async function runProcess(suite, cell, only) {
  const args = [cellProgram, suite, cell, JSON.stringify({ ...effort, only })];
  const { stdout } = await runFile(process.execPath, args, { maxBuffer: 2 ** 26 });
  return JSON.parse(stdout);
}

/** @param {import('./suites/index.mjs').OwnCell | import('./suites/index.mjs').RaceCell} cell */
const namesOf = ({ peerNames, shortNames = peerNames }) => (options.short ? shortNames : peerNames);

/**
 * @param {string} suiteName
 * @param {import('./suites/index.mjs').Cell} cell
 */
async function runCell(suiteName, cell) {
  if (!cell.isolated) return runProcess(suiteName, cell.name);
  const names = 'peerNames' in cell ? namesOf(cell) : cell.peers().map(({ name }) => name);
  /** @type {import('./suites/index.mjs').Result} */
  const result = {};
  for (let round = 0; round < isolatedRounds; round++) {
    for (const name of names) {
      const { [name]: metrics } = await runProcess(suiteName, cell.name, name);
      result[name] ??= {};
      for (const [metric, samples] of Object.entries(metrics)) (result[name][metric] ??= []).push(...samples);
    }
  }
  return result;
}

/**
 * The names of --only are suites, cells, or beginnings of cells: `reductions`, `sumF32`, `pool-1KiB`.
 *
 * @param {string} suiteName
 * @param {import('./suites/index.mjs').Cell} cell
 */
function isWanted(suiteName, { name, isLong }) {
  if (options.short && isLong) return false;
  return options.only.length === 0 || options.only.some((only) => only === suiteName || name.startsWith(only));
}

function describeMachine() {
  const { version, isa, backend } = runtimeInfo();
  return {
    package: `simd-arena ${version}`,
    node: `Node.js ${process.version}`,
    cpu: `${cpus()[0].model.trim()}, ${cpus().length} logical cores`,
    system: `${process.platform} ${release()} ${process.arch}`,
    kernels: isa,
    memory: backend,
    numpy: findNumpy()?.version ?? 'absent',
    load: loadavg()[0].toFixed(1),
  };
}

const machine = describeMachine();
const machineText =
  `${machine.package}, ${machine.node}, ${machine.cpu}, ${machine.system}; ` +
  `${machine.kernels} kernels, ${machine.memory} memory; numpy ${machine.numpy}; load average at the start ${machine.load}`;
/**
 * Whether the rows of a table are compared with its first.
 *
 * @param {import('./suites/index.mjs').Cell} cell
 */
const hasRatios = (cell) => 'peers' in cell || ('columns' in cell && cell.columns.some(({ hasRatio }) => hasRatio));
const legend =
  'median: of all samples, garbage collection included. spread: half the distance between the quartiles. ' +
  'ratio: to the first row; above 1 it is slower than that.';

const print = options.json ? () => {} : console.log;
print(`${machineText}\n`);
if (options.short)
  print('A short run shows that everything runs. Its figures mean nothing: V8 has hardly warmed up.\n');

/** @type {Record<string, Record<string, import('./suites/index.mjs').Result>>} */
const results = {};
for (const [suiteName, suite] of Object.entries(suites)) {
  const cells = suite.cells.filter((cell) => isWanted(suiteName, cell));
  if (cells.length === 0) continue;
  const notes = cells.some(hasRatios) ? [...suite.notes, legend] : suite.notes;
  print(`=== ${suite.title}\n${notes.join('\n')}\n`);
  let markdown = `# ${suite.title}\n\n${machineText}.\n\n${notes.join('\n\n')}\n`;
  results[suiteName] = {};
  for (const cell of cells) {
    const result = await runCell(suiteName, cell);
    const table = tableOf(cell, result);
    results[suiteName][cell.name] = result;
    print(formatText(cell.title, table));
    markdown += `\n${formatMarkdown(cell.title, table)}`;
  }
  if (options.markdown) {
    mkdirSync(resultsFolder, { recursive: true });
    const major = process.versions.node.split('.')[0];
    writeFileSync(new URL(`${suiteName}-node${major}.md`, resultsFolder), markdown);
  }
}

if (Object.keys(results).length === 0) {
  console.error(`Nothing is called ${options.only.join(', ')}.`);
  process.exitCode = 1;
}
if (options.json) console.log(JSON.stringify({ machine, results }, undefined, 1));
