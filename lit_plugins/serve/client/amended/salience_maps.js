// The rows of the salience maps: what each waits for, shows and is coloured by.

import { addStyles, lit } from '../lit/elements.js';
import { askUntil, sentenceOf } from '../lit/requests.js';

// Each row of the salience maps waits for one explanation, that of the latest selection, class and
// options. What it waited for before is given up, and the server stops computing it.
const maps = lit('salience-map-module').prototype;
const requestsOfModules = new WeakMap();
const requestsOf = (module) => {
  if (!requestsOfModules.has(module)) requestsOfModules.set(module, new Map());
  return requestsOfModules.get(module);
};
const updateToSelection = maps.updateToSelection;
maps.updateToSelection = function (input) {
  for (const request of requestsOf(this).values()) request.abort();
  return updateToSelection.call(this, input);
};
const runInterpreter = maps.runInterpreter;
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

// Equal scores have equal colours, whatever the model and the text; the exact ones show on hovering.
// Logits have no bounds: tanh(x / 2) is by how much a logit of x takes two classes from even odds.
const COLOURS = { logit: (score) => Math.tanh(score / 2), probability: Number };
const withError = (score, error) =>
  Object.assign(new Number(score), {
    toPrecision: (digits) =>
      score.toPrecision(digits) + (error ? ` ± ${error.toPrecision(1)}` : ''),
  });
const renderGroup = maps.renderGroup;
maps.renderGroup = function (salience, spec, key, cmap, title) {
  const { tokens, salience: scores, unit, error } = salience[key];
  const colour = COLOURS[unit];
  if (colour === undefined) return renderGroup.call(this, salience, spec, key, cmap, title);
  const weights = scores.map((score, at) => withError(score, error?.[at]));
  const scaled = {
    bgCmap: (weight) => cmap.bgCmap(colour(weight)),
    textCmap: (weight) => cmap.textCmap(colour(weight)),
  };
  return this.renderTokenSalience(tokens, weights, key, scaled, title);
};

// A model is compared with the others, not with itself.
const comparesModels = (module, field) =>
  field?.vocab?.join?.() === Object.keys(module.appState.metadata.models).join();
const renderMethodControls = maps.renderMethodControls;
maps.renderMethodControls = function (name) {
  const controls = renderMethodControls.call(this, name);
  const fields = (controls?.values ?? []).flatMap((value) => Object.values(Object(value)));
  for (const field of fields.filter((each) => comparesModels(this, each))) {
    field.vocab = field.vocab.filter((model) => model !== this.model);
  }
  return controls;
};

// Where models are compared, the row that does so comes first, and the first model's is open.
const firstUpdated = maps.firstUpdated;
maps.firstUpdated = function (...changed) {
  firstUpdated.apply(this, changed);
  const { currentModels, layoutName, metadata } = this.appState;
  const isFirst = (name) =>
    Object.values(metadata.interpreters[name].configSpec).some((each) => comparesModels(this, each));
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
