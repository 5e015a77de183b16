// LIT computes every metric for every line of its table by itself. Here slow metrics are computed
// only when a user asks for them, one request at a time.

import { addStyles, amendGetter, html, lit } from '../lit/elements.js';
import { optionField, optionStyles } from '../lit/option_field.js';
import { askUntil } from '../lit/requests.js';

/** @import { ComponentInfo, Field, Input, LitElementPatched } from '../lit/types.d.ts' */

/** @typedef {Record<string, { displayVal: string }>} Facets the values of facets, by their names */
/** @typedef {{ pred_key: string, texts: number | null, metrics: Record<string, number> }} Values */
/** @typedef {Record<string, Values[]>} Answer */
/**
 * @typedef {object} Line a line of the table: a set of datapoints
 * @property {string} selection the name of the set
 * @property {Facets | undefined} facets
 * @property {string[]} exampleIds
 * @property {unknown} source
 *
 * @typedef {Line & { asked?: true, [name: string]: any }} Row a line for one model; asked: whether
 *   a user asked for its metrics, which then come from `texts` of the datapoints
 *
 * @typedef {object} Question one metric of one line for one model
 * @property {Line} line
 * @property {string} model
 * @property {string} metric
 * @property {object} config
 *
 * @typedef {object} State the state of one module
 * @property {Set<string>} on the metrics that are ticked in the form
 * @property {Record<string, any>} values the values of the form's changed fields
 * @property {{ metric: string, config: object }[]} asked the metrics that a user asked for
 * @property {Question[]} waiting the questions that wait
 * @property {number} done the number of questions that left the queue
 * @property {Question} [question] the question that is being computed
 * @property {AbortController} [request] its request
 */

const ASKED = 'asked';
const METHODS = 'methods';

const metrics = lit('metrics-module').prototype;

/** @type {WeakMap<LitElementPatched, State>} */
const states = new WeakMap();
/** @param {LitElementPatched} module */
const stateOf = (module) => {
  const state = states.get(module) ?? {
    on: new Set(), values: {}, asked: [], waiting: [], done: 0,
  };
  states.set(module, state);
  return state;
};

// Returns the slow metrics of the open models. Their specs have the field ASKED.
/** @param {LitElementPatched} module */
const offered = ({ appState: { currentModels, metadata } }) =>
  Object.entries(metadata.metrics).filter(
    ([name, { configSpec }]) =>
      ASKED in configSpec &&
      currentModels.some((model) => metadata.models[model].metrics.includes(name)),
  );
/** @param {State} state @param {string} metric @param {string} name @param {Field} field */
const valueOf = (state, metric, name, field) =>
  state.values[keyOf(metric, name)] ?? field.default;
// All metrics that depend on explanation methods share one choice of methods.
/** @param {string} metric @param {string} name */
const keyOf = (metric, name) => (name === METHODS ? METHODS : `${metric}: ${name}`);

/** @param {Facets | undefined} facets */
const facetsOf = (facets) =>
  Object.values(facets ?? {}).map(({ displayVal }) => displayVal).join('-');
/** @param {Line} row @param {Line} line */
const isOf = (row, line) =>
  row.selection === line.selection &&
  facetsOf(row.facets) === facetsOf(line.facets) &&
  row.exampleIds.length === line.exampleIds.length &&
  row.exampleIds.every((id, at) => id === line.exampleIds[at]);
/** @param {LitElementPatched} module */
const rowsOf = (module) => /** @type {Record<string, Row>} */ (module.metricsMap);
/** @param {LitElementPatched} module @param {Question} question */
const isWanted = (module, { line, model }) =>
  module.isConnected &&
  module.appState.currentModels.includes(model) &&
  Object.values(rowsOf(module)).some((row) => row.asked == null && isOf(row, line));

// Sends one request after another, so that the browser has connections left for quick requests.
/** @param {LitElementPatched} module */
async function work(module) {
  const state = stateOf(module);
  if (state.request) return;
  for (;;) {
    const question = state.waiting.shift();
    if (question === undefined) break;
    state.done += 1;
    if (!isWanted(module, question)) continue;
    module.requestUpdate();
    state.question = question;
    state.request = new AbortController();
    const { signal } = state.request;
    module.pendingCalls += 1;
    try {
      const answer = await askUntil(signal, () => ask(module, question));
      if (!signal.aborted && isWanted(module, question)) show(module, question, answer);
    } catch {
      state.waiting = []; // the status bar shows the error, and the other requests would fail too
    }
    module.pendingCalls -= 1;
    state.request = undefined;
  }
  state.done = 0;
  module.requestUpdate();
}

