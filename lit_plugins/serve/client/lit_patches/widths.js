// LIT ignores a layout's height, gives each module the same width in every layout, and cuts wide
// footers. Here each layout has its height and widths, and footers wrap.

import { addStyles, lit } from '../lit/elements.js';

// LIT reads a layout's height only once, before the layout has arrived.
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

// LIT's table is too narrow for two models' predictions, and its editor for its buttons. Some
// layouts need other widths again: SHARES lists them, by layout and module.
lit('data-table-module').numCols = 6;
lit('datapoint-editor-module').numCols = 3;
/** @type {Record<string, Record<string, number>>} */
const SHARES = {
  debug: {
    'datapoint-editor-module': 3,
    'salience-map-module': 6,
    'embeddings-module': 3,
  },
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

// LIT cuts what is beyond the window's right edge. Here, modules of a narrow frame are narrow, and
// tabs that have no room can be scrolled to.
addStyles(
  'lit-modules',
  `.outer-container { min-width: 0; }
   .tabs-container { min-width: 0; overflow-x: auto; scrollbar-width: thin; }
   .tabs-container > .tab { flex-shrink: 0; }`,
);

// LIT puts the copies for two models one above the other, which leaves each a few lines. Here they
// stand side by side.
for (const tag of ['salience-map-module', 'salience-clustering-module']) {
  lit(tag).duplicateAsRow = true;
}
// Legends and buttons in footers are wider than their line, and LIT cuts them.
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
// The tooltip of a legend's colour covers the colours beside it, which the pointer should reach.
addStyles(
  'lit-tooltip',
  ':host([tooltipposition="above"]) .tooltip-text { pointer-events: none; }',
);
// In two lines, the editor's buttons leave the text no room on a small screen. One line holds them.
addStyles(
  'datapoint-editor-module',
  `.module-footer { padding-inline: 4px; gap: 4px; }
   .module-footer .hairline-button {
     margin-inline: 0; padding-inline: 6px; font-size: 12px; letter-spacing: normal;
   }`,
);
// The input for a slice's name shrinks, so that the buttons beside it have room.
addStyles(
  'generator-module',
  `.overall-controls { flex-shrink: 1; min-width: 0; }
   .overall-controls > * { flex-shrink: 0; white-space: nowrap; }
   .slice-name-input { flex: 0 1 250px; min-width: 60px; }`,
);
