// A waterfall as SVG: a line of words, each with its bar and its score. All that it looks like is in
// its attributes, so that it is the same in the page and in a file.

import { background, hue } from './colors.js';
import { scoreOf, signed, valueOf } from './figures.js';
import { ticksOf } from './waterfall.js';

export const ROW = 18;
export const AXIS = 18;
export const INDENT = 12;
const FONT = 'sans-serif';
const SIZE = 12;
const BAR = 12;
const GAP = 8;
const LEFT = 4;
const INK = '#202124';
const FAINT = '#5F6368';
const GRID = '#E8EAED';
const LINE = '#9AA0A6';
const FIGURES = 'tabular-nums';

const ruler = document.createElement('canvas').getContext('2d');

/** An element of SVG. */
export function shape(name, attributes = {}, ...children) {
  const element = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  element.append(...children.map((child) => (typeof child === 'string' ? written(child) : child)));
  return element;
}

/** How wide a text is, in pixels. */
export function widthOf(text, size = SIZE, weight = 400) {
  ruler.font = `${weight} ${size}px ${FONT}`;
  return ruler.measureText(text).width;
}

/** A line of text. */
export const line = (text, attributes = {}) =>
  shape('text', { 'font-family': FONT, 'font-size': SIZE, fill: INK, ...attributes }, text);

/**
 * How the width of a column is divided; the same for all columns, so that all have one scale.
 *
 * @param columns the rows of each column.
 * @param width of one column.
 * @param decimals of the scores.
 * @param withErrors whether standard errors are written beside the scores.
 */
export function measuresOf(columns, width, decimals, withErrors) {
  const rows = columns.flat();
  const most = (widths) => widths.reduce((widest, each) => Math.max(widest, each), 0);
  const labels = most(rows.map((row) => insetOf(row) + widthOf(labelOf(row), SIZE, weightOf(row))));
  const scores = most(rows.map((row) => widthOf(figureOf(row, decimals, withErrors), SIZE, 600)));
  const labelled = Math.min(Math.max(labels + 1, 64), 0.36 * width);
  return { width, decimals, withErrors, labelled, left: labelled + GAP, right: width - scores - 14 };
}

/**
 * One column's axis and rows.
 *
 * @param rows as `rowsOf` gives them.
 * @param unit of the scores, which have their colours by it; null for what has none.
 * @param extent the smallest and the largest number of the scale.
 * @param measures as `measuresOf` gives them.
 * @returns {SVGElement} a group of `heightOf(rows)`.
 */
export function barsOf(rows, unit, extent, measures) {
  const { left, right } = measures;
  const [low, high] = extent;
  const x = (value) => left + ((value - low) / (high - low)) * (right - left);
  const height = heightOf(rows);
  return shape(
    'g',
    {},
    ...ticksOf(extent, (right - left) / 50).flatMap(({ value, label }) => [
      vertical(x(value), AXIS, height, GRID),
      line(label, { x: x(value), y: 11, 'font-size': 10, fill: FAINT, 'text-anchor': 'middle' }),
    ]),
    ...guidesOf(rows),
    ...linksOf(rows, x),
    ...rows.map((row, at) => rowOf(row, top(at), unit, x, measures)),
  );
}

/** How high so many rows are with their axis. */
export const heightOf = (rows) => top(rows.length) + 2;

/** Where a row begins. */
export const top = (at) => AXIS + at * ROW;

/** A row in words: what is written, its figures, and where it leads. */
export const sentenceOf = (row, decimals) =>
  row.kind === 'base' || row.kind === 'output'
    ? `${row.label} ${valueOf(row.score, decimals)}`
    : `${row.label}: ${scoreOf(row.score, row.error, decimals)}, ` +
      `from ${valueOf(row.start, decimals)} to ${valueOf(row.end, decimals)}`;

/** A row's figure, as it stands at its end. */
export const figureOf = ({ kind, score, error }, decimals, withErrors = false) =>
  kind === 'base' || kind === 'output'
    ? valueOf(score, decimals)
    : withErrors
      ? scoreOf(score, error, decimals)
      : signed(score, decimals);

