// Several columns in one picture: what is saved and copied.

import { barsOf, heightOf, line, shape, widthOf } from './bars.js';

const MARGIN = 16;
const LINE = 16;

/**
 * A picture of columns side by side, which needs nothing beside itself.
 *
 * @param columns heading: its lines, the first in bold; rows, unit, extent and measures as `barsOf`
 *   takes them.
 * @param title what it is a picture of.
 * @param description the same in a few sentences.
 * @returns {SVGElement}
 */
export function pictureOf(columns, title, description) {
  const headings = columns.map(({ heading, measures }) =>
    heading.flatMap((text, at) =>
      wrapped(text, measures.width - 8, at === 0 ? 600 : 400).map((part) => [part, at === 0]),
    ),
  );
  const headed = MARGIN + Math.max(...headings.map(({ length }) => length)) * LINE + 4;
  const width = columns.reduce((sum, each) => sum + each.measures.width + MARGIN, MARGIN);
  const height = headed + Math.max(...columns.map(({ rows }) => heightOf(rows))) + MARGIN;
  let x = MARGIN;
  const drawn = columns.map(({ rows, unit, extent, measures }, at) => {
    const bars = barsOf(rows, unit, extent, measures);
    bars.setAttribute('transform', `translate(0 ${headed})`);
    const lines = headings[at].map(([text, isFirst], row) =>
      line(text, {
        x: 4,
        y: MARGIN + row * LINE + 12,
        'font-weight': isFirst ? 600 : 400,
        'font-size': isFirst ? 13 : 11,
      }),
    );
    const column = shape('g', { transform: `translate(${x} 0)` }, ...lines, bars);
    x += measures.width + MARGIN;
    return column;
  });
  return shape(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      width,
      height,
      viewBox: `0 0 ${width} ${height}`,
      role: 'img',
    },
    shape('title', {}, title),
    shape('desc', {}, description),
    shape('rect', { width, height, fill: '#FFFFFF' }),
    ...drawn,
  );
}

function wrapped(text, room, weight) {
  const lines = [];
  for (const word of text.split(' ')) {
    const longer = lines.length > 0 ? `${lines.at(-1)} ${word}` : word;
    if (lines.length > 0 && widthOf(longer, 12, weight) <= room) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}
