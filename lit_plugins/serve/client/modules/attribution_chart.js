// The attribution chart module: waterfall charts side by side, for each open model, the selected
// and the pinned text, and one or more methods.

import { MethodForm, methodFormStyles } from '../explaining/method_form.js';
import {
  comparesModels, explain, isExplained, labelsOf, methodsFor,
} from '../explaining/methods.js';
import { treeOf } from '../explaining/phrases.js';
import { isLong, LARGEST } from '../explaining/waterfall.js';
import { orderMenu } from '../menu.js';
import { css, define, html, Module, nothing, services } from '../module.js';
import { columnStyles, renderColumn } from './attribution_column.js';
import { AttributionExport } from './attribution_export.js';
import { columnWidth, drawnOf, remarksOf } from './attribution_scales.js';

/** @import { ModelInfos } from '../lit/types.d.ts' */
/** @import { Column, Drawn } from './attribution_column.js' */
/** @import { Settings } from './attribution_scales.js' */

const toolbarStyles = css`
  :host { display: block; height: 100%; }
  .module-toolbar { align-items: flex-start; gap: 2px 12px; padding: 4px; }
  .module-toolbar .hairline-button { margin: 0; padding: 0 8px; font-size: 12px; }
  .module-toolbar input { margin: 0; }
  .choice, .switches, .export { display: flex; align-items: center; gap: 8px; min-height: 24px; }
  .choice { flex-wrap: wrap; row-gap: 2px; }
  .choice .method-form { display: contents; }
  .choice .method-options { order: 1; }
  .switches { gap: 12px; }
  .module-toolbar .export { margin-left: auto; }
  .remarks {
    margin: 0; padding: 0 8px; min-height: 16px; font-size: 11px; line-height: 16px;
    color: var(--lit-neutral-700);
  }
  .module-results-area { overflow: auto; }
`;

class AttributionChart extends Module {
  static title = 'Attribution Chart';
  static infoMarkdown =
    'How the words lead from the **base value**, the output without them, to the model’s ' +
    '**output**: each bar begins where the bar before it ends. All models, texts and methods ' +
    'share one scale. Lines at the ends of bars show standard errors. With the option ' +
    '*interactions*, arcs join the words that act together most. The list below the bars says ' +
    'how much two words add together beyond what each of them adds alone.';
  static numCols = 12;
  static duplicateForModelComparison = false;
  static duplicateForExampleComparison = false;
  static styles = [...Module.styles, methodFormStyles, toolbarStyles, columnStyles];

  /** @param {ModelInfos} modelSpecs */
  static shouldDisplayModule(modelSpecs) {
    return Object.values(modelSpecs).some(({ interpreters }) =>
      interpreters.includes('explanation'),
    );
  }

