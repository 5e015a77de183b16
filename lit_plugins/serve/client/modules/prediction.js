// The prediction module: why the models say what they say of the selected text, at one glance.

import { MethodForm, methodFormStyles } from '../explaining/method_form.js';
import { isExplained, methodsOfOne } from '../explaining/methods.js';
import { background } from '../explaining/colors.js';
import { classStyles, marked } from '../lit/class_colours.js';
import { Module, css, define, html, nothing, services } from '../module.js';
import { Answers, classifyingModels } from './prediction_answers.js';
import { changeOf, changeStyles, renderChange } from './prediction_change.js';
import { Edit, editStyles, textField } from './prediction_edit.js';
import { Flip } from './prediction_flip.js';
import { goldOf, renderAnswer, renderScores, rowStyles, scoresAt } from './prediction_rows.js';
import { Similar, similarStyles } from './prediction_similar.js';
import { tipStyles, WordTip } from './prediction_tip.js';
import { changeStyles as differenceStyles } from './text_difference_changes.js';

/** @import { Input, ModelInfos } from '../module.js' */
/** @import { Change } from './prediction_change.js' */

const SCALE = [-0.8, -0.4, 0, 0.4, 0.8]; // the scores of the legend's colours

const frameStyles = css`
  .bar {
    padding: 6px 16px; border-bottom: 1px solid var(--lit-neutral-300);
  }
  .gold > :last-child {
    display: flex; flex-wrap: wrap; justify-content: space-between; gap: 4px 16px; font-size: 14px;
    line-height: 20px;
  }
  .legend { display: flex; align-items: center; gap: 6px; white-space: nowrap; }
  .legend > span { display: flex; border: 1px solid var(--lit-neutral-300); border-radius: 3px; }
  .legend i { width: 16px; height: 10px; }
  .module-results-area { container-type: inline-size; overflow: auto; }
  .actions {
    display: flex; flex-wrap: wrap; gap: 8px; padding: 8px 16px;
    border-top: 1px solid var(--lit-neutral-300);
  }
  .actions .hairline-button { margin: 0; }
  .actions .problem { padding: 4px 0; }
`;

// In a narrow module, a text stands below its prediction.
const narrowStyles = css`
  @container (max-width: 460px) {
    .answers { grid-template-columns: minmax(0, 1fr); padding-inline: 12px; row-gap: 12px; }
    .answer, .wide { display: block; }
    .verdict { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0 12px; }
  }
`;

class Prediction extends Module {
  static title = 'Prediction';
  static infoMarkdown =
    'What each model predicts for the selected text, and how much each word adds to that: by ' +
    '**SHAP**, or another method. *Flip it* finds the smallest edit that makes a model predict ' +
    'another class, and shows the other models’ predictions for it. *More like this* finds the ' +
    'nearest texts. *Edit* lets you change the text and see what happens.';
  static numCols = 6;
  static duplicateForModelComparison = false;
  static duplicateForExampleComparison = false;
  static styles = [
    ...Module.styles, methodFormStyles, classStyles, ...differenceStyles, frameStyles, rowStyles,
    changeStyles, similarStyles, editStyles, tipStyles, narrowStyles,
  ];

  /** @param {ModelInfos} modelSpecs */
  static shouldDisplayModule(modelSpecs) {
    return Object.values(modelSpecs).some(({ spec }) =>
      Object.values(spec.output).some(({ name }) => name === 'MulticlassPreds'),
    );
  }

  form = new MethodForm(this, () => this.shown.explainAgain(), {
    models: () => classifyingModels().filter(isExplained),
    methods: () => [...new Set(this.form.models().flatMap((model) => methodsOfOne([model])))],
  });
  answers = new Answers(this, 'selected', this.form);
  edit = new Edit(this, this.form, () => this.stopEdit());
  flip = new Flip(this, (input) => this.keep(input), () => this.open(''));
  similar = new Similar(this, () => this.open(''));
  tip = new WordTip(() => this.renderRoot, (span) => scoresAt(this.shown.all, span));
  /** @type {'' | 'flip' | 'similar'} */
  panel = '';
  /** What was changed, if the text was made from another. @type {Change | null} */
  change = null;
  /** Why a changed text could not be kept, or ''. */
  problem = '';
  /** Whether the selected text was just added here. */
  #isKept = false;
  /** The panel that was scrolled into view, with its content. */
  #inView = { panel: '', found: /** @type {unknown} */ (null) };

  firstUpdated() {
    this.reactImmediately(
      () => {
        const { currentDataset, currentModels } = this.appState;
        return [currentDataset, ...currentModels, this.input?.id].join('\n');
      },
      () => this.select(),
    );
  }

  /** The selected datapoint. */
  get input() {
    return services.selectionService.primarySelectedInputData;
  }

  /** The datapoint from which the selected one was made, if the dataset has it. */
  get parent() {
    return this.appState.getCurrentInputDataById(this.input?.meta.parentId ?? '');
  }

  /** The answers on view: for the selected text, or for the one that is being changed. */
  get shown() {
    return this.edit.isOpen ? this.edit.answers : this.answers;
  }

