// Several columns in one picture: what is saved and copied.

import { barsOf, heightOf } from './bars.js';
import { line, shape, widthOf } from './shapes.js';

/** @import { Measures } from './bars.js' */
/** @import { Kind, Row } from './waterfall.js' */

/**
 * A column with its heading, the first line of which is in bold.
 *
 * @typedef {{ heading: string[], rows: Row[], kind: Kind, extent: [number, number],
 *   measures: Measures }} Column
 */

const MARGIN = 16;
const LINE = 16;
const FIRST = { 'font-weight': 600, 'font-size': 13 };
const FURTHER = { 'font-weight': 400, 'font-size': 11 };

/**
 * A picture of columns side by side, which needs nothing beside itself.
 *
 * @param {Column[]} columns
 * @param {string} title what it is a picture of.
 * @param {string} description the same in a few sentences.
 */
export function pictureOf(columns, title, description) {
  const headings = columns.map(({ heading, measures }) =>
    heading.flatMap((text, at) => wrapped(text, measures.width - 8, at === 0 ? FIRST : FURTHER)),
  );
  const headed = MARGIN + Math.max(...headings.map(({ length }) => length)) * LINE + 4;
  const [{ measures }] = columns;
  const width = MARGIN + columns.length * (measures.width + MARGIN);
  const height = headed + Math.max(...columns.map(({ rows }) => heightOf(rows))) + MARGIN;
  const drawn = columns.map(({ rows, kind, extent, measures: own }, at) => {
    const bars = barsOf(rows, kind, extent, own);
    bars.setAttribute('transform', `translate(0 ${headed})`);
    const x = MARGIN + at * (own.width + MARGIN);
    return shape('g', { transform: `translate(${x} 0)` }, ...headings[at].map(lineOf), bars);
  });
  return shape(
    'svg',
    { width, height, viewBox: `0 0 ${width} ${height}`, role: 'img' },
    shape('title', {}, title),
    shape('desc', {}, description),
    shape('rect', { width, height, fill: '#FFFFFF' }),
    ...drawn,
  );
}

/** @typedef {{ text: string, look: typeof FIRST }} Line */

/** @param {Line} written @param {number} at */
const lineOf = ({ text, look }, at) =>
  line(text, { x: 4, y: MARGIN + at * LINE + 12, ...look });

/** @param {string} text @param {number} room @param {typeof FIRST} look @returns {Line[]} */
function wrapped(text, room, look) {
  const [first, ...words] = text.split(' ');
  const lines = [first];
  for (const word of words) {
    const longer = `${lines[lines.length - 1]} ${word}`;
    const fits = widthOf(longer, look['font-weight'], look['font-size']) <= room;
    if (fits) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines.map((each) => ({ text: each, look }));
}
