// All suites, by name.
import { suite as allocation } from './allocation.mjs';
import { suite as exactSums } from './exact-sums.mjs';
import { suite as grid } from './grid.mjs';
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
 * @property {readonly string[]} [shortNames] - those of short runs
 * @property {readonly import('../lib/report.mjs').Column[]} columns
 *
 * @typedef {object} RaceOnly - rivals side by side, one number of elements in a process
 * @property {(effort: import('../lib/measure.mjs').Effort, length: string) => Promise<Result>} run
 * @property {readonly string[]} peerNames - numbers of elements
 * @property {readonly string[]} [shortNames] - those of short runs
 * @property {readonly string[]} rivals
 * @property {number} bytesPerElement - that are read
 *
 * @typedef {CellBase & TimedOnly} TimedCell
 * @typedef {CellBase & OwnOnly} OwnCell
 * @typedef {CellBase & RaceOnly} RaceCell
 * @typedef {TimedCell | OwnCell | RaceCell} Cell
 *
 * @typedef {object} Suite
 * @property {string} title
 * @property {readonly string[]} notes
 * @property {readonly Cell[]} cells
 *
 * @typedef {Record<string, Record<string, number[]>>} Result - samples by peer and metric
 */

/** @type {Readonly<Record<string, Suite>>} */
export const suites = { allocation, scopes, pools, reductions, grid, 'exact-sums': exactSums, memory };