/** @param {LitElementPatched} module @param {Question} question @returns {Promise<Answer>} */
function ask(module, { line, model, metric, config }) {
  const examples = module.appState.getExamplesById(line.exampleIds);
  const { currentDataset } = module.appState;
  return module.apiService.getMetrics(
    examples, model, currentDataset, metric, config, `Computing ${metric}`, true,
  );
}

/** @param {LitElementPatched} module @param {Question} question @param {Answer} answer */
function show(module, { line, model, metric }, answer) {
  const rows = Object.entries(rowsOf(module));
  const asked = Object.fromEntries(rows.filter(([, row]) => row.asked != null));
  for (const { pred_key: predKey, texts, metrics: values } of answer[metric] ?? []) {
    // Values of different samples have lines of their own.
    const key = module.getRowKey(model, line.selection, `${predKey}-${texts}`, line.facets);
    const row = asked[key] ?? { ...line, model, predKey, texts, asked: true, headMetrics: {} };
    asked[key] = { ...row, headMetrics: { ...row.headMetrics, [metric]: values } };
  }
  // The table shows the lines in the order of this object.
  const others = Object.fromEntries(rows.filter(([, row]) => row.asked == null));
  module.metricsMap = { ...asked, ...others };
}

// Queues all requested metrics of one line.
/** @param {LitElementPatched} module @param {Line} line */
function enqueue(module, line) {
  const state = stateOf(module);
  const { currentModels, metadata } = module.appState;
  for (const { metric, config } of state.asked) {
    for (const model of currentModels) {
      if (!metadata.models[model].metrics.includes(metric)) continue;
      /** @param {Question} question */
      const isSame = (question) =>
        question.model === model && question.metric === metric && isOf(question.line, line);
      if (!state.waiting.some(isSame)) state.waiting.push({ line, model, metric, config });
    }
  }
  work(module);
}
// Queues all requested metrics of all lines in the table.
/** @param {LitElementPatched} module */
function enqueueAll(module) {
  /** @type {Line[]} */
  const lines = [];
  for (const row of Object.values(rowsOf(module))) {
    const { selection, facets, exampleIds, source } = row;
    const line = { selection, facets, exampleIds, source };
    if (row.asked == null && !lines.some((other) => isOf(row, other))) lines.push(line);
  }
  for (const line of lines) enqueue(module, line);
}

/** @param {LitElementPatched} module */
function giveUp(module) {
  const state = stateOf(module);
  state.waiting = [];
  state.request?.abort();
}
/** @param {LitElementPatched} module */
function forget(module) {
  giveUp(module);
  for (const [key, row] of Object.entries(rowsOf(module))) {
    if (row.asked != null) delete module.metricsMap[key];
  }
}

/** @param {LitElementPatched} module */
function compute(module) {
  const state = stateOf(module);
  forget(module);
  state.asked = offered(module)
    .filter(([metric]) => state.on.has(metric))
    .map(([metric, { configSpec }]) => {
      const values = Object.entries(configSpec)
        .filter(([name]) => name !== ASKED)
        .map(([name, field]) => [name, valueOf(state, metric, name, field)]);
      return { metric, config: { ...Object.fromEntries(values), [ASKED]: true } };
    });
  enqueueAll(module);
}

// Each line that LIT adds gets the requested metrics; requests for lines that are gone are aborted.
const addMetrics = metrics.addMetrics;
/**
 * @param {Input[]} datapoints
 * @param {unknown} source
 * @param {Facets | undefined} facets
 * @param {string | undefined} name
 */
metrics.addMetrics = async function (datapoints, source, facets, name) {
  await addMetrics.call(this, datapoints, source, facets, name);
  const state = stateOf(this);
  if (state.request && state.question && !isWanted(this, state.question)) state.request.abort();
  if (state.asked.length === 0 || datapoints.length === 0) return;
  const selection = `${name ?? source}${facets == null ? '' : ' (faceted)'}`;
  enqueue(this, { selection, facets, exampleIds: datapoints.map(({ id }) => id), source });
};
const firstUpdated = metrics.firstUpdated;
/** @param {unknown[]} changed */
metrics.firstUpdated = function (...changed) {
  firstUpdated.apply(this, changed);
  // LIT runs these functions when the module is removed. The browser would call no patched
  // disconnectedCallback: it keeps the one that the element was defined with.
  this.reactionDisposers.push(() => giveUp(this));
};

