// Runs after LIT's own script has defined its modules and before LIT starts, on the window's load.

import { addStyles, lit } from './elements.js';
import './generators.js';
import './salience_maps.js';

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
