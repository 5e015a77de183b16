// Waterfalls side by side: what each word adds, from base value to output, for every open model, the
// selected and the pinned text, and as many methods as are chosen.

import { extentOf, isLong, kindOf, LARGEST, rowsOf } from '../explaining/waterfall.js';
import { measuresOf } from '../explaining/bars.js';
import { canCopy, contentOf, copy, FORMATS, save } from '../explaining/export.js';
import { decimalsOf } from '../explaining/figures.js';
import { MethodForm, methodFormStyles } from '../explaining/method_form.js';
import { comparesModels, explain, isExplained, labelsOf, methodsFor } from '../explaining/methods.js';
import { openAtFirst, treeOf } from '../explaining/phrases.js';
import { pictureOf } from '../explaining/picture.js';
import { define, html, Module, nothing, services } from '../module.js';
import { columnStyles, headingOf, renderColumn } from './attribution_column.js';

const NARROWEST = 300;
const WIDEST = 760;
const ROOM_FOR_ERRORS = 400;
const SPACE = 16;

const KINDS = { probability: 'probabilities', logit: 'logits', share: 'shares of the attention' };

class AttributionChart extends Module {
  static title = 'Attribution chart';
  static infoMarkdown =
    'How the words lead from the **base value**, what the model says without them, to its ' +
    '**output**: each bar begins where the one before ends. All models, texts and methods have one ' +
    'scale. Lines at the ends of bars are standard errors.';
  static numCols = 12;
  static duplicateForModelComparison = false;
  static duplicateForExampleComparison = false;
  static styles = [...Module.styles, methodFormStyles, columnStyles];

  static shouldDisplayModule(modelSpecs) {
    return Object.values(modelSpecs).some(({ interpreters }) =>
      interpreters.includes('explanation'),
    );
  }