function rowOf(row, y, unit, x, { labelled, width, right, left, decimals, withErrors }) {
  const { kind, start, end, error, depth } = row;
  const middle = y + ROW / 2;
  const isValue = kind === 'base' || kind === 'output';
  const isWord = kind === 'word' || kind === 'phrase';
  const inset = insetOf(row);
  const weight = weightOf(row);
  const parts = [
    shape('rect', { class: 'band', x: 0, y, width, height: ROW, fill: 'none' }),
    shape('title', {}, sentenceOf(row, decimals)),
    line(fitted(labelOf(row), labelled - inset, weight), {
      class: 'label',
      x: inset,
      y: middle + 4,
      'font-weight': weight,
      fill: isWord || kind === 'output' ? INK : FAINT,
      ...(isWord || isValue ? {} : { 'font-style': 'italic' }),
    }),
    line(figureOf(row, decimals, withErrors), {
      class: 'figure',
      x: width - 4,
      y: middle + 4,
      'text-anchor': 'end',
      'font-variant-numeric': FIGURES,
      'font-weight': weight,
    }),
  ];
  if (kind === 'phrase') parts.push(arrowOf(row, LEFT + depth * INDENT, middle));
  if (isValue) parts.push(vertical(x(end), y + 3, y + ROW - 3, INK, { class: 'value', 'stroke-width': 2 }));
  else parts.push(barOf(row, x(start), x(end), middle, unit));
  if (error > 0) {
    const [low, high] = [x(end - error), x(end + error)].map((at) =>
      Math.max(left, Math.min(at, right)),
    );
    parts.push(whiskerOf(low, high, middle));
  }
  return shape('g', { class: 'row', 'data-kind': kind }, ...parts);
}

// A bar points to where it leads. That of an unfolded phrase is a frame: its parts are filled.
function barOf({ kind, score, open }, from, to, middle, unit) {
  const known = kind === 'word' || kind === 'phrase' || kind === 'rest';
  const half = open ? BAR / 3 : BAR / 2;
  const point = Math.sign(to - from) * Math.min(4, Math.abs(to - from));
  const stroke = known ? hue(score) : FAINT;
  return shape('path', {
    class: 'bar',
    d:
      `M${px(from)} ${middle - half}H${px(to - point)}L${px(to)} ${middle}` +
      `L${px(to - point)} ${middle + half}H${px(from)}Z`,
    fill: open ? '#FFFFFF' : known && unit ? background(score, unit) : GRID,
    stroke,
    ...(known && !open ? {} : { 'stroke-dasharray': open ? '3 2' : '2 2' }),
  });
}

function whiskerOf(low, high, middle) {
  const d = `M${px(low)} ${middle}H${px(high)}M${px(low)} ${middle - 3}v6M${px(high)} ${middle - 3}v6`;
  return shape('path', { class: 'whisker', d, stroke: INK, fill: 'none' });
}

function arrowOf({ open }, left, middle) {
  const d = open
    ? `M${left} ${middle - 2}h8l-4 5Z`
    : `M${left + 2} ${middle - 4}v8l5 -4Z`;
  return shape('path', { d, fill: FAINT });
}

// Each bar begins where the one before ends.
function linksOf(rows, x) {
  const filled = rows.flatMap((row, at) => (row.open ? [] : [{ ...row, y: top(at) }]));
  return filled.slice(1).flatMap((row, at) => {
    const before = filled[at];
    const joined = before.end === row.start || row.kind === 'output' || before.kind === 'base';
    return joined ? [vertical(x(before.end), before.y + ROW / 2, row.y + ROW / 2, LINE)] : [];
  });
}

// A line from an unfolded phrase down to its last part.
function guidesOf(rows) {
  return rows.flatMap((row, at) => {
    if (!row.open) return [];
    const after = rows.findIndex(({ depth }, other) => other > at && depth <= row.depth);
    const x = LEFT + row.depth * INDENT + 4;
    return [vertical(x, top(at) + ROW - 2, top(after < 0 ? rows.length : after) - 4, '#BDC1C6')];
  });
}

const vertical = (x, from, to, stroke, more = {}) =>
  shape('path', { d: `M${px(x)} ${from}V${to}`, stroke, fill: 'none', ...more });

const px = (number) => Number(number.toFixed(2));

const insetOf = ({ kind, depth }) => LEFT + (depth + (kind === 'phrase' ? 1 : 0)) * INDENT;

const weightOf = ({ kind }) => (kind === 'phrase' || kind === 'output' ? 600 : 400);

const labelOf = ({ label }) => label.replace(/\s+/g, ' ').trim();

function fitted(text, room, weight) {
  if (widthOf(text, SIZE, weight) <= room) return text;
  const letters = [...text];
  while (letters.length > 1 && widthOf(`${letters.join('')}…`, SIZE, weight) > room) letters.pop();
  return `${letters.join('')}…`;
}

// What XML has no way to write.
const UNWRITABLE = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu;
const written = (text) => text.replace(UNWRITABLE, '\u{FFFD}');
