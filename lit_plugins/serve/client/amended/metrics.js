// Metrics that take long: the page asks for them when a user does, one line of the table at a time.

import { addStyles, html, lit } from '../lit/elements.js';
import { askUntil } from '../lit/requests.js';
import { dataService, groupService } from '../lit/services.js';

const ASKED = 'asked';
const METHODS = 'methods';

const metrics = lit('metrics-module').prototype;

// What each module's form says, what it asked for, and the questions that wait.
const states = new WeakMap();
const stateOf = (module) => {
  if (!states.has(module)) {
    states.set(module, { on: new Set(), values: {}, asked: [], waiting: [], done: 0 });
  }
  return states.get(module);
};

// The metrics that wait to be asked for have a form, and those of the open models are offered.
const offered = ({ appState: { currentModels, metadata } }) =>
  Object.entries(metadata.metrics).filter(
    ([name, { configSpec }]) =>
      ASKED in configSpec && currentModels.some((model) => metadata.models[model].metrics.includes(name)),
  );
const valueOf = (state, metric, name, field) => state.values[keyOf(metric, name)] ?? field.default;
// The methods are the same for all metrics that are about some.
const keyOf = (metric, name) => (name === METHODS ? METHODS : `${metric}: ${name}`);

// A line of the table: some datapoints, by a name and the values of facets.
const facetsOf = (facets) => Object.values(facets ?? {}).map(({ displayVal }) => displayVal).join('-');
const isOf = (row, line) =>
  row.selection === line.selection &&
  facetsOf(row.facets) === facetsOf(line.facets) &&
  row.exampleIds.length === line.exampleIds.length &&
  row.exampleIds.every((id, at) => id === line.exampleIds[at]);
const isWanted = (module, { line, model }) =>
  module.isConnected &&
  module.appState.currentModels.includes(model) &&
  Object.values(module.metricsMap).some((row) => row.asked == null && isOf(row, line));

// Asks for one thing after the other, so that the page has connections left for what is quick.
async function work(module) {
  const state = stateOf(module);
  if (state.request) return;
  while (state.waiting.length > 0) {
    const question = state.waiting.shift();
    state.done += 1;
    if (!isWanted(module, question)) continue;
    module.requestUpdate();
    state.question = question;
    state.request = new AbortController();
    const { signal } = state.request;
    module.pendingCalls += 1;
    try {
      const found = await askUntil(signal, () => ask(module, question));
      if (!signal.aborted && isWanted(module, question)) show(module, question, found);
    } catch {
      state.waiting = []; // the status bar says what is wrong; the rest would be, too
    }
    module.pendingCalls -= 1;
    state.request = undefined;
  }
  state.done = 0;
  module.requestUpdate();
}

function ask(module, { line, model, metric, config }) {
  const examples = module.appState.getExamplesById(line.exampleIds);
  const { currentDataset } = module.appState;
  const message = `Computing ${metric}`;
  return module.apiService.getMetrics(examples, model, currentDataset, metric, config, message, true);
}

function show(module, { line, model, metric }, found) {
  const rows = Object.entries(module.metricsMap);
  const asked = Object.fromEntries(rows.filter(([, row]) => row.asked != null));
  for (const { pred_key: predKey, metrics: values } of found[metric] ?? []) {
    const key = module.getRowKey(model, line.selection, predKey, line.facets);
    const row = asked[key] ?? { ...line, model, predKey, asked: true, headMetrics: {} };
    asked[key] = { ...row, headMetrics: { ...row.headMetrics, [metric]: values } };
  }
  // The table has the lines in this order.
  module.metricsMap = { ...asked, ...Object.fromEntries(rows.filter(([, row]) => row.asked == null)) };
}

// Everything that was asked for, of one line, and of all lines that stand in the table.
function enqueue(module, line) {
  const state = stateOf(module);
  const { currentModels, metadata } = module.appState;
  for (const { metric, config } of state.asked) {
    for (const model of currentModels) {
      if (!metadata.models[model].metrics.includes(metric)) continue;
      const isSame = (each) => each.model === model && each.metric === metric && isOf(each.line, line);
      if (!state.waiting.some(isSame)) state.waiting.push({ line, model, metric, config });
    }
  }
  work(module);
}
function enqueueAll(module) {
  const lines = [];
  for (const row of Object.values(module.metricsMap)) {
    const { selection, facets, exampleIds, source } = row;
    const line = { selection, facets, exampleIds, source };
    if (row.asked == null && !lines.some((each) => isOf(row, each))) lines.push(line);
  }
  for (const line of lines) enqueue(module, line);
}

function giveUp(module) {
  const state = stateOf(module);
  state.waiting = [];
  state.request?.abort();
}
function forget(module) {
  giveUp(module);
  for (const [key, row] of Object.entries(module.metricsMap)) {
    if (row.asked != null) delete module.metricsMap[key];
  }
}

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

