// The rows of the salience maps: what each waits for, shows and is coloured by.

import { addStyles, lit } from '../lit/elements.js';
import { askUntil, sentenceOf } from '../lit/requests.js';
import { SHARES } from '../lit/colour_scale.js';

/** @import { ComponentInfo, Field, Input, Spec } from '../lit/types.d.ts' */
/** @typedef {{ bgCmap(score: number): string, textCmap(score: number): string }} Colours */
/** @typedef {{ tokens: string[], salience: number[], unit?: string, error?: number[] }} Group */

// Each row of the salience maps waits for one explanation, that of the latest selection, class and
// options. What it waited for before is given up, and the server stops computing it.
const maps = lit('salience-map-module').prototype;
/** @type {WeakMap<object, Map<string, AbortController>>} */
const requestsOfModules = new WeakMap();
/** @param {object} module */
const requestsOf = (module) => {
  const requests = requestsOfModules.get(module) ?? new Map();
  requestsOfModules.set(module, requests);
  return requests;
};
const updateToSelection = maps.updateToSelection;
/** @param {Input | null} input */
maps.updateToSelection = function (input) {
  for (const request of requestsOf(this).values()) request.abort();
  return updateToSelection.call(this, input);
};
const runInterpreter = maps.runInterpreter;
/** @param {string} name */
maps.runInterpreter = async function (name) {
  const requests = requestsOf(this);
  requests.get(name)?.abort();
  if (this.modifiedInput == null) {
    requests.delete(name); // nothing is selected, and nothing to be waited for
    return runInterpreter.call(this, name);
  }
  // LIT would ask once when the selection changes, and again when it knows the predicted class.
  if (this.labelVocab.length > 0 && this.salienceTarget === undefined) return;
  const request = new AbortController();
  requests.set(name, request);
  const row = this.state[name];
  try {
    await askUntil(request.signal, () => runInterpreter.call(this, name));
  } catch (error) {
    // LIT would leave the old words and the spinner; the sentence stands in the status bar, too.
    const nothing = { tokens: [], salience: [] };
    row.salience = { '': nothing, [sentenceOf(error)]: nothing };
    row.isLoading = false;
    this.setIsLoading(false);
  }
  if (requests.get(name) === request) requests.delete(name);
  else if (requests.has(name)) row.isLoading = true; // LIT has just hidden the later one's spinner
};

// The exact scores show on hovering.
/** @param {number} score @param {number | undefined} error */
const withError = (score, error) =>
  Object.assign(new Number(score), {
    toPrecision: (/** @type {number} */ digits) =>
      score.toPrecision(digits) + (error ? ` ± ${error.toPrecision(1)}` : ''),
  });
const renderGroup = maps.renderGroup;
/**
 * @param {Record<string, Group>} salience
 * @param {Spec} spec
 * @param {string} key
 * @param {Colours} cmap
 * @param {string} title
 */
maps.renderGroup = function (salience, spec, key, cmap, title) {
  const { tokens, salience: scores, unit, error } = salience[key];
  const colour = SHARES[unit ?? ''];
  if (colour === undefined) return renderGroup.call(this, salience, spec, key, cmap, title);
  const weights = scores.map((score, at) => withError(score, error?.[at]));
  /** @type {Colours} */
  const scaled = {
    bgCmap: (weight) => cmap.bgCmap(colour(weight)),
    textCmap: (weight) => cmap.textCmap(colour(weight)),
  };
  return this.renderTokenSalience(tokens, weights, key, scaled, title);
};

/** @param {ComponentInfo} info */
const comparesModels = ({ options }) => options.some(({ control }) => control === 'models');

// A model is compared with the others, not with itself.
const renderMethodControls = maps.renderMethodControls;
/** @param {string} name */
maps.renderMethodControls = function (name) {
  const controls = renderMethodControls.call(this, name);
  const { options } = this.appState.metadata.interpreters[name];
  for (const option of options.filter(({ control }) => control === 'models')) {
    // One of the template's values is the form's spec, which is a copy.
    for (const spec of controls?.values ?? []) {
      /** @type {Field | undefined} */
      const field = spec?.[option.name];
      if (field?.vocab) field.vocab = field.vocab.filter((model) => model !== this.model);
    }
  }
  return controls;
};

// Where models are compared, the row that does so comes first, and the first model's is open.
const firstUpdated = maps.firstUpdated;
/** @param {unknown[]} changed */
maps.firstUpdated = function (...changed) {
  firstUpdated.apply(this, changed);
  const { currentModels, layoutName, metadata } = this.appState;
  /** @param {string} name */
  const isFirst = (name) => comparesModels(metadata.interpreters[name]);
  const names = Object.keys(this.state);
  const first = names.filter(isFirst);
  if (layoutName !== 'compare' || first.length === 0) return;
  const rest = names.filter((name) => !isFirst(name));
  this.state = Object.fromEntries([...first, ...rest].map((name) => [name, this.state[name]]));
  if (this.model === currentModels[0]) this.state[first[0]].autorun = true;
};

// The figures under an explanation's words are a footnote, and stay on one line where they can.
addStyles(
  'salience-map-module',
  `.tokens-group-title {
     padding: 0 4px; font-size: 11px; line-height: 15px; color: var(--lit-neutral-700);
     text-wrap: pretty; overflow-wrap: anywhere;
   }
   .method-results { padding-block: 2px; }`,
);
// A row's spinner turns in its own row; LIT's covers them all, and no other row can be clicked.
addStyles(
  'salience-map-module',
  `.method-row-contents { position: relative; min-height: 32px; }
   .spinner-container { pointer-events: none; }`,
);
