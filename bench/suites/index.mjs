// All suites, by name.
import { suite as allocation } from './allocation.mjs';
import { suite as memory } from './memory.mjs';
import { suite as reductions } from './reductions.mjs';
import { suite as scopes } from './scopes.mjs';

/**
 * One table: its peers are timed by measure(), or it measures itself.
 *
 * @typedef {object} Cell
 * @property {string} name
 * @property {string} title
 * @property {() => import('../lib/measure.mjs').Peer[]} [peers]
 * @property {(effort: import('../lib/measure.mjs').Effort, peer: string) => Promise<Result>} [run]
 * @property {readonly string[]} [peerNames] - of a cell that measures itself
 * @property {readonly import('../lib/report.mjs').Column[]} [columns] - of a cell that measures itself
 * @property {boolean} [isolated] - each peer has a process of its own
 * @property {boolean} [isLong] - left out in short runs
 * @property {number} [bytes] - read by one call
 *
 * @typedef {object} Suite
 * @property {string} title
 * @property {readonly string[]} notes
 * @property {readonly Cell[]} cells
 *
 * @typedef {Record<string, Record<string, number[]>>} Result - samples by peer and metric
 */

/** @type {Readonly<Record<string, Suite>>} */
export const suites = { allocation, scopes, reductions, memory };
