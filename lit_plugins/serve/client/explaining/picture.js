// One picture of all columns of the chart, for saving and copying.

import { barsOf, heightOf } from './bars.js';
import { line, shape, widthOf } from './shapes.js';

/** @import { Measures } from './bars.js' */
/** @import { Kind, Row } from './waterfall.js' */

/**
 * A column with its heading. The heading's first line is in bold.
 *
 * @typedef {{ heading: string[], rows: Row[], kind: Kind, extent: [number, number],
 *   measures: Measures }} Column
 */

const MARGIN = 16;
const LINE = 16;
const FIRST = { 'font-weight': 600, 'font-size': 13 };
const FURTHER = { 'font-weight': 400, 'font-size': 11 };

/**
 * Draws columns side by side as one SVG image that needs no other files.
 *
 * @param {Column[]} columns
 * @param {string} title the image's title.
 * @param {string} description a description of the image, in a few sentences.
 */
export function pictureOf(columns, title, description) {
  const headings = columns.map(({ heading, measures }) =>
    heading.flatMap((text, index) =>
      wrapped(text, measures.width - 8, index === 0 ? FIRST : FURTHER),
    ),
  );
  const headed = MARGIN + Math.max(...headings.map(({ length }) => length)) * LINE + 4;
  const [{ measures }] = columns;
  const width = MARGIN + columns.length * (measures.width + MARGIN);
  const height = headed + Math.max(...columns.map(({ rows }) => heightOf(rows))) + MARGIN;
  const drawn = columns.map((column, index) => {
    const bars = barsOf(column.rows, column.kind, column.extent, column.measures);
    bars.setAttribute('transform', `translate(0 ${headed})`);
    const x = MARGIN + index * (column.measures.width + MARGIN);
    return shape('g', { transform: `translate(${x} 0)` }, ...headings[index].map(lineOf), bars);
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

/** @param {Line} written @param {number} index */
const lineOf = ({ text, look }, index) =>
  line(text, { x: 4, y: MARGIN + index * LINE + 12, ...look });

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
  return lines.map((written) => ({ text: written, look }));
}
