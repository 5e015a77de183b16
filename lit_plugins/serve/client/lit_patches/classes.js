// LIT gives classes the colours of whatever column is chosen under "Color by", one model at a time,
// and at first that of the model that answers last. Here a class has one colour everywhere, beside
// its name too, and the first model's predictions are chosen.

import { classStyles, colourOf, coloursOf, marked } from '../lit/class_colours.js';
import { addStyles, amendGetter, html, lit } from '../lit/elements.js';
import { classesOf } from '../lit/fields.js';
import { appState, colorService, dataService } from '../lit/services.js';

/** @import { Column, Template } from '../lit/types.d.ts' */

// LIT's colours of a column are those that the column names, or else one scale for all columns.
colorService.dataService = Object.create(dataService, {
  getColumnInfo: {
    /** @param {string} name @returns {Partial<Column> | undefined} */
    value(name) {
      const info = dataService.getColumnInfo(name);
      const { vocab } = appState.currentDatasetSpec[name] ?? info?.dataType ?? {};
      const colorRange = coloursOf(vocab ?? []);
      return colorRange ? { ...info, colorRange } : info;
    },
  },
});

const { updatePredictedClassFeatureName } = dataService;
dataService.updatePredictedClassFeatureName = function (name) {
  const first = appState.currentModels.find((model) => classesOf(model)[0]);
  if (name.startsWith(`${first}:`)) updatePredictedClassFeatureName.call(this, name);
};

/** @typedef {Record<string, Record<string, { color?: string }[]>>} Scores by field and class */
const results = lit('classification-module').prototype;
const parseResult = results.parseResult;
/** @param {unknown[]} asked @returns {Scores} */
results.parseResult = function (...asked) {
  /** @type {Scores} */
  const fields = parseResult.apply(this, asked);
  for (const scores of Object.values(fields)) {
    for (const [label, bars] of Object.entries(scores)) {
      for (const bar of bars) bar.color = colourOf(label);
    }
  }
  return fields;
};

// A probability is readable on a bar of any colour.
addStyles('score-bar', '.text { text-shadow: 0 0 2px white, 0 0 2px white, 0 0 3px white; }');

// The names of classes in the data table and the confusion matrix.
for (const tag of ['lit-data-table', 'data-matrix']) lit(tag).elementStyles.push(classStyles);

/** @typedef {{ name: string, vocab?: string[] | null }} Key a column of the table */
const table = lit('data-table-module').prototype;
amendGetter(table, 'dataEntries', (/** @type {unknown[][]} */ rows, module) => {
  const keys = /** @type {Key[]} */ (module.keys);
  const shown = keys.filter(({ name }) => module.columnVisibility.get(name));
  const isOfClasses = shown.map(({ vocab }) => coloursOf(vocab ?? []) !== undefined);
  return rows.map((row) =>
    row.map((value, column) =>
      isOfClasses[column] && typeof value === 'string'
        ? { value, template: html`<div class="text-cell">${marked(value)}</div>` }
        : value,
    ),
  );
});

const matrix = lit('data-matrix').prototype;
for (const name of ['renderColHeader', 'renderRow']) {
  const render = matrix[name];
  /** @param {string} label @param {unknown[]} rest @returns {Template | null} */
  matrix[name] = function (label, ...rest) {
    /** @type {Template | null} */
    const rendered = render.call(this, label, ...rest);
    const place = rendered?.values.indexOf(label) ?? -1;
    if (rendered && place >= 0) rendered.values[place] = marked(label);
    return rendered;
  };
}
