// The page's heights and widths: what each layout asks for, and what LIT's modules need.

import { addStyles, lit } from '../lit/elements.js';

// LIT looks for the layout's height before it has the layout, and never again.
const modules = lit('lit-modules').prototype;
const modulesUpdated = modules.updated;
/** @param {unknown[]} changed */
modules.updated = function (...changed) {
  modulesUpdated.apply(this, changed);
  const { declaredLayout } = this.modulesService;
  const height = declaredLayout?.layoutSettings?.mainHeight;
  if (height == null || declaredLayout === this.sizedLayout) return;
  this.sizedLayout = declaredLayout;
  this.upperHeight = `${height}%`;
};

// Wide enough for both models' predictions, and for the editor's buttons; where a layout's parts
// need other shares of the width than LIT gives each of them everywhere, these are their shares.
lit('data-table-module').numCols = 6;
lit('datapoint-editor-module').numCols = 3;
/** @type {Record<string, Record<string, number>>} */
const SHARES = {
  compare: {
    'data-table-module': 9,
    'embeddings-module': 3,
    'classification-module': 3,
    'disagreement-module': 9,
    'metrics-module': 8,
    'confusion-matrix-module': 4,
  },
  counterfactuals: {
    'data-table-module': 8,
    'datapoint-editor-module': 6,
    'generator-module': 13,
    'classification-module': 3,
    'text-difference-module': 9,
  },
  attention: {
    'data-table-module': 6,
    'datapoint-editor-module': 3,
    'classification-module': 3,
  },
};
const numColsForConfig = modules.numColsForConfig;
/** @param {{ moduleType: object }} config */
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
// The name of a slice gives way to the buttons beside it.
addStyles(
  'generator-module',
  `.overall-controls { flex-shrink: 1; min-width: 0; }
   .overall-controls > * { flex-shrink: 0; white-space: nowrap; }
   .slice-name-input { flex: 0 1 250px; min-width: 60px; }`,
);
