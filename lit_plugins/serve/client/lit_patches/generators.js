// LIT runs a generator to its end without progress, and shows its results as rows of text fields.
// Here a run has progress and a Stop button, and results show the edit and the new prediction.

import { addStyles, amendGetter, html, lit } from '../lit/elements.js';
import { askUntil, newRun, sentenceOf, watchProgress } from '../lit/requests.js';

/** @import { Field, LitElementPatched } from '../lit/types.d.ts' */
/** @typedef {Record<string, any>} Config options of a generator, by name */

const EDIT = 'edit';
const PREDICTS = ' predicts';
const TEXT_WIDTH = 200;
const EDIT_WIDTH = 160;

const generators = lit('generator-module').prototype;

/**
 * A run of a generator.
 *
 * @typedef {object} Run
 * @property {string} generator
 * @property {string} name the name under which the server reports its progress
 * @property {AbortController} request
 * @property {number} done the number of finished texts
 * @property {number} total the number of texts; 0 until it is known
 * @property {string[]} notes the server's remarks
 * @property {string} [stopped] why there is no result
 */

// Each module's current or latest run.
/** @type {WeakMap<object, Run>} */
const runs = new WeakMap();

// A module has one run at a time: a new run aborts the one before, and the server stops it.
/** @param {string} generator @param {Config} config */
generators.handleGeneratorClick = function (generator, config) {
  runs.get(this)?.request.abort();
  this.resetEditedData();
  this.generate(generator, this.modelName, config);
};

/** @param {string} generator @param {string} model @param {Config} config */
generators.generate = async function (generator, model, config) {
  const request = new AbortController();
  const { signal } = request;
  /** @type {Run} */
  const run = { generator, name: newRun(), request, done: 0, total: 0, notes: [] };
  runs.set(this, run);
  this.isGenerating = true;
  this.appliedGenerator = generator;
  const ended = watchProgress(run.name, signal, (progress) => {
    Object.assign(run, progress);
    this.requestUpdate();
  });
  try {
    const inputs = this.selectionService.selectedInputData;
    const made = await askUntil(signal, () =>
      this.apiService.getGenerated(inputs, model, this.appState.currentDataset, generator, {
        ...config,
        run: run.name,
      }),
    );
    await ended();
    if (signal.aborted) {
      run.stopped = 'Stopped.';
    } else {
      this.generated = made;
      this.sliceName = this.makeAutoSliceName(generator, config);
    }
  } catch (error) {
    await ended();
    run.stopped = sentenceOf(error);
  }
  if (runs.get(this) !== run) return;
  // LIT resets the name when the selection changes, and shows no result without it.
  this.appliedGenerator = generator;
  this.isGenerating = false;
  this.requestUpdate();
};

const getStatus = generators.getStatus;
generators.getStatus = function () {
  const run = runs.get(this);
  if (run !== undefined && this.isGenerating) {
    const progress = run.total ? `${run.done} of ${run.total} texts` : 'starting';
    return html`<span class="run">
      ${run.generator}: ${progress}
      <button class="hairline-button" @click=${() => run.request.abort()}>Stop</button>
    </span>`;
  }
  if (run === undefined || this.appliedGenerator == null) return getStatus.call(this);
  if (run.stopped) return run.stopped;
  const made = counted(this.totalNumGenerated, 'counterfactual');
  const from = counted(this.generated.length, 'text');
  return [`${run.generator}: generated ${made} from ${from}.`, ...run.notes].join(' ');
};
/** @param {number} count @param {string} noun */
const counted = (count, noun) => `${count} ${noun}${count === 1 ? '' : 's'}`;
const renderEmptyNotice = generators.renderEmptyNotice;
generators.renderEmptyNotice = function () {
  const run = runs.get(this);
  const sentence = run?.stopped ?? run?.notes.join(' ');
  if (!sentence) return renderEmptyNotice.call(this);
  return html`<lit-interstitial>${sentence}</lit-interstitial>`;
};

// LIT names a slice after all options. Here its name has only those that are not at their default.
/** @param {string} generator @param {Config} config */
generators.makeAutoSliceName = function (generator, config) {
  const { configSpec } = this.appState.metadata.generators[generator];
  const chosen = Object.entries(config ?? {}).filter(([name, value]) => {
    const field = configSpec[name];
    if (field === undefined || Array.isArray(value)) return false;
    return name === 'model' || String(value) !== String(field.vocab?.[0] ?? field.default);
  });
  const named = chosen.map(([name, value]) => (name === 'model' ? value : `${name} ${value}`));
  return [generator, ...named].join(', ');
};

