// A waterfall chart as SVG: one row per word, with its bar and its score. SVG attributes hold all
// styles, so that the chart looks the same in the page and in a file.

import { background, hue } from './colors.js';
import { scoreOf, signed, valueOf } from './number_format.js';
import { fitted, line, shape, vertical, widthOf } from './shapes.js';
import { ticksOf } from './waterfall.js';

/** @import { Kind, Row } from './waterfall.js' */

/**
 * The division of a column's width, in pixels.
 *
 * @typedef {object} Measures
 * @property {number} width the width of the column.
 * @property {number} labelled the right edge of the words.
 * @property {number} left the left edge of the scale.
 * @property {number} right the right edge of the scale.
 * @property {number} decimals the number of decimals in the scores.
 * @property {boolean} withErrors whether standard errors are written beside the scores.
 */

// Sizes in pixels.
/** Height of a row. */
export const ROW = 18;
/** Indentation of a phrase's parts. */
export const INDENT = 12;
/** Space left of the words. */
export const LEFT = 4;
const AXIS = 18; // height
const BAR = 12; // height
const GAP = 8; // between words and bars
const TICKS_APART = 50; // least distance between two ticks

const INK = '#202124';
const FAINT = '#5F6368';
const GRID = '#E8EAED';
const GUIDE = '#BDC1C6';
const LINK = '#9AA0A6';
// Shares of the attention support no class, so they have a colour of their own.
const SHARE = '#CDC5FF';
const SHARE_EDGE = '#7647EA';

/**
 * Divides the width of columns. All columns have the same division, so that they share one scale.
 *
 * @param {Row[]} rows the rows of all columns.
 * @param {Pick<Measures, 'width' | 'decimals' | 'withErrors'>} settings
 * @returns {Measures}
 */
export function measuresOf(rows, { width, decimals, withErrors }) {
  /** @param {(row: Row) => number} room */
  const most = (room) => rows.reduce((widest, row) => Math.max(widest, room(row)), 0);
  const labels = most((row) => insetOf(row) + widthOf(labelOf(row), weightOf(row)));
  const figures = most((row) => widthOf(figureOf(row, decimals, withErrors), 600));
  const labelled = Math.min(Math.max(labels + 1, 64), 0.4 * width);
  const [left, right] = [labelled + GAP, width - figures - 14];
  return { width, labelled, left, right, decimals, withErrors };
}

/**
 * Draws the axis and the rows of one column.
 *
 * @param {Row[]} rows
 * @param {Kind} kind the kind of the numbers, which decides their colours.
 * @param {[number, number]} extent the smallest and the largest number of the scale.
 * @param {Measures} measures
 * @returns an SVG group of height `heightOf(rows)`.
 */
export function barsOf(rows, kind, extent, measures) {
  const { left, right } = measures;
  const [low, high] = extent;
  /** @param {number} value */
  const x = (value) => left + ((value - low) / (high - low)) * (right - left);
  const height = heightOf(rows);
  return shape(
    'g',
    {},
    ...ticksOf(extent, (right - left) / TICKS_APART).flatMap(({ value, label }) => [
      vertical(x(value), AXIS, height, GRID),
      line(label, { x: x(value), y: 11, 'font-size': 10, fill: FAINT, 'text-anchor': 'middle' }),
    ]),
    ...guidesOf(rows),
    ...linksOf(rows, x),
    ...rows.map((row, index) => rowOf(row, topOf(index), kind, x, measures)),
  );
}

/**
 * Returns the height of some rows with their axis, in pixels.
 *
 * @param {Row[]} rows
 */
export const heightOf = (rows) => topOf(rows.length) + 2;

/**
 * Returns the top of a row, in pixels.
 *
 * @param {number} index the row's index.
 */
export const topOf = (index) => AXIS + index * ROW;

/**
 * Writes the number at the end of a row.
 *
 * @param {Row} row
 * @param {number} decimals
 */
export const figureOf = (row, decimals, withErrors = false) => {
  if (isValue(row)) return valueOf(row.score, decimals);
  return withErrors ? scoreOf(row.score, row.error, decimals) : signed(row.score, decimals);
};

/** @param {Row} row */
const isValue = ({ kind }) => kind === 'base' || kind === 'output';

/** @param {Row} row */
const isOfText = ({ kind }) => kind === 'word' || kind === 'phrase' || kind === 'rest';

/** @param {Row} row @param {number} decimals */
function sentenceOf(row, decimals) {
  if (isValue(row)) return `${row.label} ${valueOf(row.score, decimals)}`;
  const [from, to] = [row.start, row.end].map((total) => valueOf(total, decimals));
  return `${row.label}: ${scoreOf(row.score, row.error, decimals)}, from ${from} to ${to}`;
}

/**
 * @param {Row} row
 * @param {number} y
 * @param {Kind} unit
 * @param {(value: number) => number} x
 * @param {Measures} measures
 */
