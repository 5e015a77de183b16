// The drawing of one column: its bars and, if the explanation has pairs of words, their arcs.

import { ARCS, arcsOf, listHeight } from './arcs.js';
import { barsOf, heightOf } from './bars.js';
import { shape } from './shapes.js';

/** @import { Measures } from './bars.js' */
/** @import { Pair } from './pairs.js' */
/** @import { Kind, Row } from './waterfall.js' */

/**
 * All that the drawing of a column depends on.
 *
 * @typedef {object} Chart
 * @property {Row[]} rows
 * @property {Kind} kind the kind of the numbers, which decides their colours.
 * @property {[number, number]} extent the smallest and the largest number of the scale.
 * @property {Pair[] | null} pairs null if the explanation has no interactions.
 * @property {number} strongest the absolute value of the strongest pair on the same scale.
 * @property {boolean} withArcs whether there is space for arcs left of the words; all columns have
 *   it as soon as one of them needs it.
 * @property {Measures} measures the division of the width right of the arcs.
 */

/**
 * Draws a column.
 *
 * @param {Chart} chart
 * @returns an SVG group of size `sizeOf(chart)`.
 */
export function chartOf({ rows, kind, extent, pairs, strongest, withArcs, measures }) {
  const bars = barsOf(rows, kind, extent, measures);
  if (withArcs) bars.setAttribute('transform', `translate(${ARCS} 0)`);
  return shape(
    'g',
    {},
    bars,
    ...(pairs === null ? [] : [arcsOf(pairs, rows, strongest, measures)]),
  );
}

/**
 * Returns the size of a column's drawing, in pixels.
 *
 * @param {Chart} chart
 */
export const sizeOf = ({ rows, pairs, withArcs, measures }) => ({
  width: measures.width + marginOf(withArcs),
  height: heightOf(rows) + listHeight(pairs),
});

/**
 * Returns the width of the space left of the words, in pixels.
 *
 * @param {boolean} withArcs
 */
export const marginOf = (withArcs) => (withArcs ? ARCS : 0);