  forms = [this.#newForm()];
  /** @type {Column[]} */
  columns = [];
  room = 0;
  /** @type {Settings} */
  settings = { bySize: false, withPhrases: true, onlyLargest: null, folds: new Map() };
  export = new AttributionExport(this);

  #resizes = new ResizeObserver(([{ contentRect }]) => {
    if (contentRect.width === 0 || contentRect.width === this.room) return;
    this.room = contentRect.width;
    this.requestUpdate();
  });

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
      () => {
        this.settings = { ...this.settings, folds: new Map() };
        this.load();
      },
    );
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#resizes.disconnect();
  }

  /** @param {string} [title] */
  #newForm(title) {
    return new MethodForm(this, () => this.load(), {
      models: () => this.models,
      methods: () => this.methods,
      title,
    });
  }

  /**
   * Returns the columns to show, from left to right, without explanations.
   *
   * @returns {Column[]}
   */
  get #wanted() {
    const selected = services.selectionService.primarySelectedInputData;
    const pinned = this.appState.compareExamplesEnabled
      ? services.pinnedSelectionService.primarySelectedInputData
      : null;
    const isCompared = selected !== null && pinned !== null;
    const [first] = this.models;
    /** @param {Column['which']} which @param {Column['input'] | null} input */
    const columnsOf = (which, input) =>
      this.forms.flatMap((form) => {
        const { title, target } = form;
        const label = target === null ? null : labelsOf(first)[target];
        const suited = this.models.filter((model) => methodsFor([model]).includes(title));
        return (input ? suited : []).map((model) => {
          const index = label === null ? null : labelsOf(model).indexOf(label);
          const request = { ...form.request, target: index };
          const key = JSON.stringify([this.appState.currentDataset, input?.id, request]);
          const pending = { explanation: null, isCurrent: false, problem: '' };
          return /** @type {Column} */ (
            { form, model, input, which, isCompared, request, key, ...pending }
          );
        });
      });
    return [...columnsOf('pinned', pinned), ...columnsOf('selected', selected)];
  }

  /** Requests the missing explanations, one column after another. */
  async load() {
    const before = this.columns;
    this.columns = this.#wanted.map((column) => {
      const old = before.find(
        ({ form, model, which }) =>
          form === column.form && model === column.model && which === column.which,
      );
      const { explanation = null, isCurrent = false, problem = '' } = old ?? {};
      return isCurrent && old?.key === column.key
        ? { ...column, explanation, isCurrent, problem }
        : { ...column, explanation };
    });
    this.export.said = '';
    this.requestUpdate();
    this.giveUp('column');
    for (const column of this.columns.filter(({ isCurrent }) => !isCurrent)) {
      try {
        const { input, model, request } = column;
        if (request.target === -1) throw new Error(`${model} has no such class.`);
        const ask = () => explain([input], model, request);
        const explanations = await this.latest('column', ask, { quiet: true });
        if (explanations === null) return;
        [column.explanation] = explanations;
      } catch (error) {
        column.explanation = null;
        column.problem = /** @type {Error} */ (error).message;
      }
      column.isCurrent = true;
      this.requestUpdate();
    }
  }

  /**
   * Returns sentences about all columns together.
   *
   * @param {Drawn[]} drawn
   */
  #remarksOf(drawn) {
    const unsuited = this.forms.flatMap(({ title }) => {
      const models = this.models.filter((model) => !methodsFor([model]).includes(title));
      return models.length > 0 ? [`${title} does not suit ${models.join(', ')}.`] : [];
    });
    const isWaiting = this.columns.some(({ isCurrent }) => !isCurrent);
    return [...remarksOf(drawn), ...unsuited, isWaiting ? 'Computing.' : this.export.said];
  }

  renderImpl() {
    if (this.columns.length === 0) {
      return html`<lit-interstitial headline="Attribution Chart">
        Select a datapoint to see what each of its words adds.
      </lit-interstitial>`;
    }
    const width = columnWidth(this.columns.length, this.room);
    const drawn = drawnOf(this.columns, this.settings, width);
    return html`<div class="module-container">
      <div class="module-toolbar">
        ${this.forms.map((form, index) => this.#renderForm(form, index))}
        ${this.#renderSwitches(drawn)} ${this.export.render(drawn)}
      </div>
      <p class="remarks" role="status">${this.#remarksOf(drawn).join(' ')}</p>
      <div class="module-results-area" tabindex="0" role="region" aria-label="Attribution charts">
        <div class="columns" style="--column: ${width}px">
          ${this.columns.map((column) =>
            renderColumn(
              column,
              drawn.find((drawing) => drawing.column === column),
              (key, open) => this.#change({ folds: new Map(this.settings.folds).set(key, open) }),
            ),
          )}
        </div>
      </div>
    </div>`;
  }

  /** @param {MethodForm} form @param {number} index */
  #renderForm(form, index) {
    const remove = () => {
      this.forms = this.forms.filter((other) => other !== form);
      this.load();
    };
    const add = () => {
      const used = this.forms.map(({ title }) => title);
      const next = this.methods.find((title) => !used.includes(title));
      this.forms = [...this.forms, this.#newForm(next)];
      this.load();
    };
    return html`<div class="choice" role="group" aria-label="Method ${index + 1}">
      ${form.render()}
      ${this.forms.length > 1
        ? html`<button class="hairline-button" aria-label="Remove ${form.title}"
            title="Remove ${form.title}" @click=${remove}>×</button>`
        : nothing}
      ${index === this.forms.length - 1
        ? html`<button class="hairline-button" @click=${add}>Add method</button>`
        : nothing}
    </div>`;
  }

  /** @param {Drawn[]} drawn */
  #renderSwitches(drawn) {
    const { bySize, withPhrases } = this.settings;
    const havePhrases = drawn.some(({ explanation }) => treeOf(explanation) !== null);
    const haveMore = drawn.some(({ explanation }) => explanation.words.length > LARGEST);
    const onlyLargest =
      this.settings.onlyLargest ?? drawn.some(({ explanation }) => isLong(explanation));
    return html`<div class="switches">
      ${orderMenu(bySize, 'by size', (largestFirst) => this.#change({ bySize: largestFirst }))}
      <label class="control" title=${havePhrases ? '' : 'None of these methods has phrases.'}>
        <input type="checkbox" .checked=${withPhrases} ?disabled=${!havePhrases}
          @change=${(event) => this.#change({ withPhrases: event.target.checked })}> Phrases
      </label>
      <label class="control" title=${haveMore ? '' : `There are no more than ${LARGEST} words.`}>
        <input type="checkbox" .checked=${haveMore && onlyLargest} ?disabled=${!haveMore}
          @change=${(event) => this.#change({ onlyLargest: event.target.checked })}>
        Largest ${LARGEST} words only
      </label>
    </div>`;
  }

  /** @param {Partial<Settings>} change */
  #change(change) {
    this.settings = { ...this.settings, ...change };
    this.export.said = '';
    this.requestUpdate();
  }
}

define('attribution-chart-module', AttributionChart);
