// LIT's data table shows the dataset's fields, and hides predictions behind its menu of columns.
// Here it shows each model's prediction beside the label and compares models in further columns, so
// that errors and disagreements are visible at a glance.

import { addStyles, amendGetter, html, lit } from '../lit/elements.js';
import { apiService, appState, dataService, watch } from '../lit/services.js';

/** @import { AppState, Input } from '../lit/types.d.ts' */
/** @typedef {{ name: string, [more: string]: any }} Key a column's header, as the table draws it */

const SOURCE = 'lit-plugins';
// Tooltips of the columns that compare two models, by the last part of a column's name.
/** @type {Record<string, string>} */
const MEANINGS = {
  agree: 'whether both models predict the same class',
  right: 'which of the models predicts the label',
  difference:
    "the label's probability by the first model minus that by the second; without a label, that " +
    'of the class that the first model predicts',
  divergence: 'the Jensen-Shannon divergence of the two predictions, in bits from 0 to 1',
};
const COMPARED = new RegExp(`^.+ vs .+:(${Object.keys(MEANINGS).join('|')})$`);
/** @param {string} name */
const isPrediction = (name) => name.endsWith(':class');
/** @param {string} name @param {string} model */
const isOf = (name, model) =>
  name.startsWith(`${model}:`) ||
  (COMPARED.test(name) && (name.startsWith(`${model} vs `) || name.includes(` vs ${model}:`)));
/** @param {string} name */
const isAnnotated = (name) => appState.currentDatasetSpec[name]?.annotated === true;

// Requests the columns whenever LIT requests predictions: when the page opens, when a model is
// opened, and for new datapoints. Only the latest response counts.
let latest = 0;
/** @param {Input[]} inputs @param {string[]} models @param {string} dataset */
async function update(inputs, models, dataset) {
  latest += 1;
  const request = latest;
  const infos = appState.metadata.models;
  const open = models.filter(
    (model) =>
      infos[model].datasets.includes(dataset) && infos[model].interpreters.includes('columns'),
  );
  if (inputs.length === 0 || open.length === 0) return;
  let columns;
  try {
    columns = await apiService.getInterpretations(
      inputs, open[0], dataset, 'columns', { models: open }, 'Comparing models', true,
    );
  } catch {
    return; // the status bar shows the error
  }
  if (request !== latest) return;
  for (const { name, type, values } of columns) {
    dataService.addColumnFromList(values, inputs, name, name, type, SOURCE);
  }
}
watch(
  () => ({
    inputs: appState.currentInputData,
    models: appState.currentModels,
    dataset: appState.currentDataset,
  }),
  ({ inputs, models, dataset }) => update(inputs, models, dataset),
);

// LIT keeps the columns of closed models. They are removed here, and come back when a model is
// opened again.
watch(
  () => ({ open: appState.currentModels, columns: dataService.cols }),
  ({ open, columns }) => {
    const closed = Object.keys(appState.metadata.models).filter((model) => !open.includes(model));
    for (const { name } of columns) {
      if (!closed.some((model) => isOf(name, model))) continue;
      dataService.columnHeaders.delete(name);
      dataService.columnData.delete(name);
    }
  },
);

// LIT sets the computed columns of each added datapoint anew, which empties those of a datapoint
// that already exists. Here only new datapoints count.
const { setValuesForNewDatapoints } = dataService;
dataService.setValuesForNewDatapoints = function (datapoints) {
  /** @param {Input} datapoint */
  const isKnown = ({ id }) =>
    [...this.columnData.values()].some((values) => values.get(id) != null);
  const fresh = datapoints.filter((datapoint) => !isKnown(datapoint));
  return setValuesForNewDatapoints.call(this, fresh);
};

