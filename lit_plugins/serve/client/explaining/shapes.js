// SVG elements that need no style sheet.

const FONT = 'sans-serif';
const SIZE = 12;
const INK = '#202124';

// Characters that XML cannot represent.
const UNWRITABLE = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu;

const ruler = /** @type {CanvasRenderingContext2D} */ (
  document.createElement('canvas').getContext('2d')
);

/**
 * Makes an SVG element.
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
 * Makes a line of text.
 *
 * @param {string} text
 * @param {Record<string, string | number>} attributes
 */
export const line = (text, attributes) =>
  shape('text', { 'font-family': FONT, 'font-size': SIZE, fill: INK, ...attributes }, text);

/**
 * Makes a vertical line.
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
 * Measures the width of a text, in pixels.
 *
 * @param {string} text
 */
export function widthOf(text, weight = 400, size = SIZE) {
  ruler.font = `${weight} ${size}px ${FONT}`;
  return ruler.measureText(text).width;
}

/**
 * Shortens a text that is wider than its room, and marks it by an ellipsis.
 *
 * @param {string} text
 * @param {number} room its room, in pixels.
 */
export function fitted(text, room, weight = 400) {
  if (widthOf(text, weight) <= room) return text;
  const letters = [...text];
  while (letters.length > 1 && widthOf(`${letters.join('')}…`, weight) > room) letters.pop();
  return `${letters.join('')}…`;
}
