// Elements of SVG, which need no style sheet beside them.

const FONT = 'sans-serif';
const SIZE = 12;
const INK = '#202124';

// What XML has no way to write.
const UNWRITABLE = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu;

const ruler = /** @type {CanvasRenderingContext2D} */ (
  document.createElement('canvas').getContext('2d')
);

/**
 * An element.
 *
 * @param {string} name
 * @param {Record<string, string | number>} attributes
 * @param {(SVGElement | string)[]} children
 */
export function shape(name, attributes, ...children) {
  const element = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  for (const child of children) {
    element.append(typeof child === 'string' ? child.replaceAll(UNWRITABLE, '\u{FFFD}') : child);
  }
  return element;
}

/**
 * A line of text.
 *
 * @param {string} text
 * @param {Record<string, string | number>} attributes
 */
export const line = (text, attributes) =>
  shape('text', { 'font-family': FONT, 'font-size': SIZE, fill: INK, ...attributes }, text);

/**
 * A straight line downwards.
 *
 * @param {number} x
 * @param {number} from
 * @param {number} to
 * @param {string} stroke
 * @param {Record<string, string | number>} more further attributes.
 */
export const vertical = (x, from, to, stroke, more = {}) =>
  shape('path', { d: `M${Number(x.toFixed(2))} ${from}V${to}`, stroke, fill: 'none', ...more });

/**
 * How wide a text is, in pixels.
 *
 * @param {string} text
 */
export function widthOf(text, weight = 400, size = SIZE) {
  ruler.font = `${weight} ${size}px ${FONT}`;
  return ruler.measureText(text).width;
}