// Each line that LIT adds gets what was asked for; what lines that are gone waited for is given up.
const addMetrics = metrics.addMetrics;
metrics.addMetrics = async function (datapoints, source, facets, name) {
  await addMetrics.call(this, datapoints, source, facets, name);
  const state = stateOf(this);
  if (state.request && !isWanted(this, state.question)) state.request.abort();
  if (state.asked.length === 0 || datapoints.length === 0) return;
  const selection = `${name ?? source}${facets == null ? '' : ' (faceted)'}`;
  enqueue(this, { selection, facets, exampleIds: datapoints.map(({ id }) => id), source });
};
const connectedCallback = metrics.connectedCallback;
metrics.connectedCallback = function () {
  connectedCallback.call(this);
  // A column's values come after the datapoint that they are of, and facets go by them.
  let facets;
  this.react(
    () => [this.selectedFacets, ...this.selectedFacets.map((name) => dataService.columnData.get(name))],
    ([selected]) => {
      if (facets === selected) this.updateAllFacetedMetrics();
      facets = selected;
    },
  );
};
const disconnectedCallback = metrics.disconnectedCallback;
metrics.disconnectedCallback = function () {
  disconnectedCallback.call(this);
  giveUp(this);
};
// What has no value yet is in no bin; LIT takes it for 0.
const { getNumericalBinForExample } = groupService;
groupService.getNumericalBinForExample = function (bins, input, feature) {
  if (dataService.getVal(input.id, feature) == null) return null;
  return getNumericalBinForExample.call(this, bins, input, feature);
};

// What was asked for stands before what is there anyway, lines and columns.
const tableData = Object.getOwnPropertyDescriptor(metrics, 'tableData').get;
Object.defineProperty(metrics, 'tableData', {
  configurable: true,
  get() {
    const { header, data } = tableData.call(this);
    const first = header.findIndex((each) => each.name != null); // the others are of the line
    if (first < 0) return { header, data };
    const infos = this.appState.metadata.metrics;
    const isAsked = (at) => ASKED in infos[header[at].name.split(': ')[0]].configSpec;
    const columns = header.map((_, at) => at).slice(first);
    const order = [
      ...header.map((_, at) => at).slice(0, first),
      ...columns.filter(isAsked),
      ...columns.filter((at) => !isAsked(at)),
    ];
    const ordered = (row) => order.map((at) => row[at]);
    return { header: ordered(header), data: data.map(ordered) };
  },
});

// The form, behind a button beside the facets.
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

function renderGroup(module, metric, { configSpec, description }) {
  const state = stateOf(module);
  const toggle = () => {
    if (!state.on.delete(metric)) state.on.add(metric);
    module.requestUpdate();
  };
  const fields = Object.entries(configSpec).filter(([name]) => name !== ASKED && name !== METHODS);
  return html`<div class="more-metrics-group">
    <lit-checkbox label=${description} ?checked=${state.on.has(metric)} @change=${toggle}>
    </lit-checkbox>
    ${fields.map(
      ([name, field]) => html`<label>at most
        <input type="text" aria-label=${`${metric} ${name}`} .value=${valueOf(state, metric, name, field)}
          @input=${(event) => {
            state.values[keyOf(metric, name)] = event.target.value;
          }}>
        ${name}</label>`,
    )}
  </div>`;
}

function renderMethods(module, groups) {
  const state = stateOf(module);
  const info = groups.find(([metric, { configSpec }]) => METHODS in configSpec && state.on.has(metric));
  if (info == null) return null;
  const field = info[1].configSpec[METHODS];
  const chosen = valueOf(state, info[0], METHODS, field);
  return html`<div class="more-metrics-methods">
    ${field.vocab.map((method) => {
      const toggle = () => {
        const isChosen = (each) => (each === method) !== chosen.includes(each);
        state.values[METHODS] = field.vocab.filter(isChosen);
        module.requestUpdate();
      };
      return html`<lit-checkbox label=${method} ?checked=${chosen.includes(method)} @change=${toggle}>
      </lit-checkbox>`;
    })}
  </div>`;
}

addStyles(
  'metrics-module',
  `.module-toolbar > .more-metrics { order: -1; }
   .more-metrics-form { display: flex; flex-direction: column; gap: 4px; padding: 8px; width: 520px; }
   .more-metrics-group {
     display: flex; justify-content: space-between; align-items: center; gap: 8px;
   }
   .more-metrics-group label { white-space: nowrap; }
   .more-metrics-group input { width: 48px; text-align: end; }
   .more-metrics-methods {
     display: grid; grid-template-columns: 1fr 1fr; border-top: 1px solid var(--lit-neutral-300);
     padding-top: 4px;
   }
   .more-metrics-buttons { display: flex; justify-content: end; }
   .more-metrics-progress { margin-inline: 8px; white-space: nowrap; }`,
);