  #resizes = new ResizeObserver(([{ contentRect }]) => {
    if (contentRect.width === 0 || contentRect.width === this.room) return;
    this.room = contentRect.width;
    this.requestUpdate();
  });

  forms = [this.#newForm()];
  columns = [];
  room = 0;
  bySize = false;
  withPhrases = true;
  onlyLargest = null;
  folds = new Map();
  format = FORMATS[0];
  said = '';

  get models() {
    return this.appState.currentModels.filter(isExplained);
  }

  get methods() {
    const { models } = this;
    const all = new Set(models.flatMap((model) => methodsFor([model])));
    return [...all].filter((title) => models.length === 1 || !comparesModels(title));
  }

  firstUpdated() {
    this.#resizes.observe(this);
    this.reactImmediately(
      () => [
        this.models.join(),
        services.selectionService.primarySelectedInputData,
        this.appState.compareExamplesEnabled,
        services.pinnedSelectionService.primarySelectedInputData,
      ],
      () => this.load(),
    );
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#resizes.disconnect();
  }

  #newForm(title) {
    return new MethodForm(this, () => this.load(), {
      models: () => this.models,
      methods: () => this.methods,
      title,
    });
  }

  /** What there has to be a column of, from left to right. */
  get #wanted() {
    const pinned = services.pinnedSelectionService.primarySelectedInputData;
    const selected = services.selectionService.primarySelectedInputData;
    const comparing = this.appState.compareExamplesEnabled && pinned;
    const texts = [
      ...(comparing ? [{ name: 'pinned', input: pinned }] : []),
      ...(selected ? [{ name: comparing ? 'selected' : '', input: selected }] : []),
    ];
    const { models } = this;
    return texts.flatMap(({ name, input }) =>
      this.forms.flatMap((form) =>
        models
          .filter((model) => methodsFor([model]).includes(form.title))
          .map((model) => {
            const label = form.target === null ? null : labelsOf(models[0])[form.target];
            const target = label === null ? null : labelsOf(model).indexOf(label);
            const request = { ...form.request, target };
            const key = JSON.stringify([this.appState.currentDataset, input.id, request]);
            const isSelected = name !== 'pinned';
            return { form, model, name, isSelected, input, request, label, key };
          }),
      ),
    );
  }

  async load() {
    const before = this.columns;
    this.columns = this.#wanted.map((each) => {
      const old = before.find(
        ({ form, model, isSelected }) =>
          form === each.form && model === each.model && isSelected === each.isSelected,
      );
      if (old?.isCurrent && old.key === each.key) return Object.assign(old, { name: each.name });
      return { ...each, explanation: old?.explanation ?? null, problem: '', isCurrent: false };
    });
    this.said = '';
    this.requestUpdate();
    this.giveUp('column');
    for (const column of this.columns.filter(({ isCurrent }) => !isCurrent)) {
      try {
        const { input, model, request } = column;
        if (request.target === -1) throw new Error(`${model} has no class ${column.label}.`);
        const ask = () => explain([input], model, request);
        const found = await this.latest('column', ask, { quiet: true });
        if (found === null) return;
        column.explanation = found[0];
      } catch (error) {
        column.explanation = null;
        column.problem = error.message;
      }
      column.isCurrent = true;
      this.requestUpdate();
    }
  }

  get #width() {
    const shared = Math.floor(this.room / Math.max(this.columns.length, 1)) - SPACE;
    return Math.max(NARROWEST, Math.min(shared, WIDEST));
  }

  /** The columns that have an explanation, with their rows and scales. */
  get #drawn() {
    const drawn = this.columns
      .filter(({ explanation }) => explanation !== null)
      .map((column) => {
        const { explanation } = column;
        const tree = this.withPhrases ? treeOf(explanation) : null;
        const open = tree ? openAtFirst(tree) : new Set();
        const isOpen = (key) => this.folds.get(key) ?? open.has(key);
        const onlyLargest = this.onlyLargest ?? isLong(explanation);
        const rows = rowsOf(explanation, { bySize: this.bySize, onlyLargest, tree, isOpen });
        return { column, explanation, rows, unit: explanation.unit, kind: kindOf(explanation) };
      });
    const width = this.#width;
    const decimals = new Map();
    const extents = new Map();
    for (const { kind } of drawn) {
      const alike = drawn.filter((each) => each.kind === kind);
      decimals.set(kind, decimalsOf(alike.flatMap(({ explanation }) => explanation.scores)));
      extents.set(kind, extentOf(alike.flatMap(({ rows }) => rows)));
    }
    const measures = measuresOf(
      drawn.map(({ rows }) => rows),
      width,
      Math.max(0, ...decimals.values()),
      width >= ROOM_FOR_ERRORS,
    );
    return drawn.map((each) => ({
      ...each,
      extent: extents.get(each.kind),
      measures: { ...measures, decimals: decimals.get(each.kind) },
    }));
  }

  /** What is to be known of the columns as a whole. */
  #remarksOf(drawn) {
    const remarks = [];
    const kinds = [...new Set(drawn.map(({ kind }) => kind))].map((kind) => KINDS[kind]);
    if (kinds.length > 1) {
      const listed = `${kinds.slice(0, -1).join(', ')} and ${kinds.at(-1)}`;
      remarks.push(`${listed[0].toUpperCase()}${listed.slice(1)} have a scale each.`);
    } else if (drawn.length > 1) remarks.push('All columns have one scale.');
    if (new Set(drawn.map(({ explanation }) => explanation.target_label)).size > 1) {
      remarks.push('The columns explain different classes.');
    }
    for (const { title } of this.forms) {
      const unsuited = this.models.filter((model) => !methodsFor([model]).includes(title));
      if (unsuited.length > 0) remarks.push(`${title} does not suit ${unsuited.join(', ')}.`);
    }
    return remarks;
  }

  renderImpl() {
    if (this.columns.length === 0) {
      return html`<lit-interstitial headline="Attribution chart">
        Select a datapoint to see what each of its words adds.
      </lit-interstitial>`;
    }
    const drawn = this.#drawn;
    const isLoading = this.columns.some(({ isCurrent }) => !isCurrent);
    const state = isLoading ? 'Computing.' : this.said;
    return html`<div class="module-container">
      <div class="module-toolbar">
        ${this.forms.map((form, at) => this.#renderForm(form, at))}
        ${this.#renderSwitches(drawn)} ${this.#renderExport(drawn)}
      </div>
      <p class="remarks" role="status">${[...this.#remarksOf(drawn), state].join(' ')}</p>
      <div class="module-results-area" tabindex="0" role="region" aria-label="Attribution charts">
        <div class="columns" style="--column: ${this.#width}px">
          ${this.columns.map((column) =>
            renderColumn(
              column,
              drawn.find((each) => each.column === column),
              (key, open) => this.#fold(key, open),
            ),
          )}
        </div>
      </div>
    </div>`;
  }

  #renderForm(form, at) {
    return html`<div class="choice" role="group" aria-label="Method ${at + 1}">
      ${form.render()}
      ${this.forms.length > 1
        ? html`<button class="hairline-button" aria-label="Remove ${form.title}"
            title="Remove ${form.title}" @click=${() => this.#remove(form)}>×</button>`
        : nothing}
      ${at === this.forms.length - 1
        ? html`<button class="hairline-button" @click=${() => this.#add()}>Add method</button>`
        : nothing}
    </div>`;
  }

  #renderSwitches(drawn) {
    const havePhrases = drawn.some(({ explanation }) => treeOf(explanation) !== null);
    const haveMore = drawn.some(({ explanation }) => explanation.words.length > LARGEST);
    const onlyLargest = this.onlyLargest ?? drawn.some(({ explanation }) => isLong(explanation));
    const set = (name, value) => {
      this[name] = value;
      this.requestUpdate();
    };
    return html`<div class="switches">
      <label>Order
        <select class="dropdown" @change=${(event) => set('bySize', event.target.value === 'size')}>
          <option value="text" ?selected=${!this.bySize}>as in the text</option>
          <option value="size" ?selected=${this.bySize}>by size</option>
        </select>
      </label>
      <label title=${havePhrases ? '' : 'None of the methods has phrases.'}>
        <input type="checkbox" .checked=${this.withPhrases} ?disabled=${!havePhrases}
          @change=${(event) => set('withPhrases', event.target.checked)}> Phrases
      </label>
      <label title=${haveMore ? '' : `There are no more than ${LARGEST} words.`}>
        <input type="checkbox" .checked=${haveMore && onlyLargest} ?disabled=${!haveMore}
          @change=${(event) => set('onlyLargest', event.target.checked)}> Largest ${LARGEST} words only
      </label>
    </div>`;
  }

  #renderExport(drawn) {
    const shown = drawn.filter(({ column }) => column.isCurrent);
    const none = shown.length === 0;
    return html`<div class="export">
      <label>As
        <select class="dropdown" @change=${(event) => {
          this.format = event.target.value;
        }}>
          ${FORMATS.map(
            (each) => html`<option value=${each} ?selected=${each === this.format}>${each}</option>`,
          )}
        </select>
      </label>
      <button class="hairline-button" ?disabled=${none || !canCopy()}
        title=${canCopy() ? '' : 'Over plain HTTP, browsers copy from their own machine only.'}
        @click=${() => this.#export(shown, copy, 'Copied.')}>Copy</button>
      <button class="hairline-button" ?disabled=${none} @click=${() =>
        this.#export(
          shown,
          (content) => save(content, `attributions.${this.format.toLowerCase()}`),
          'Saved.',
        )}>Save</button>
    </div>`;
  }

  async #export(shown, put, done) {
    try {
      const texts = [...new Set(shown.map(({ explanation }) => explanation.text))];
      const picture = pictureOf(
        shown.map((each) => ({ ...each, heading: headingOf(each.column) })),
        'What each word adds to what the model says',
        [...texts, ...this.#remarksOf(shown)].join('\n'),
      );
      const data = shown.map(({ column, explanation }) => ({ model: column.model, ...explanation }));
      await put(await contentOf(this.format, picture, data));
      this.said = done;
    } catch (error) {
      this.said = error.message;
    }
    this.requestUpdate();
  }

  #add() {
    const used = this.forms.map(({ title }) => title);
    const next = this.methods.find((title) => !used.includes(title)) ?? this.methods[0];
    this.forms = [...this.forms, this.#newForm(next)];
    this.load();
  }

  #remove(form) {
    this.forms = this.forms.filter((each) => each !== form);
    this.load();
  }

  #fold(key, open) {
    this.folds.set(key, open);
    this.requestUpdate();
  }
}

define('attribution-chart-module', AttributionChart);
