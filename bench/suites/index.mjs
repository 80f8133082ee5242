// All suites, by name.
import { suite as allocation } from './allocation.mjs';
import { suite as exactSums } from './exact-sums.mjs';
import { suite as memory } from './memory.mjs';
import { suite as pools } from './pools.mjs';
import { suite as reductions } from './reductions.mjs';
import { suite as scopes } from './scopes.mjs';

/**
 * @typedef {object} CellBase - one table
 * @property {string} name
 * @property {string} title
 * @property {boolean} [isolated] - each peer has a process of its own
 * @property {boolean} [isLong] - left out in short runs
 *
 * @typedef {object} TimedOnly - measured by measure()
 * @property {() => import('../lib/measure.mjs').Peer[]} peers
 * @property {number} [bytes] - read by one call
 *
 * @typedef {object} OwnOnly - measures itself, one peer in a process
 * @property {(effort: import('../lib/measure.mjs').Effort, peer: string) => Promise<Result>} run
 * @property {readonly string[]} peerNames
 * @property {readonly import('../lib/report.mjs').Column[]} columns
 *
 * @typedef {CellBase & TimedOnly} TimedCell
 * @typedef {CellBase & OwnOnly} OwnCell
 * @typedef {TimedCell | OwnCell} Cell
 *
 * @typedef {object} Suite
 * @property {string} title
 * @property {readonly string[]} notes
 * @property {readonly Cell[]} cells
 *
 * @typedef {Record<string, Record<string, number[]>>} Result - samples by peer and metric
 */

/** @type {Readonly<Record<string, Suite>>} */
export const suites = { allocation, scopes, pools, reductions, 'exact-sums': exactSums, memory };