  async select() {
    const { input, parent } = this;
    this.open('');
    if (this.edit.isOpen) this.edit.close();
    this.change = null;
    this.answers.show(input);
    if (input === null || parent === null) return this.giveUp('parent');
    try {
      this.change = await changeOf(this, 'parent', parent, input);
    } catch {} // The rows say what is wrong.
    this.requestUpdate();
    if (!this.#isKept) return;
    this.#isKept = false;
    await this.updateComplete;
    this.renderRoot.querySelector('.change')?.scrollIntoView({ block: 'nearest' });
  }

  /** @param {Prediction['panel']} panel the part to show below the rows; '' for none. */
  open(panel) {
    this.flip.stop();
    this.similar.stop();
    this.panel = panel;
    this.problem = '';
    const { input } = this;
    if (input && panel) this[panel].search(input);
    this.requestUpdate();
  }

  async startEdit() {
    this.open('');
    this.edit.open(/** @type {Input} */ (this.input));
    await this.updateComplete;
    this.#focus('textarea');
  }

  async stopEdit() {
    this.edit.close();
    this.requestUpdate();
    await this.updateComplete;
    this.#focus('.actions button:last-of-type');
  }

  /** @param {string} selector */
  #focus(selector) {
    /** @type {HTMLElement | null} */ (this.renderRoot.querySelector(selector))?.focus();
  }

  /**
   * Adds a datapoint to the dataset and selects it, which shows it beside its parent.
   *
   * @param {Input} input
   */
  async keep(input) {
    this.problem = '';
    try {
      const made = await this.latest('keep', () => this.appState.annotateNewData([input]));
      if (made === null) return;
      this.appState.commitNewDatapoints(made);
      services.selectionService.selectIds(made.map(({ id }) => id));
      this.#isKept = true;
    } catch (error) {
      this.problem = /** @type {Error} */ (error).message;
      this.requestUpdate();
    }
  }

  updated() {
    const { panel } = this;
    const found = panel ? this[panel].found : null;
    if (panel === this.#inView.panel && found === this.#inView.found) return;
    this.#inView = { panel, found };
    this.renderRoot.querySelector('.panel')?.scrollIntoView({ block: 'nearest' });
  }

  renderImpl() {
    const { input } = this;
    if (input === null) {
      return html`<lit-interstitial headline="Prediction">
        Click a row of the table to see what the models predict, and why.
      </lit-interstitial>`;
    }
    const isExplainable = this.form.models().length > 0;
    return html`<div class="module-container">
      ${isExplainable
        ? html`<div class="bar">${this.form.render()}</div>`
        : nothing}
      <div class="module-results-area" @pointerover=${this.tip.pointed}
        @pointerleave=${() => this.tip.hide()} @scroll=${() => this.tip.hide()}
        @focusout=${() => this.tip.hide()} @keydown=${this.tip.moved}>
        <div class="answers">
          ${this.#renderHeading(input)}
          ${this.edit.isOpen ? this.#renderEdit() : nothing}
          ${this.#renderRows(input)}
          ${this.#renderPanel()}
        </div>
        ${renderScores(this.shown.all)}
      </div>
      ${this.#renderActions()}
      <div class="tip" popover="manual" role="status"></div>
    </div>`;
  }

  /** Renders the gold label, and what the colours mean. @param {Input} input */
  #renderHeading(input) {
    const { field, label } = goldOf(classifyingModels()[0], input);
    const isCopied = this.edit.isOpen || this.parent !== null;
    return html`<div class="wide gold">
      <span class="quiet">${label ? field : ''}</span>
      <div>
        <span>${label ? marked(label) : nothing}
          <span class="quiet">${label && isCopied ? 'as before the change' : ''}</span></span>
        <span class="quiet legend">speaks against
          <span aria-hidden="true">${SCALE.map(
            (score) => html`<i style="background: ${background(score, 'probability')}"></i>`,
          )}</span> for the class</span>
      </div>
    </div>`;
  }

  #renderEdit() {
    return html`<div class="wide">
      <span class="quiet">${textField()}</span><div>${this.edit.render()}</div>
    </div>`;
  }

  /** @param {Input} input */
  #renderRows(input) {
    const { isOpen, isChanged } = this.edit;
    const before = isOpen && isChanged ? this.answers.all : [];
    return this.shown.all.map((answer, row) =>
      renderAnswer(answer, {
        input,
        text: (isOpen ? this.edit.text : input.data[textField()]) ?? '',
        row,
        withMark: !isOpen || !isChanged,
        before: before.find(({ model }) => model === answer.model)?.probabilities ?? null,
        again: () => this.shown.again(answer),
      }),
    );
  }

  #renderPanel() {
    if (this.panel) return html`<div class="panel wide">${this[this.panel].render()}</div>`;
    if (this.change === null || this.edit.isOpen) return nothing;
    return renderChange({
      change: this.change,
      title: 'What was changed',
      remark: 'from the text it was made from',
      buttons: nothing,
    });
  }

  #renderActions() {
    const { edit } = this;
    if (edit.isOpen) {
      return html`<div class="actions" role="toolbar" aria-label="The changed text">
        <button class="hairline-button" ?disabled=${!edit.isChanged}
          @click=${() => this.keep(edit.input)}>Keep</button>
        <button class="hairline-button" @click=${() => this.stopEdit()}>Cancel</button>
        ${this.#renderProblem()}
      </div>`;
    }
    /** @param {'flip' | 'similar'} panel @param {string} name @param {boolean} isPossible */
    const button = (panel, name, isPossible) => html`<button class="hairline-button"
      aria-pressed=${String(this.panel === panel)} ?disabled=${!isPossible}
      @click=${() => this.open(panel)}>${name}</button>`;
    return html`<div class="actions" role="toolbar" aria-label="The selected text">
      ${button('flip', 'Flip it', this.flip.model !== '')}
      ${button('similar', 'More like this', this.similar.embedding !== undefined)}
      <button class="hairline-button" @click=${() => this.startEdit()}>Edit</button>
      ${this.#renderProblem()}
    </div>`;
  }

  #renderProblem() {
    return this.problem ? html`<span class="problem" role="alert">${this.problem}</span>` : nothing;
  }
}

define('prediction-module', Prediction);