function rowOf(row, y, unit, x, { labelled, width, left, right, decimals, withErrors }) {
  const { kind, start, end, error } = row;
  const middle = y + ROW / 2;
  const inset = insetOf(row);
  const weight = weightOf(row);
  const isFaint = kind === 'base' || kind === 'rest' || kind === 'special' || kind === 'delta';
  const parts = [
    shape('rect', { class: 'band', x: 0, y, width, height: ROW, fill: 'none' }),
    shape('title', {}, sentenceOf(row, decimals)),
    line(fitted(labelOf(row), labelled - inset, weight), {
      class: 'label',
      'unicode-bidi': 'plaintext', // in the direction of its first letter, but from the same edge
      x: inset,
      y: middle + 4,
      'font-weight': weight,
      fill: isFaint ? FAINT : INK,
      ...(isFaint ? { 'font-style': 'italic' } : {}),
    }),
    line(figureOf(row, decimals, withErrors), {
      class: 'figure',
      x: width - 4,
      y: middle + 4,
      'text-anchor': 'end',
      'font-variant-numeric': 'tabular-nums',
      'font-weight': weight,
    }),
  ];
  if (kind === 'phrase') parts.push(arrowOf(row, middle));
  parts.push(
    isValue(row)
      ? vertical(x(end), y + 3, y + ROW - 3, INK, { class: 'value', 'stroke-width': 2 })
      : barOf(row, x(start), x(end), middle, unit),
  );
  if (error > 0) {
    const [low, high] = [end - error, end + error].map((value) =>
      Math.max(left, Math.min(x(value), right)),
    );
    parts.push(whiskerOf(low, high, middle));
  }
  return shape('g', { class: 'row', 'data-kind': kind }, ...parts);
}

/**
 * Draws a bar with a pointed end. The bar of an unfolded phrase is only an outline, because the
 * bars of its parts are filled.
 *
 * @param {Row} row
 * @param {number} from
 * @param {number} to
 * @param {number} middle
 * @param {Kind} kind
 */
function barOf(row, from, to, middle, kind) {
  const half = row.open ? BAR / 3 : BAR / 2;
  const point = Math.sign(to - from) * Math.min(4, Math.abs(to - from));
  const [start, neck, end] = [from, to - point, to].map(rounded);
  const edge = kind === 'share' ? SHARE_EDGE : hue(row.score);
  const filling = kind === 'share' ? SHARE : background(row.score, kind);
  const known = isOfText(row);
  return shape('path', {
    class: 'bar',
    d:
      `M${start} ${middle - half}H${neck}L${end} ${middle}` +
      `L${neck} ${middle + half}H${start}Z`,
    fill: row.open ? '#FFFFFF' : known ? filling : GRID,
    stroke: known ? edge : FAINT,
    ...(row.open || !known ? { 'stroke-dasharray': '3 2' } : {}),
  });
}

/** @param {number} low @param {number} high @param {number} middle */
function whiskerOf(low, high, middle) {
  const [from, to] = [low, high].map(rounded);
  const d = `M${from} ${middle}H${to}M${from} ${middle - 3}v6M${to} ${middle - 3}v6`;
  return shape('path', { class: 'whisker', d, stroke: INK, fill: 'none' });
}

/** @param {Row} row @param {number} middle */
function arrowOf({ depth, open }, middle) {
  const left = LEFT + depth * INDENT;
  const d = open ? `M${left} ${middle - 2}h8l-4 5Z` : `M${left + 2} ${middle - 4}v8l5 -4Z`;
  return shape('path', { d, fill: FAINT });
}

/**
 * Draws a line from the end of each bar to the start of the next.
 *
 * @param {Row[]} rows
 * @param {(value: number) => number} x
 */
function linksOf(rows, x) {
  const filled = rows.flatMap((row, index) =>
    row.open ? [] : [{ row, y: topOf(index) + ROW / 2 }],
  );
  return filled.slice(1).flatMap(({ row, y }, index) => {
    const before = filled[index];
    const joined = before.row.end === row.start || row.kind === 'output';
    return joined ? [vertical(x(before.row.end), before.y, y, LINK)] : [];
  });
}

/**
 * Draws a line from each unfolded phrase down to its last part.
 *
 * @param {Row[]} rows
 */
function guidesOf(rows) {
  return rows.flatMap((row, index) => {
    if (!row.open) return [];
    const after = rows.findIndex(({ depth }, other) => other > index && depth <= row.depth);
    const end = topOf(after < 0 ? rows.length : after) - 4;
    return [vertical(LEFT + row.depth * INDENT + 4, topOf(index) + ROW - 2, end, GUIDE)];
  });
}

/** @param {Row} row */
const insetOf = ({ kind, depth }) => LEFT + (depth + (kind === 'phrase' ? 1 : 0)) * INDENT;

/** @param {Row} row */
const weightOf = ({ kind }) => (kind === 'phrase' || kind === 'output' ? 600 : 400);

/** @param {Row} row */
const labelOf = ({ label }) => label.replaceAll(/\s+/g, ' ').trim();

/** @param {number} number */
const rounded = (number) => Number(number.toFixed(2));