// The menu of models starts with the first open model.
const renderGeneratorButtons = generators.renderGeneratorButtons;
generators.renderGeneratorButtons = function () {
  const buttons = renderGeneratorButtons.call(this);
  for (const { values } of buttons.values[0]) {
    /** @type {Field | undefined} */
    const field = values[0].model;
    if (!field?.vocab?.includes(this.modelName)) continue;
    field.vocab = [this.modelName, ...field.vocab.filter((model) => model !== this.modelName)];
  }
  return buttons;
};
// LIT shows the edit as a text field. Here it is plain text, followed by the new prediction. Fields
// that no model reads are left out, because they are unchanged and take up room.
const createEntries = generators.createEntries;
generators.createEntries = function () {
  const { currentDatasetSpec, currentModelInfos } = this.appState;
  const inputs = Object.values(currentModelInfos).map((model) => model.spec.input);
  /** @param {string} name */
  const isRead = (name) => !(name in currentDatasetSpec) || inputs.some((spec) => name in spec);
  const made = this.generated.flat();
  /** @type {Record<string, unknown>[]} */
  const rows = createEntries.call(this);
  return rows.map((row, index) => {
    const { data, meta } = made[index];
    const shown = Object.entries(row).flatMap(([name, entry]) => {
      if (name !== EDIT) return isRead(name) ? [[name, entry]] : [];
      const edit = [name, data[EDIT]];
      return meta.prediction ? [edit, [meta.model + PREDICTS, meta.prediction]] : [edit];
    });
    return Object.fromEntries(shown);
  });
};
// LIT gives all columns the same width. Here texts and edits have a minimum width.
const renderGenerated = generators.renderGenerated;
generators.renderGenerated = function () {
  const shown = renderGenerated.call(this);
  const [names] = shown?.values ?? [];
  if (Array.isArray(names)) {
    shown.values[0] = names.map((/** @type {string} */ name) => {
      if (name === EDIT || name.endsWith(PREDICTS)) return { name, minWidth: EDIT_WIDTH };
      const kind = this.appState.currentDatasetSpec[name]?.name;
      return kind === 'TextSegment' ? { name, minWidth: TEXT_WIDTH } : name;
    });
  }
  return shown;
};
addStyles(
  'generator-module',
  `.run { display: flex; align-items: center; column-gap: 8px; white-space: nowrap; }
   .generators-panel { width: min(400px, 50%); }`,
);

// The data table shows the column of edits only if a datapoint has an edit.
const table = lit('data-table-module').prototype;
/** @param {LitElementPatched} module */
const hasEdits = (module) => module.appState.currentInputData.some(({ data }) => data[EDIT]);
/** @param {LitElementPatched} module */
function showEdits(module) {
  const { columnVisibility } = module;
  if (columnVisibility.has(EDIT)) columnVisibility.set(EDIT, hasEdits(module));
}
amendGetter(table, 'keys', (keys) => {
  for (const key of keys) if (key.name === EDIT) key.minWidth = EDIT_WIDTH;
  return keys;
});
const updateColumns = table.updateColumns;
table.updateColumns = function () {
  updateColumns.call(this);
  showEdits(this);
};
const firstUpdated = table.firstUpdated;
/** @param {unknown[]} changed */
table.firstUpdated = function (...changed) {
  firstUpdated.apply(this, changed);
  this.react(
    () => hasEdits(this),
    () => showEdits(this),
  );
};

// The column is for generated edits: the editor hides it, and texts changed by hand lose it.
const editor = lit('datapoint-editor-module').prototype;
const renderEntry = editor.renderEntry;
/** @param {string} name @param {unknown} value */
editor.renderEntry = function (name, value) {
  return name === EDIT ? null : renderEntry.call(this, name, value);
};
amendGetter(editor, 'editedData', (edited, { datapointEdited }) => {
  if (!datapointEdited || !edited.data[EDIT]) return edited;
  return { ...edited, data: { ...edited.data, [EDIT]: '' } };
});
