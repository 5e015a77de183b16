// One colour for each class, in every module and for every model and dataset that names it.

import { classesOf } from './fields.js';
import { html, sheetOf } from './elements.js';
import { appState } from './services.js';

// LIT's colours for categories, in its order.
const COLOURS = ['#ff9230', '#3c7dbf', '#ffc700', '#7647ea', '#fc4f61', '#1f978a', '#b22a72'];

/** Returns the classes of all models, in the order in which the models name them. */
const classes = () => [
  ...new Set(
    Object.keys(appState.metadata.models).flatMap((model) => classesOf(model)[1].vocab ?? []),
  ),
];

/** @param {number} index */
const colourAt = (index) => COLOURS[index % COLOURS.length];

/**
 * Returns the colour of a class; undefined if no model has such a class.
 *
 * @param {string} label
 */
export function colourOf(label) {
  const index = classes().indexOf(label);
  return index < 0 ? undefined : colourAt(index);
}

/**
 * Returns the colours of a column's values, in their order. Values that are no class of a model
 * have colours of their own.
 *
 * @param {string[]} values
 * @returns {string[] | undefined} undefined if no value is a class of a model.
 */
export function coloursOf(values) {
  const known = classes();
  if (!values.some((value) => known.includes(value))) return undefined;
  const all = [...new Set([...known, ...values])];
  return values.map((value) => colourAt(all.indexOf(value)));
}

/** Styles for an element that contains marked classes. */
export const classStyles = sheetOf(`
  .class-mark {
    display: inline-block; width: 9px; height: 9px; margin-inline-end: 5px; border-radius: 2px;
  }
`);

/**
 * Renders a class, with a mark of its colour before it. Any other value is rendered as it is.
 *
 * @param {string} label
 */
export function marked(label) {
  const colour = colourOf(label);
  if (colour === undefined) return label;
  return html`<span class="class-mark" style="background: ${colour}"></span>${label}`;
}
