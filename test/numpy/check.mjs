// Compares all reductions with numpy: `npm run check:numpy`. Takes about 15 seconds.
//
// Every result must be that of exact arithmetic, but for some units in the last place; and it must be numpy's, but for the
// differences of the table, each of which must be there.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { runtimeInfo } from 'simd-arena';

import { findNumpy } from '../../tools/find-numpy.mjs';
import { describe, evaluate, makeCases } from './cases.mjs';
import { differences } from './differences.mjs';
import { decode, distance } from './values.mjs';

/** @typedef {import('./values.mjs').Value} Value */

/** Errors that are allowed, in units in the last place of float64. */
const LIMIT = 4;
/** Results that are further apart have another meaning: a float32 has half a billion of these units. */
const AGREEMENT = 1000;
const MAX_OUTPUT = 2 ** 28;
const MOST_FAULTS = 40;

/** @type {string[]} */
const faults = [];

/**
 * @typedef {object} Verdict - of numpy and of exact arithmetic; errors are null
 * @property {readonly string[] | null} numpy
 * @property {boolean} warned
 * @property {readonly string[] | null} exact
 * @property {string} scale
 *
 * @param {string} python
 * @param {readonly import('./cases.mjs').Case[]} cases
 * @returns {Verdict[]}
 */
function askNumpy(python, cases) {
  const inputs = [...new Set(cases.map(({ input }) => input))];
  const positions = new Map(inputs.map((input, position) => [input, position]));
  const request = {
    inputs: inputs.map(({ type, data }) => [type, data.length]),
    cases: cases.map(({ op, input, ddof = 0, layout = null }) => [op, positions.get(input), ddof, layout]),
  };
  const { status, error, stdout } = spawnSync(python, [fileURLToPath(new URL('oracle.py', import.meta.url))], {
    input: Buffer.concat([Buffer.from(`${JSON.stringify(request)}\n`), ...inputs.map(({ data }) => data)]),
    maxBuffer: MAX_OUTPUT,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  if (error || status !== 0) throw error ?? new Error(`${python} ended with status ${status}`);
  return JSON.parse(stdout.toString());
}

/**
 * The greatest distance between results, which may be errors.
 *
 * @param {readonly Value[] | undefined} here
 * @param {readonly Value[] | undefined} there
 * @param {number} scale
 */
function distanceOfAll(here, there, scale) {
  if (here === undefined || there === undefined) return here === there ? 0 : Infinity;
  return Math.max(...here.map((value, index) => distance(value, there[index], scale)));
}

/** @param {readonly string[] | null} texts */
const decodeAll = (texts) => texts?.map(decode);

/** @param {readonly Value[] | undefined} values */
const show = (values) => values?.map((value) => (Object.is(value, -0) ? '-0' : `${value}`)).join(', ') ?? 'an error';

/** The differences, each with the operations and types for which it has not been seen yet. */
const expected = differences.map((difference) => ({
  ...difference,
  unseen: new Set(difference.ops.flatMap((op) => difference.types.map((type) => `${op} of ${type}`))),
}));

/**
 * Notes that a difference was seen, if the table has it.
 *
 * @param {import('./cases.mjs').Case} of
 */
function isExpected(of) {
  const { op, input } = of;
  const rows = expected.filter(({ ops, types, where }) => ops.includes(op) && types.includes(input.type) && where(of));
  for (const { unseen } of rows) unseen.delete(`${op} of ${input.type}`);
  return rows.length > 0;
}

/**
 * @param {readonly import('./cases.mjs').Case[]} cases
 * @param {readonly Verdict[]} verdicts
 * @returns the largest error of each operation
 */
function compare(cases, verdicts) {
  /** @type {Record<string, number>} */
  const largest = {};
  for (const [index, of] of cases.entries()) {
    const { warned, ...texts } = verdicts[index];
    const here = evaluate(of);
    const exact = decodeAll(texts.exact)?.map((value, i) => (typeof here?.[i] === 'number' ? Number(value) : value));
    const numpy = decodeAll(texts.numpy);
    const scale = Number(decode(texts.scale));

    const error = distanceOfAll(here, exact, scale);
    if (error <= LIMIT) largest[of.op] = Math.max(largest[of.op] ?? 0, error);
    else faults.push(`${describe(of)}: ${show(here)} here, exactly ${show(exact)}`);

    if (!warned && distanceOfAll(here, numpy, scale) <= AGREEMENT) continue;
    if (isExpected(of)) continue;
    faults.push(`${describe(of)}: ${show(here)} here, ${show(numpy)}${warned ? ' and a warning' : ''} in numpy`);
  }
  for (const { what, unseen } of expected) {
    for (const of of unseen) faults.push(`"${what}" is listed, but there is no difference for ${of}`);
  }
  return largest;
}

/** docs/numerics.md has a row for each difference, and no other rows. */
function checkDocumentation() {
  const text = readFileSync(new URL('../../docs/numerics.md', import.meta.url), 'utf8');
  const section = text.split(/^## /m).find((part) => part.startsWith('Differences from numpy')) ?? '';
  const rows = [...section.matchAll(/^\|(.*)\|$/gm)].map(([, row]) => row.split(' | ').map((cell) => cell.trim()));
  const documented = rows.slice(2).map((row) => row.join(' | '));
  const listed = differences.map(({ what, numpy, here }) => `${what} | ${numpy} | ${here}`);
  for (const row of listed) if (!documented.includes(row)) faults.push(`docs/numerics.md lacks the row: ${row}`);
  for (const row of documented) if (!listed.includes(row)) faults.push(`docs/numerics.md has the stray row: ${row}`);
}

function main() {
  const numpy = findNumpy();
  if (numpy === undefined) throw new Error('numpy is missing: apt-get install python3-numpy');
  const cases = makeCases();
  const largest = compare(cases, askNumpy(numpy.python, cases));
  checkDocumentation();

  for (const fault of faults.slice(0, MOST_FAULTS)) console.error(fault);
  if (faults.length > MOST_FAULTS) console.error(`… and ${faults.length - MOST_FAULTS} more`);
  const errors = Object.entries(largest).filter(([, error]) => error > 0);
  console.log(
    `Units in the last place: ${errors.map(([op, error]) => `${op} ${error.toFixed(2)}`).join(', ')}; none else.`,
  );
  console.log(
    `${cases.length} results of ${runtimeInfo().isa} kernels, numpy ${numpy.version}: ${faults.length} faults`,
  );
  process.exitCode = faults.length > 0 ? 1 : 0;
}

main();
