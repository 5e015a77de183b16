// Runs after LIT's own script has defined its modules and before LIT starts, on the window's load.

const lit = (tag) => customElements.get(tag);

function addStyles(tag, css) {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  lit(tag).elementStyles.push(sheet);
}

// PCA is there at once; LIT would open with UMAP, which takes long, and it stays one click away.
const embeddings = lit('embeddings-module').prototype;
const setupReactions = embeddings.setupReactions;
embeddings.setupReactions = function () {
  if ('pca' in this.projectorChoices) this.projectorName = 'pca';
  setupReactions.call(this);
  // LIT writes the text under the pointer across the points, and leaves it there.
  this.react(
    () => this.focusService.focusData,
    (focus) => {
      if (focus == null) this.scatterGL?.setHoverPointIndex(null);
    },
  );
};

// What each model predicts stands beside the gold label; LIT would hide it behind its menu of columns.
const table = lit('data-table-module').prototype;
const isPrediction = (name) => name.endsWith(':class');
const keys = Object.getOwnPropertyDescriptor(table, 'keys').get;
Object.defineProperty(table, 'keys', {
  configurable: true,
  get() {
    const open = this.appState.currentModels;
    const isOf = (model) => (key) => key.name.startsWith(`${model}:`);
    const models = Object.keys(this.appState.metadata.models);
    const closed = models.filter((model) => !open.includes(model));
    // LIT keeps the columns of models that were closed, and orders them by who answered first.
    const all = keys.call(this).filter((key) => !closed.some((model) => isOf(model)(key)));
    const predictions = open.flatMap((model) =>
      all.filter((key) => isOf(model)(key) && isPrediction(key.name)),
    );
    const others = all.filter((key) => !predictions.includes(key));
    const label = others.findIndex((key) => key.name === 'label');
    others.splice(label + 1 || others.length, 0, ...predictions);
    return others;
  },
});
const updateColumns = table.updateColumns;
table.updateColumns = function () {
  updateColumns.call(this);
  for (const name of this.columnVisibility.keys()) {
    if (isPrediction(name)) this.columnVisibility.set(name, true);
  }
};
// A column's name is cut at its start, where it names the model: two models' columns look the same.
addStyles(
  'lit-data-table',
  `.header-text, :host([searchenabled]) .header-text {
     direction: ltr; max-width: none; white-space: normal; text-align: start;
   }`,
);

// LIT looks for the layout's height before it has the layout, and never again.
const modules = lit('lit-modules').prototype;
const modulesUpdated = modules.updated;
modules.updated = function (...changed) {
  modulesUpdated.apply(this, changed);
  const { declaredLayout } = this.modulesService;
  const height = declaredLayout?.layoutSettings?.mainHeight;
  if (height == null || declaredLayout === this.sizedLayout) return;
  this.sizedLayout = declaredLayout;
  this.upperHeight = `${height}%`;
};

// Wide enough for both models' predictions, and for the editor's buttons.
lit('data-table-module').numCols = 6;
lit('datapoint-editor-module').numCols = 3;

// Two models side by side, where one above the other leaves each a few lines.
for (const tag of ['salience-map-module', 'salience-clustering-module']) {
  lit(tag).duplicateAsRow = true;
}
// The colours' legends and what stands beside them are wider than their line and would be cut.
for (const tag of ['salience-map-module', 'embeddings-module']) {
  addStyles(
    tag,
    `.module-footer { flex-wrap: wrap; height: auto; padding-block: 4px; row-gap: 4px; }
     .module-footer > * { flex-shrink: 0; }`,
  );
}

// A refused request is answered with a sentence. Of an answer LIT shows what stands before this mark,
// and "Unknown error" where there is none.
const MARK = '\n\nDetails:';
const plainFetch = window.fetch;
let rowsRequest = null;
window.fetch = async (url, options) => {
  const signal = rowsRequest?.signal;
  try {
    const answer = await plainFetch(url, signal ? { ...options, signal } : options);
    if (!signal && answer.status !== 400) return answer;
    const text = await answer.text();
    const { status } = answer;
    return new Response(status === 400 ? `${text}${MARK} ${text}` : text, { status });
  } catch (error) {
    // What was given up is no failure: LIT gets an explanation of nothing, and clears its spinners.
    if (signal?.aborted) return new Response('[{}]');
    throw error;
  }
};

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
  // LIT would ask once when the selection changes, and again when it knows the predicted class.
  const isTargetComing = this.labelVocab.length > 0 && this.salienceTarget === undefined;
  if (this.modifiedInput != null && isTargetComing) return;
  const request = new AbortController();
  requests.set(name, request);
  const row = this.state[name];
  let answer;
  rowsRequest = request;
  try {
    answer = runInterpreter.call(this, name); // it calls fetch before it first waits
  } finally {
    rowsRequest = null;
  }
  try {
    await answer;
  } catch (error) {
    // LIT would leave the old words and the spinner; the sentence stands in the status bar, too.
    const [sentence] = error.message.split(MARK);
    const nothing = { tokens: [], salience: [] };
    row.isLoading = false;
    row.salience = { '': nothing, [sentence]: nothing };
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
const renderMethodControls = maps.renderMethodControls;
maps.renderMethodControls = function (name) {
  const controls = renderMethodControls.call(this, name);
  const models = Object.keys(this.appState.metadata.models).join();
  const fields = (controls?.values ?? []).flatMap((value) => Object.values(Object(value)));
  for (const field of fields.filter((each) => each?.vocab?.join?.() === models)) {
    field.vocab = field.vocab.filter((model) => model !== this.model);
  }
  return controls;
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

// A slice is named after a model, a field and a class, of which LIT's menu would show the start.
addStyles('lit-main-toolbar', '.slice-container { width: 540px; }');

// LIT asks for the threshold of the module's model, which is none: each resize would be an exception.
const scalars = lit('scalar-module').prototype;
const resizePlots = scalars.resizePlots;
scalars.resizePlots = function () {
  for (const [id, plot] of this.plots) {
    if (plot.model != null && !this.appState.currentModels.includes(plot.model)) continue;
    resizePlots.call(
      Object.create(this, {
        model: { value: plot.model },
        plots: { value: new Map([[id, plot]]) },
      }),
    );
  }
};

// Many machines have no font with the flame in "Powered by 🔥 LIT"; an empty box stands there.
const toolbar = lit('lit-app-toolbar').prototype;
const renderStatusAndTitle = toolbar.renderStatusAndTitle;
toolbar.renderStatusAndTitle = function () {
  const title = renderStatusAndTitle.call(this);
  const subtitle = title.values.at(-1);
  if (subtitle) subtitle.values[0] = 'Powered by LIT';
  return title;
};
