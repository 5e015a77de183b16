// LIT's salience maps never abort a request, keep old words after an error, and colour scores
// without regard to their unit. Here a new request aborts the one before, a row shows its error,
// and equal scores have equal colours.

import { addStyles, lit } from '../lit/elements.js';
import { askUntil, sentenceOf } from '../lit/requests.js';
import { SHARES } from '../lit/colour_scale.js';

/** @import { ComponentInfo, Field, Input, Spec } from '../lit/types.d.ts' */
/** @typedef {{ bgCmap(score: number): string, textCmap(score: number): string }} Colours */
/** @typedef {{ tokens: string[], salience: number[], unit?: string, error?: number[] }} Group */

// Each row requests one explanation: that of the latest selection, class and options. The request
// before is aborted, and the server stops computing it.
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
    requests.delete(name); // nothing is selected, so there is nothing to request
    return runInterpreter.call(this, name);
  }
  // LIT sends a request when the selection changes, and another when it knows the predicted class.
  if (this.labelVocab.length > 0 && this.salienceTarget === undefined) return;
  const request = new AbortController();
  requests.set(name, request);
  const row = this.state[name];
  try {
    await askUntil(request.signal, () => runInterpreter.call(this, name));
  } catch (error) {
    // LIT leaves the old words and the spinner. The status bar shows the error, too.
    const nothing = { tokens: [], salience: [] };
    row.salience = { '': nothing, [sentenceOf(error)]: nothing };
    row.isLoading = false;
    this.setIsLoading(false);
  }
  if (requests.get(name) === request) requests.delete(name);
  else if (requests.has(name)) row.isLoading = true; // LIT has hidden the later request's spinner
};

// LIT's tooltips show a score by its method `toPrecision`; this one adds the standard error.
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
  const weights = scores.map((score, index) => withError(score, error?.[index]));
  /** @type {Colours} */
  const scaled = {
    bgCmap: (weight) => cmap.bgCmap(colour(weight)),
    textCmap: (weight) => cmap.textCmap(colour(weight)),
  };
  return this.renderTokenSalience(tokens, weights, key, scaled, title);
};

/** @param {ComponentInfo} info */
const comparesModels = ({ options }) => options.some(({ control }) => control === 'models');

// LIT offers all models in the menu of the model to compare with. Here the row's own is left out.
const renderMethodControls = maps.renderMethodControls;
/** @param {string} name */
maps.renderMethodControls = function (name) {
  const controls = renderMethodControls.call(this, name);
  const { options } = this.appState.metadata.interpreters[name];
  for (const option of options.filter(({ control }) => control === 'models')) {
    // One of the template's values is the form's spec: a copy that may be changed.
    for (const spec of controls?.values ?? []) {
      /** @type {Field | undefined} */
      const field = spec?.[option.name];
      if (field?.vocab) field.vocab = field.vocab.filter((model) => model !== this.model);
    }
  }
  return controls;
};

// In the layout for comparing models, the row that compares them comes first. It runs at once for
// the first model.
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

// LIT shows the figures below an explanation as a heading. Here they look like a footnote.
addStyles(
  'salience-map-module',
  `.tokens-group-title {
     padding: 0 4px; font-size: 11px; line-height: 15px; color: var(--lit-neutral-700);
     text-wrap: pretty; overflow-wrap: anywhere;
   }
   .method-results { padding-block: 2px; }`,
);
// LIT's spinner covers all rows, so that none can be clicked. Here it covers its own row only.
addStyles(
  'salience-map-module',
  `.method-row-contents { position: relative; min-height: 32px; }
   .spinner-container { pointer-events: none; }`,
);
