// A process that measures one cell, or one peer of it, and prints the samples as JSON: `cell.mjs <suite> <cell> <effort>`.
import { suites } from '../suites/index.mjs';
import { measure } from './measure.mjs';

const [suiteName, cellName, effortJson] = process.argv.slice(2);
const { only, ...effort } = JSON.parse(effortJson);
const cell = /** @type {import('../suites/index.mjs').Cell} */ (
  suites[suiteName].cells.find(({ name }) => name === cellName)
);

/** @returns {Promise<import('../suites/index.mjs').Result>} */
async function run() {
  if ('run' in cell) return cell.run(effort, only);
  const peers = cell.peers().filter(({ name }) => only === undefined || name === only);
  const samples = await measure(peers, effort);
  return Object.fromEntries(Object.entries(samples).map(([peer, nanoseconds]) => [peer, { nanoseconds }]));
}

console.log(JSON.stringify(await run()));
