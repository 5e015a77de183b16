// Pairs of words in a waterfall chart: an arc left of the words for each pair, and a list of the
// pairs below the bars, so that a saved picture has their values, too.

import { hue } from './colors.js';
import { heightOf, LEFT, ROW, topOf } from './bars.js';
import { scoreOf, signed } from './number_format.js';
import { fitted, line, shape, widthOf } from './shapes.js';

/** @import { Measures } from './bars.js' */
/** @import { Pair } from './pairs.js' */
/** @import { Row } from './waterfall.js' */

/** Width of the space for arcs, in pixels. */
export const ARCS = 44;

// Pixels.
const SPACE = 6; // between the bars and the list
const FLATTEST = 10; // least width of an arc
const THICKEST = 4;
const THINNEST = 1;
const FAINTEST = 0.4; // opacity
const REACH = 9; // width of the line that the pointer reaches
const SAMPLE = 28; // length of the line before a pair in the list

const FAINT = '#5F6368';

/**
 * Returns the height of the list of pairs, in pixels.
 *
 * @param {Pair[] | null} pairs
 */
export const listHeight = (pairs) => (pairs === null ? 0 : SPACE + (pairs.length + 1) * ROW);

/**
 * Draws the arcs and the list of a column. The stronger a pair is, the thicker is its arc.
 *
 * @param {Pair[]} pairs
 * @param {Row[]} rows the column's rows; a pair has no arc unless both of its words have rows.
 * @param {number} strongest the absolute value of the thickest arc.
 * @param {Measures} measures
 * @returns an SVG group, as wide as the column with its arcs.
 */
export function arcsOf(pairs, rows, strongest, measures) {
  const below = heightOf(rows) + SPACE + ROW / 2;
  /** @type {Map<number | undefined, number>} */
  const places = new Map(rows.map(({ word }, index) => [word, topOf(index) + ROW / 2]));
  const title =
    pairs.length > 0
      ? 'Words that act together most'
      : 'No pair of words stands out from its error.';
  return shape(
    'g',
    {},
    line(title, { x: LEFT, y: below + 4, fill: FAINT, 'font-style': 'italic' }),
    ...pairs.map((pair, index) => {
      const middle = below + (index + 1) * ROW;
      const [from, to] = pair.words.map((word) => places.get(word));
      const arcs = from === undefined || to === undefined ? [] : [arcOf(from, to, rows.length)];
      const share = Math.abs(pair.value) / strongest;
      return shape(
        'g',
        { class: 'pair' },
        shape('title', {}, `${pair.label}: ${scoreOf(pair.value, pair.error, measures.decimals)}`),
        ...[...arcs, `M${LEFT} ${middle}h${SAMPLE}`].flatMap((d) => strokesOf(d, pair, share)),
        ...listed(pair, middle, measures),
      );
    }),
  );
}

/**
 * Draws a pair's line, and a wide invisible one for the pointer.
 *
 * @param {string} d the path.
 * @param {Pair} pair
 * @param {number} share how strong the pair is, as a share of the strongest one.
 */
const strokesOf = (d, { value }, share) => [
  shape('path', { d, stroke: 'transparent', 'stroke-width': REACH, fill: 'none' }),
  shape('path', {
    class: 'arc',
    d,
    stroke: hue(value),
    'stroke-width': (THINNEST + (THICKEST - THINNEST) * share).toFixed(2),
    'stroke-opacity': (FAINTEST + (1 - FAINTEST) * share).toFixed(2),
    'stroke-linecap': 'round',
    fill: 'none',
  }),
];

/**
 * Returns the path from one word to another. The further apart they are, the wider is the arc.
 *
 * @param {number} from
 * @param {number} to
 * @param {number} rows the number of rows.
 */
function arcOf(from, to, rows) {
  const share = Math.abs(to - from) / (ROW * Math.max(rows, 1));
  const depth = FLATTEST + (ARCS - FLATTEST - THICKEST) * Math.min(share, 1);
  // A cubic curve reaches three quarters of the way to its control points.
  const control = (ARCS - (depth * 4) / 3).toFixed(1);
  return `M${ARCS} ${from}C${control} ${from} ${control} ${to} ${ARCS} ${to}`;
}

/** @param {Pair} pair @param {number} middle @param {Measures} measures */
function listed({ label, value, error }, middle, { width, decimals, withErrors }) {
  const figure = withErrors ? scoreOf(value, error, decimals) : signed(value, decimals);
  const start = LEFT + SAMPLE + 8;
  const end = ARCS + width - 4;
  const text = label.replaceAll(/\s+/g, ' ').trim();
  return [
    line(fitted(text, end - start - widthOf(figure) - 8), {
      class: 'label',
      'unicode-bidi': 'plaintext', // as in the rows
      x: start,
      y: middle + 4,
    }),
    line(figure, {
      class: 'figure',
      x: end,
      y: middle + 4,
      'text-anchor': 'end',
      'font-variant-numeric': 'tabular-nums',
    }),
  ];
}
