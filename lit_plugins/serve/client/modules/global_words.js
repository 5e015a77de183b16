// The global words module: over many texts, the words that support a class and those that speak
// against it.

import { save } from '../explaining/export.js';
import { missingOf, nameOf } from '../explaining/number_format.js';
import { MethodForm, methodFormStyles } from '../explaining/method_form.js';
import { labelsOf } from '../explaining/methods.js';
import { textFieldOf } from '../lit/fields.js';
import { hintOf, optionControl } from '../lit/option_field.js';
import { menu } from '../menu.js';
import { Module, css, define, html, newRun, nothing, services, watchProgress } from '../module.js';
import { asCsv, asJson } from './global_words_export.js';
import { showChosen } from './global_words_lists.js';
import { counted, renderResult, resultStyles } from './global_words_result.js';

/** @import { Answer, Result, Word } from './global_words.d.ts' */
/** @import { OptionForm } from '../lit/types.d.ts' */
/** @import { ModelInfos } from '../module.js' */

const INTERPRETER = 'global words';
const METHOD = 'method';
const LIMITS = ['texts', 'at_least'];
const DATASET = 'dataset';
const SELECTION = 'selection';
const SLICE = 'slice ';

class GlobalWords extends Module {
  static title = 'Global Words';

  static infoMarkdown = `The words that support a class and those that speak against it, over the
dataset, the selection or a slice.

- One method explains each text, for one class. A word's **mean** is the mean of its scores in all
  texts: how much it adds to the class's logit or probability. Case is ignored, and a word that
  occurs twice in a text counts twice.
- **±** is the mean's standard error: how far off the mean would be with other texts of the same
  kind.
- Click a word, or move with the arrow keys and press Enter, to see its sentences. Click a sentence
  to select its text.
- If there are too many texts, a fixed random sample of them is explained. Stop keeps the finished
  texts, and Compute continues from there.`;

  static numCols = 12;
  static duplicateForModelComparison = true;
  static duplicateForExampleComparison = false;
  static duplicateAsRow = true;

  static styles = [
    ...Module.styles,
    methodFormStyles,
    resultStyles,
    css`
      .hairline-button { margin: 0; padding: 0 8px; font-size: 12px; }
      .dropdown, input { font: inherit; margin: 0; }
      .controls > .method-form { display: contents; }
      .controls > label > input { width: 56px; text-align: end; }
      .status {
        flex-shrink: 0; display: flex; align-items: center; gap: 8px; height: 34px; padding: 0 8px;
        border-block: 1px solid var(--lit-neutral-300);
      }
      .status > .said {
        flex: 1; line-height: 15px; max-height: 30px; overflow: hidden; text-wrap: pretty;
      }
      .status > progress { width: 120px; }
      .status > input { width: 88px; }
      .status .other { color: var(--google-red-700); }
    `,
  ];

  /** @param {ModelInfos} modelSpecs */
  static shouldDisplayModule(modelSpecs) {
    return Object.values(modelSpecs).some(({ interpreters }) => interpreters.includes(INTERPRETER));
  }

  form = new MethodForm(this, () => {}, { methods: () => this.methods, predicted: false });
  scope = DATASET;
  /** The limits that the user has changed. @type {Record<string, string>} */
  limits = {};
  query = '';
  /** @type {'mean' | 'count'} */
  sort = 'mean';

  /** @type {Result | null} */
  result = null;
  /** The chosen word of the result. @type {Word | null} */
  word = null;
  /** The index of the chosen sentence of the word, or -1. */
  sentence = -1;

  /** The name of the latest run. */
  run = '';
  /** The progress of the run; null after its end. @type {{ done: number, total: number } | null} */
  progress = null;
  /** Why the run has no result; '' if it has one. */
  problem = '';

  get spec() {
    return this.appState.metadata.interpreters[INTERPRETER].configSpec;
  }

  /**
   * Returns an option that limits the number of texts or words.
   *
   * @param {string} name
   */
  limitOf(name) {
    const { options } = this.appState.metadata.interpreters[INTERPRETER];
    return /** @type {OptionForm} */ (options.find((option) => option.name === name));
  }

  get methods() {
    const { interpreters } = this.appState.metadata.models[this.model];
    return (this.spec[METHOD].vocab ?? []).filter((title) => interpreters.includes(title));
  }