// LIT hides predictions behind its menu of columns, in the order in which the models' responses
// arrived. Here predictions stand beside the label, and annotators' columns are hidden instead.
/** @param {Key} key @param {string} title @param {string} tooltip */
const titled = (key, title, tooltip) => ({
  ...key,
  tooltip,
  html: html`<div slot="tooltip-anchor" class="header-text">${title}</div>`,
});
/** @param {Key} key */
const shortened = (key) => {
  const [pair, what] = key.name.split(':');
  const title = appState.currentModels.length > 2 ? key.name : what;
  return titled(key, title, `${pair}: ${MEANINGS[what]}`);
};
const table = lit('data-table-module').prototype;
amendGetter(table, 'keys', (/** @type {Key[]} */ all) => {
  const predictions = appState.currentModels.flatMap((model) =>
    all
      .filter(({ name }) => isPrediction(name) && isOf(name, model))
      .map((key) => titled(key, model, `the prediction of ${model}; in a search: ${key.name}`)),
  );
  const compared = all.filter(({ name }) => COMPARED.test(name)).map(shortened);
  const others = all.filter(
    ({ name }) => !COMPARED.test(name) && !predictions.some((key) => key.name === name),
  );
  const label = others.findIndex(({ name }) => name === 'label');
  others.splice(label + 1 || others.length, 0, ...predictions, ...compared);
  return others;
});
const updateColumns = table.updateColumns;
table.updateColumns = function () {
  updateColumns.call(this);
  for (const name of this.columnVisibility.keys()) {
    if (isPrediction(name)) this.columnVisibility.set(name, true);
    if (isAnnotated(name)) this.columnVisibility.set(name, false);
    if (COMPARED.test(name)) this.columnVisibility.set(name, appState.layoutName === 'compare');
  }
};
// LIT's table does not turn to the selected datapoint's page. Here it shows the datapoint, wherever
// it was selected: in another module or in the page's address.
const dataTable = lit('lit-data-table').prototype;
const tableUpdated = dataTable.updated;
/** @param {Map<string, unknown>} changed */
dataTable.updated = function (changed) {
  tableUpdated.call(this, changed);
  const selected = this.primarySelectedIndex;
  if (!changed.has('primarySelectedIndex') || selected == null || selected < 0) return;
  /** @type {{ inputIndex?: number }[]} */
  const rows = this.displayData;
  const place = rows.findIndex(({ inputIndex }) => inputIndex === selected);
  if (place < 0) return;
  this.pageNum = Math.floor(place / this.entriesPerPage);
  this.updateComplete.then(() => {
    const row = this.shadowRoot?.querySelector('tr.primary-selected');
    if (row != null && isCovered(row)) row.scrollIntoView({ block: 'center' });
  });
};
// Whether a row is scrolled out of view, or hidden behind the header or the footer.
/** @param {Element} row */
function isCovered(row) {
  const { left, top, bottom } = row.getBoundingClientRect();
  const root = /** @type {ShadowRoot} */ (row.getRootNode());
  return [top + 2, bottom - 2].some(
    (y) => root.elementFromPoint(left + 4, y)?.closest('tr') !== row,
  );
}
// LIT cuts long names of columns at their start, which names the model, so that the columns of two
// models look the same. Here names wrap.
addStyles(
  'lit-data-table',
  `.header-text, :host([searchenabled]) .header-text {
     direction: ltr; max-width: none; white-space: normal; text-align: start;
   }`,
);

// LIT offers every field in the datapoint editor and as an input of the plots. Annotators' columns
// are left out there, because they follow from the text.
/** @type {(state: AppState) => AppState} */
const withoutAnnotated = (state) =>
  Object.create(state, {
    currentDatasetSpec: {
      get: () =>
        Object.fromEntries(
          Object.entries(state.currentDatasetSpec).filter(([, type]) => !type.annotated),
        ),
    },
    currentInputDataKeys: {
      get() {
        return Object.keys(this.currentDatasetSpec);
      },
    },
  });
/** @type {WeakMap<object, AppState>} */
const states = new WeakMap();
for (const tag of ['datapoint-editor-module', 'scalar-module']) {
  Object.defineProperty(lit(tag).prototype, 'appState', {
    get() {
      return states.get(this);
    },
    set(state) {
      states.set(this, withoutAnnotated(state));
    },
  });
}
const generators = lit('generator-module').prototype;
const createEntries = generators.createEntries;
generators.createEntries = function () {
  const rows = createEntries.call(this);
  for (const row of rows) {
    for (const name of Object.keys(row).filter(isAnnotated)) delete row[name];
  }
  return rows;
};

// LIT gives a text from the page's address the first value of every column. Here it has only the
// values that the address names.
const { annotateNewData } = appState;
/** @this {AppState} @param {Input[]} datapoints */
appState.annotateNewData = function (datapoints) {
  const named = Object.values(this.getUrlConfiguration().dataFields);
  for (const [index, { data, meta }] of datapoints.entries()) {
    if (meta.source !== 'url') continue;
    for (const [name, { vocab }] of Object.entries(this.currentDatasetSpec)) {
      if (name in (named[index] ?? {})) continue;
      data[name] = typeof data[name] === 'string' && vocab == null ? '' : null;
    }
  }
  return annotateNewData.call(this, datapoints);
};