// The requested metrics' columns come before LIT's own.
/** @typedef {{ header: { name?: string }[], data: unknown[][] }} Table */
amendGetter(metrics, 'tableData', (/** @type {Table} */ { header, data }, { appState }) => {
  const first = header.findIndex(({ name }) => name != null); // columns before it name the line
  if (first < 0) return { header, data };
  const infos = appState.metadata.metrics;
  const isAsked = ({ name = '' }) => ASKED in infos[name.split(': ')[0]].configSpec;
  const columns = [...header.keys()];
  const order = [
    ...columns.slice(0, first),
    ...columns.slice(first).filter((column) => isAsked(header[column])),
    ...columns.slice(first).filter((column) => !isAsked(header[column])),
  ];
  /** @param {unknown[]} row */
  const ordered = (row) => order.map((column) => row[column]);
  return { header: ordered(header), data: data.map(ordered) };
});

// The form of the slow metrics, behind a button beside the facets.
const renderFacetSelector = metrics.renderFacetSelector;
metrics.renderFacetSelector = function () {
  const groups = offered(this);
  if (groups.length === 0) return renderFacetSelector.call(this);
  const state = stateOf(this);
  const total = state.done + state.waiting.length;
  return html`${renderFacetSelector.call(this)}
    <popup-container class="more-metrics">
      <button class="hairline-button" slot="toggle-anchor">More metrics</button>
      <div class="more-metrics-form">
        ${groups.map(([metric, info]) => renderGroup(this, metric, info))}
        ${renderMethods(this, groups)}
        <div class="more-metrics-buttons">
          <button class="hairline-button" @click=${() => compute(this)}>Compute</button>
        </div>
      </div>
    </popup-container>
    ${state.request
      ? html`<span class="more-metrics-progress">${state.done} of ${total}</span>
          <button class="hairline-button" @click=${() => giveUp(this)}>Stop</button>`
      : null}`;
};

/** @param {LitElementPatched} module @param {string} metric @param {ComponentInfo} info */
function renderGroup(module, metric, { options, description }) {
  const state = stateOf(module);
  const toggle = () => {
    if (!state.on.delete(metric)) state.on.add(metric);
    module.requestUpdate();
  };
  const isOn = state.on.has(metric);
  return html`<div class="more-metrics-group">
    <lit-checkbox label=${description} ?checked=${isOn} @change=${toggle}></lit-checkbox>
    ${(isOn ? options : []).map((option) => {
      const key = keyOf(metric, option.name);
      return optionField(option, state.values[key], (value) => {
        state.values[key] = value;
        module.requestUpdate();
      });
    })}
  </div>`;
}

/** @param {LitElementPatched} module @param {[string, ComponentInfo][]} groups */
function renderMethods(module, groups) {
  const state = stateOf(module);
  const group = groups.find(
    ([metric, { configSpec }]) => METHODS in configSpec && state.on.has(metric),
  );
  if (group === undefined) return null;
  const [metric, { configSpec }] = group;
  const field = configSpec[METHODS];
  const vocab = field.vocab ?? [];
  const chosen = valueOf(state, metric, METHODS, field);
  return html`<div class="more-metrics-methods">
    ${vocab.map((method) => {
      const toggle = () => {
        /** @param {string} name */
        const isChosen = (name) => (name === method) !== chosen.includes(name);
        state.values[METHODS] = vocab.filter(isChosen);
        module.requestUpdate();
      };
      const isOn = chosen.includes(method);
      return html`<lit-checkbox label=${method} ?checked=${isOn} @change=${toggle}>
      </lit-checkbox>`;
    })}
  </div>`;
}

addStyles(
  'metrics-module',
  `${optionStyles}
   .module-toolbar > .more-metrics { order: -1; }
   .more-metrics-form {
     display: flex; flex-direction: column; gap: 4px; padding: 8px; width: 520px;
   }
   .more-metrics-group > .option { margin-inline-start: 24px; }
   .more-metrics-methods {
     display: grid; grid-template-columns: 1fr 1fr; border-top: 1px solid var(--lit-neutral-300);
     padding-top: 4px;
   }
   .more-metrics-buttons { display: flex; justify-content: end; }
   .more-metrics-progress { margin-inline: 8px; white-space: nowrap; }`,
);