  /** The sets of texts to choose from: their names and their texts' ids. */
  get scopes() {
    const { sliceService } = services;
    /** @type {[string, { title: string, ids: string[] }][]} */
    const slices = sliceService.sliceNames.map((name) => [
      SLICE + name,
      { title: `slice ${name}`, ids: sliceService.getSliceByName(name) ?? [] },
    ]);
    return new Map([
      [DATASET, { title: DATASET, ids: this.appState.currentInputData.map(({ id }) => id) }],
      [SELECTION, { title: SELECTION, ids: this.selectionService.selectedIds }],
      ...slices.filter(([, { ids }]) => ids.length > 0),
    ]);
  }

  /**
   * Returns the chosen set of texts.
   *
   * @param {GlobalWords['scopes']} scopes
   */
  textsOf(scopes) {
    return scopes.get(this.scope) ?? { title: this.scope, ids: [] };
  }

  /** The config of the request. */
  get config() {
    const { title, target, options } = this.form.request;
    const limits = LIMITS.map((name) => [name, this.limits[name] ?? this.limitOf(name).default]);
    return {
      [METHOD]: title,
      target: labelsOf(this.model)[target ?? 0],
      ...options,
      ...Object.fromEntries(limits),
    };
  }

  /** Whether the result belongs to the open dataset. */
  get isOfDataset() {
    return this.result?.dataset === this.appState.currentDataset;
  }

  /**
   * Whether the result matches the form's current settings.
   *
   * @param {string[]} ids the ids of the chosen texts.
   */
  isCurrent(ids) {
    const { result } = this;
    return (
      result !== null &&
      this.isOfDataset &&
      JSON.stringify(this.config) === result.asked &&
      result.ids.length === ids.length &&
      result.ids.every((id, at) => id === ids[at])
    );
  }

  async compute() {
    const { config, model } = this;
    const { title, ids } = this.textsOf(this.scopes);
    const { currentDataset: dataset } = this.appState;
    const inputs = this.appState.getExamplesById(ids);
    const run = newRun();
    let ended = async () => {};
    this.run = run;
    this.problem = '';
    this.progress = { done: 0, total: 0 };
    this.requestUpdate();
    try {
      /** @type {[Answer] | null} */
      const answer = await this.latest(
        INTERPRETER,
        (signal) => {
          ended = watchProgress(run, signal, (progress) => {
            if (this.run === run) this.progress = progress;
            this.requestUpdate();
          });
          const asked = { ...config, run };
          const message = 'Computing global words';
          return this.apiService.getInterpretations(
            inputs, model, dataset, INTERPRETER, asked, message, true,
          );
        },
        { quiet: true }, // LIT's loading bar would block all clicks in the module, even on Stop
      );
      if (answer !== null) {
        const field = textFieldOf(model);
        const texts = new Map(inputs.map(({ id, data }) => [id, data[field] ?? '']));
        const sentences = answer[0].explained.map((id) => texts.get(id));
        const asked = JSON.stringify(config);
        this.result = { ...answer[0], model, dataset, scope: title, ids, asked, sentences };
        this.word = null;
        this.sentence = -1;
      }
    } catch (error) {
      this.problem = /** @type {Error} */ (error).message;
    }
    await ended();
    if (this.run === run) this.progress = null;
    this.requestUpdate();
  }

  stop() {
    const { done, total } = this.progress ?? { done: 0, total: 0 };
    this.problem = total
      ? `Stopped after ${done} of ${counted(total, 'text')}; Compute continues from there.`
      : 'Stopped.';
    this.giveUp(INTERPRETER);
    // The Stop button, which had the focus, disappears.
    /** @type {HTMLElement | null} */ (this.renderRoot.querySelector('.compute'))?.focus();
  }

  /** @param {Map<PropertyKey, unknown>} changed */
  updated(changed) {
    super.updated(changed);
    showChosen(this.renderRoot);
  }

  renderImpl() {
    const { scopes } = this;
    const texts = this.textsOf(scopes).ids;
    return html`<div class="module-container">
      ${this.renderControls(scopes, texts.length > 0)}
      ${this.renderStatus(texts)}
      ${this.result
        ? renderResult({
            result: this.result,
            query: this.query,
            sort: this.sort,
            word: this.word,
            sentence: this.sentence,
            selectable: this.isOfDataset,
            choose: (word, sentence) => {
              this.word = word;
              this.sentence = sentence;
              this.requestUpdate();
            },
            enter: () => this.renderRoot.getElementById('sentences')?.focus(),
            select: (ids) => {
              // If a single text is already selected with others, the selection stays.
              if (ids.length === 1) this.selectionService.setPrimarySelection(ids[0], this);
              else this.selectionService.selectIds(ids, this);
            },
          })
        : html`<p class="nothing">Choose texts, a method and a class, and compute which words
            support the class and which speak against it.</p>`}
    </div>`;
  }

