// Tables of results, for terminals and in Markdown.

/**
 * @typedef {object} Column
 * @property {string} metric
 * @property {string} title
 * @property {string} unit
 * @property {number} [digits]
 * @property {boolean} [hasRatio] - followed by a column of ratios to the first peer
 */

/**
 * @param {readonly number[]} samples
 * @param {number} p
 */
function quantile(samples, p) {
  const sorted = samples.toSorted((a, b) => a - b);
  const position = p * (sorted.length - 1);
  const low = sorted[Math.floor(position)];
  return low + (sorted[Math.ceil(position)] - low) * (position % 1);
}

/** @param {readonly number[]} samples */
export const median = (samples) => quantile(samples, 0.5);

/**
 * Three significant digits, no exponent.
 *
 * @param {number} nanoseconds
 */
function formatTime(nanoseconds) {
  const [value, unit] =
    nanoseconds < 1e3 ? [nanoseconds, 'ns'] : nanoseconds < 1e6 ? [nanoseconds / 1e3, 'µs'] : [nanoseconds / 1e6, 'ms'];
  return `${value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0)} ${unit}`;
}

/** @param {number} ratio */
const formatRatio = (ratio) => `${ratio.toFixed(ratio < 10 ? 2 : ratio < 100 ? 1 : 0)}x`;

/**
 * The rows of a table, the first of them its head.
 *
 * @param {import('../suites/index.mjs').Cell} cell
 * @param {import('../suites/index.mjs').Result} result
 * @returns {string[][]}
 */
export function tableOf(cell, result) {
  if ('rivals' in cell) return raceTable(cell, result);
  return 'columns' in cell ? ownTable(cell.columns, result) : timeTable(cell, result);
}

/**
 * @param {import('../suites/index.mjs').TimedCell} cell
 * @param {import('../suites/index.mjs').Result} result
 */
function timeTable({ bytes }, result) {
  const first = median(Object.values(result)[0].nanoseconds);
  const head = ['peer', 'median', 'spread', 'ratio'];
  if (bytes) head.push('GB/s');
  const rows = Object.entries(result).map(([peer, { nanoseconds }]) => {
    const middle = median(nanoseconds);
    const spread = (quantile(nanoseconds, 0.75) - quantile(nanoseconds, 0.25)) / 2 / middle;
    const row = [peer, formatTime(middle), `±${(spread * 100).toFixed(0)} %`, formatRatio(middle / first)];
    if (bytes) row.push((bytes / middle).toFixed(1));
    return row;
  });
  return [head, ...rows];
}

/**
 * @param {readonly Column[]} columns
 * @param {import('../suites/index.mjs').Result} result
 */
function ownTable(columns, result) {
  const first = Object.values(result)[0];
  const head = columns.flatMap(({ title, hasRatio }) => (hasRatio ? [title, 'ratio'] : [title]));
  const rows = Object.entries(result).map(([peer, metrics]) => [
    peer,
    ...columns.flatMap(({ metric, unit, digits = 1, hasRatio }) => {
      const middle = median(metrics[metric]);
      const text = `${middle.toFixed(digits)} ${unit}`.trim();
      return hasRatio ? [text, formatRatio(middle / median(first[metric]))] : [text];
    }),
  ]);
  return [['peer', ...head], ...rows];
}

/**
 * A row for each number of elements.
 *
 * @param {import('../suites/index.mjs').RaceCell} cell
 * @param {import('../suites/index.mjs').Result} result
 */
function raceTable({ rivals, bytesPerElement }, result) {
  const rows = Object.entries(result).map(([length, metrics]) => {
    const first = median(metrics['simd-arena']);
    return [
      Number(length).toLocaleString('en-US'),
      formatTime(first),
      ((Number(length) * bytesPerElement) / first).toFixed(1),
      ...rivals.map((rival) => (rival in metrics ? formatRatio(median(metrics[rival]) / first) : 'absent')),
    ];
  });
  return [['elements', 'simd-arena', 'GB/s', ...rivals], ...rows];
}

/** @param {readonly string[][]} table */
function widthsOf(table) {
  return table[0].map((_, column) => Math.max(...table.map((row) => row[column].length)));
}

/**
 * Columns of text: the first to the left, numbers to the right.
 *
 * @param {string} title
 * @param {readonly string[][]} table
 */
export function formatText(title, table) {
  const widths = widthsOf(table);
  const lines = table.map((row) =>
    row.map((text, column) => (column === 0 ? text.padEnd(widths[0]) : text.padStart(widths[column] + 2))).join(''),
  );
  return `${title}\n${lines.map((line) => `  ${line}\n`).join('')}`;
}

/**
 * A table as prettier would leave it.
 *
 * @param {string} title
 * @param {readonly string[][]} table
 */
export function formatMarkdown(title, table) {
  const widths = widthsOf(table).map((width) => Math.max(width, 3));
  const lines = table.map((row) => {
    const cells = row.map((text, column) => (column === 0 ? text.padEnd(widths[0]) : text.padStart(widths[column])));
    return `| ${cells.join(' | ')} |\n`;
  });
  const rule = widths.map((width, column) => (column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`));
  return `## ${title}\n\n${lines[0]}| ${rule.join(' | ')} |\n${lines.slice(1).join('')}`;
}
