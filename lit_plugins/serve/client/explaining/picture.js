// One picture of all columns of the chart, for saving and copying.

import { chartOf, sizeOf } from './chart.js';
import { line, shape, widthOf } from './shapes.js';

/** @import { Chart } from './chart.js' */

/**
 * A column with its heading. The heading's first line is in bold.
 *
 * @typedef {Chart & { heading: string[] }} Column
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
  const sizes = columns.map(sizeOf);
  const headings = columns.map(({ heading }, column) =>
    heading.flatMap((text, index) =>
      wrapped(text, sizes[column].width - 8, index === 0 ? FIRST : FURTHER),
    ),
  );
  const headed = MARGIN + Math.max(...headings.map(({ length }) => length)) * LINE + 4;
  const step = sizes[0].width + MARGIN;
  const width = MARGIN + columns.length * step;
  const height = headed + Math.max(...sizes.map((size) => size.height)) + MARGIN;
  const drawn = columns.map((column, index) => {
    const chart = chartOf(column);
    chart.setAttribute('transform', `translate(0 ${headed})`);
    const x = MARGIN + index * step;
    return shape('g', { transform: `translate(${x} 0)` }, ...headings[index].map(lineOf), chart);
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