  /** @param {GlobalWords['scopes']} scopes @param {boolean} isReady */
  renderControls(scopes, isReady) {
    const choices = [...scopes].map(
      ([value, { title, ids }]) => /** @type {const} */ ([value, `${title} (${ids.length})`]),
    );
    // On keyup, because by then the control has reported its new value.
    return html`<div class="controls" @keyup=${({ key, target }) => {
      if (key === 'Enter' && target.matches('[type=number]') && isReady) this.compute();
    }}>
      ${menu('Texts', choices, this.scope, (scope) => {
        this.scope = scope;
        this.requestUpdate();
      })}
      ${this.renderLimit('texts', 'at most', 'texts')}
      ${this.renderLimit('at_least', 'words at least', 'times')}
      ${this.form.render()}
      <button class="hairline-button compute" ?disabled=${!isReady}
        @click=${() => this.compute()}>Compute</button>
    </div>`;
  }

  /** @param {string} name @param {string} before @param {string} after */
  renderLimit(name, before, after) {
    const option = this.limitOf(name);
    const control = optionControl(option, this.limits[name], (value) => {
      this.limits[name] = value;
      this.requestUpdate();
    });
    return html`<label class="control" title=${hintOf(option)}>
      ${before} ${control} ${after}</label>`;
  }

  /** @param {string[]} ids the ids of the chosen texts. */
  renderStatus(ids) {
    const { problem, progress, result } = this;
    const said = problem || this.summary;
    const other = this.isOfDataset
      ? 'Texts or settings have changed since.'
      : `From the dataset ${result?.dataset}.`;
    return html`<div class="status">
      <span class="only-read-out" role="status">${progress ? 'Computing' : said}</span>
      ${progress
        ? this.renderProgress(progress)
        : html`<span class="said" title=${said}>
              ${result && !problem && !this.isCurrent(ids)
                ? html`<span class="other">${other}</span>`
                : nothing}
              <span class=${problem ? 'other' : nothing}>${said}</span>
            </span>
            ${result ? this.renderTools(result) : nothing}`}
    </div>`;
  }

  /** @param {{ done: number, total: number }} progress */
  renderProgress({ done, total }) {
    return html`
      <progress aria-label="Texts explained" max=${total || 1} value=${done}></progress>
      <span class="said">${total ? `${done} of ${counted(total, 'text')}` : 'Starting'}</span>
      <button class="hairline-button" @click=${() => this.stop()}>Stop</button>`;
  }

  /** A sentence that describes the result. */
  get summary() {
    const { result } = this;
    if (result === null) return '';
    const words = counted(result.found, 'word');
    const what = nameOf({ ...result, target_label: result.target });
    const used = `${result.explained.length} of ${counted(result.of, 'text')}`;
    const by = [result.method, missingOf(result)].filter(Boolean).join(', ');
    return `${words}, ${by}, ${what}, ${used} of the ${result.scope}.`;
  }

  /** @param {Result} result */
  renderTools(result) {
    const name = `global-words-${result.model}-${result.target}`;
    return html`
      <input type="search" placeholder="Find a word" aria-label="Find a word" .value=${this.query}
        @input=${(event) => {
          this.query = event.target.value;
          this.requestUpdate();
        }}>
      <select class="dropdown" aria-label="Order of the words" @change=${(event) => {
        this.sort = event.target.value === 'count' ? 'count' : 'mean';
        this.requestUpdate();
      }}>
        ${['mean', 'count'].map(
          (each) => html`<option value=${each} .selected=${each === this.sort}>by ${each}</option>`,
        )}
      </select>
      <button class="hairline-button" title="Save the words as a table"
        @click=${() => save(blobOf(asCsv(result), 'text/csv'), `${name}.csv`)}>CSV</button>
      <button class="hairline-button" title="Save the words and where they stand"
        @click=${() => save(blobOf(asJson(result), 'application/json'), `${name}.json`)}
        >JSON</button>`;
  }
}

/** @param {string} content @param {string} type */
const blobOf = (content, type) => new Blob([content], { type });

define('global-words-module', GlobalWords);
