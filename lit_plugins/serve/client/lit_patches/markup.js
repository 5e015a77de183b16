// LIT draws tooltips and descriptions from Markdown, in which HTML stands as it is: but names of
// classes, columns, models and slices, and values of the data are in them, which anyone may write.

import { lit } from '../lit/elements.js';

/**
 * Markdown that shows HTML as it is written, but for the line breaks of LIT's own texts, and has no
 * pictures and no links but to pages of the web.
 *
 * @param {string} text
 */
const harmless = (text) =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll(/<(?!br>)/g, '&lt;')
    .replaceAll('![', '!\\[')
    .replaceAll(/\](?=\s*[([:])(?!\(https:\/\/)/g, '\\]');

/** @param {string} tag @param {string} name of a property with a text. */
function amendText(tag, name) {
  const { prototype } = lit(tag);
  const property = /** @type {PropertyDescriptor} */ (
    Object.getOwnPropertyDescriptor(prototype, name)
  );
  Object.defineProperty(prototype, name, {
    ...property,
    get() {
      const text = property.get?.call(this);
      return typeof text === 'string' ? harmless(text) : text;
    },
  });
}
amendText('lit-tooltip', 'content');
amendText('lit-interpreter-controls', 'description');

const settings = lit('lit-global-settings').prototype;
const renderLine = settings.renderLine;
/** @param {...unknown} line the last: a model's or a dataset's description. */
settings.renderLine = function (...line) {
  const description = line.pop();
  return renderLine.call(
    this,
    ...line,
    typeof description === 'string' ? harmless(description) : description,
  );
};
