// LIT renders tooltips and descriptions as Markdown, and leaves HTML in them unescaped. Here HTML
// is escaped, because they contain names and data that anybody may have written.

import { lit } from '../lit/elements.js';

/**
 * Makes Markdown harmless: escapes HTML, except for the line breaks of LIT's own texts, and
 * disables pictures, and links to anything but HTTPS pages.
 *
 * @param {string} text
 */
const harmless = (text) =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll(/<(?!br>)/g, '&lt;')
    .replaceAll('![', '!\\[')
    .replaceAll(/\](?=\s*[([:])(?!\(https:\/\/)/g, '\\]');

/**
 * Makes the Markdown in a property of an element harmless.
 *
 * @param {string} tag the element's tag.
 * @param {string} name the property's name.
 */
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
/** @param {...unknown} line its last item is the description of a model or a dataset. */
settings.renderLine = function (...line) {
  const description = line.pop();
  return renderLine.call(
    this,
    ...line,
    typeof description === 'string' ? harmless(description) : description,
  );
};
