// Runs after LIT's own script has defined its modules and before LIT starts, on the window's load.

import './columns.js';
import { addStyles, lit } from './elements.js';
import './generators.js';
import './metrics.js';
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

// Wide enough for both models' predictions, and for the editor's buttons; where a layout's parts need
// other shares of the width than LIT gives each of them everywhere, these are their shares.
lit('data-table-module').numCols = 6;
lit('datapoint-editor-module').numCols = 3;
const SHARES = {
  compare: {
    'data-table-module': 9,
    'embeddings-module': 3,
    'metrics-module': 8,
    'confusion-matrix-module': 4,
  },
  counterfactuals: {
    'data-table-module': 8,
    'datapoint-editor-module': 6,
    'generator-module': 13,
    'classification-module': 3,
    'salience-map-module': 8,
  },
};
const numColsForConfig = modules.numColsForConfig;
modules.numColsForConfig = function (config) {
  const shares = Object.entries(SHARES[this.appState.layoutName] ?? {});
  const share = shares.find(([tag]) => lit(tag) === config.moduleType);
  return share ? share[1] : numColsForConfig.call(this, config);
};

// Two models side by side, where one above the other leaves each a few lines.
for (const tag of ['salience-map-module', 'salience-clustering-module']) {
  lit(tag).duplicateAsRow = true;
}
// Legends, buttons and what stands beside them are wider than their line and would be cut.
for (const tag of [
  'salience-map-module',
  'embeddings-module',
  'datapoint-editor-module',
  'generator-module',
]) {
  addStyles(
    tag,
    `.module-footer { flex-wrap: wrap; height: auto; padding-block: 4px; row-gap: 4px; }
     .module-footer > * { flex-shrink: 0; }`,
  );
}

// A menu's entries and the facets are columns: whole names, and more than four of them at once.
const menu = lit('lit-menu').prototype;
const renderItem = menu.renderItem;
menu.renderItem = function (item, ...ids) {
  const rendered = renderItem.call(this, item, ...ids);
  rendered.values[rendered.values.length - 1] = item.itemText;
  return rendered;
};
addStyles('lit-menu', '.item { width: auto; min-width: 260px; white-space: nowrap; }');
addStyles('faceting-control', '.config-panel { max-height: 280px; }');

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

// Each answer of the server changes the plots, and each drawing of one takes a WebGL context, of which
// a browser has few: what changes at once is drawn once.
const drawings = new WeakSet();
const updatePlots = scalars.updatePlots;
scalars.updatePlots = function () {
  if (drawings.has(this)) return;
  drawings.add(this);
  requestAnimationFrame(() => {
    drawings.delete(this);
    updatePlots.call(this);
  });
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
