// The disagreement module: the words of a text on which two models differ.

import { ROUNDING } from '../explaining/number_format.js';
import { classesOf } from '../lit/fields.js';
import { menu, orderMenu } from '../menu.js';
import { Module, css, define, html, nothing } from '../module.js';
import { MethodForm, methodFormStyles } from '../explaining/method_form.js';
import {
  comparesModels, explain, isExplained, labelsOf, methodsFor, methodsOfOne, optionsOf,
  otherModelOf,
} from '../explaining/methods.js';
import { largest, probabilitiesOf } from '../explaining/predictions.js';
import { colouredText, footnote, summary, wordStyles, wordTable } from './disagreement_words.js';

/** @import { Result } from './disagreement_words.js' */
/** @import { Input, ModelInfos } from '../module.js' */

// Choices in the menu of classes besides the labels. Labels never begin with a space.
const WIDEST = ' widest';
const LABEL = ' label';
const PREDICTED = ' predicted';

class Disagreement extends Module {
  static title = 'Disagreement';
  static infoMarkdown = 'The words on which two models differ: the Shapley values of the first ' +
    'model’s output minus the second’s, computed on the same masked texts. Beside them are each ' +
    'model’s own scores, by a method of your choice.';
  static numCols = 6;
  static duplicateForModelComparison = false;
  static duplicateForExampleComparison = true;
  static duplicateAsRow = true;
  static styles = [
    ...Module.styles,
    methodFormStyles,
    ...wordStyles,
    css`
      .controls { border-bottom: 1px solid var(--lit-neutral-300); }
      .module-results-area { min-height: 80px; }
    `,
  ];

  /** @param {ModelInfos} models */
  static shouldDisplayModule(models) {
    return Object.keys(models).some(isExplained);
  }

  constructor() {
    super();
    this.form = new MethodForm(this, () => this.explainEach(), {
      models: () => this.models,
      methods: () => methodsOfOne(this.models),
      name: 'Each model by',
      withClass: false,
    });
    /** @type {(string | undefined)[]} */
    this.chosen = [];
    this.classChoice = WIDEST;
    this.bySize = true;
    this.problem = '';
    /** @type {Input | null} */
    this.input = null;
    /** The probabilities of the classes by each model; empty until known. @type {number[][]} */
    this.probabilities = [];
    /** @type {Result | null} */
    this.result = null;
  }

  firstUpdated() {
    this.reactImmediately(
      () => {
        const { currentDataset, currentModels } = this.appState;
        const { primarySelectedId } = this.selectionService;
        return [currentDataset, ...currentModels, primarySelectedId].join('\n');
      },
      () => this.load(),
    );
  }

  /** The open models that can be explained. */
  get open() {
    return this.appState.currentModels.filter(isExplained);
  }

  /** The two models to compare. */
  get models() {
    const { open } = this;
    const among = (/** @type {string[]} */ models, /** @type {number} */ place) =>
      models.find((model) => model === this.chosen[place]) ?? models[0];
    const first = among(open, 0);
    return [first, among(open.filter((model) => model !== first), 1)];
  }

  /** The method that compares the first model with the second; undefined if there is none. */
  get method() {
    return methodsFor([this.models[0]]).find(comparesModels);
  }

  /** Why there is nothing to show; '' if there is something. */
  get obstacle() {
    if (this.open.length < 2) {
      return 'Open a second model in the toolbar to see on which words the two differ.';
    }
    const [first, second] = this.models;
    const [labels, others] = this.models.map((model) => labelsOf(model).join(', '));
    if (labels !== others) {
      return `${first} has the classes ${labels}, ${second} has ${others}: ` +
        'only models with the same classes can be compared.';
    }
    if (this.method === undefined) return `No method compares ${first} with another model.`;
    if (this.input === null) {
      return `Select a datapoint to see on which words ${first} and ${second} differ.`;
    }
    return '';
  }

  async load() {
    this.input = this.selectionService.primarySelectedInputData;
    this.probabilities = [];
    this.problem = '';
    this.requestUpdate();
    for (const key of ['predictions', 'difference', 'own']) this.giveUp(key);
    const { input, models } = this;
    if (input === null || this.obstacle) {
      this.result = null;
      return;
    }
    try {
      const answers = await this.latest('predictions', () =>
        Promise.all(models.map((model) => probabilitiesOf([input], model))),
      );
      if (answers === null) return;
      this.probabilities = answers.map(([probabilities]) => probabilities);
      await this.explainEach();
    } catch (error) {
      this.refuse(error);
    }
  }

  async explainEach() {
    const { input, method, models, probabilities } = this;
    // Without predictions there is nothing to do: `load` calls this again when they have arrived.
    if (input === null || method === undefined || probabilities.length === 0) return;
    const { target } = this;
    this.problem = '';
    const { title, options } = this.form.request;
    const other = otherModelOf(method) ?? '';
    const names = optionsOf(method).map(({ name }) => name);
    const shared = Object.fromEntries(
      Object.entries(options).filter(([name]) => names.includes(name)),
    );
    const asked = { title: method, target, options: { ...shared, [other]: models[1] } };
    const ofEach = this.latest('own', () =>
      Promise.all(models.map((model) => explain([input], model, { title, target, options }))),
    );
    ofEach.catch(() => {}); // handled below, unless the request for the difference fails first
    try {
      const difference = await this.latest('difference', () => explain([input], models[0], asked));
      if (difference === null) return;
      const compared = {
        models,
        probabilities: probabilities.map((ofModel) => ofModel[target]),
        difference: difference[0],
      };
      this.result = { ...compared, own: null };
      this.requestUpdate();
      const explanations = await ofEach;
      if (explanations === null) return;
      this.result = { ...compared, own: explanations.map(([explanation]) => explanation) };
      this.requestUpdate();
    } catch (error) {
      this.refuse(error);
    }
  }

  /** The index of the class to explain. */
  get target() {
    const labels = labelsOf(this.models[0]);
    const [first, second] = this.probabilities;
    const label = this.classChoice === LABEL ? this.label : this.classChoice;
    if (labels.includes(label)) return labels.indexOf(label);
    if (this.classChoice === PREDICTED) return largest(first);
    const gaps = first.map((probability, index) => Math.abs(probability - second[index]));
    const widest = largest(gaps);
    // With two classes, both gaps are equal: then the first model's prediction decides.
    const predicted = largest(first);
    return gaps[widest] - gaps[predicted] > ROUNDING ? widest : predicted;
  }

  /** The datapoint's label; '' if it has none. */
  get label() {
    const [, { parent }] = classesOf(this.models[0]);
    return this.input?.data[parent ?? ''] ?? '';
  }

  /** @param {unknown} error */
  refuse(error) {
    this.problem = /** @type {Error} */ (error).message;
    this.requestUpdate();
  }

  renderImpl() {
    const { obstacle, problem, result } = this;
    if (obstacle) return html`<lit-interstitial>${obstacle}</lit-interstitial>`;
    return html`<div class="module-container">
      <div class="controls">
        ${this.open.length > 2 ? this.renderModels() : nothing}
        ${this.renderClass()}
        ${this.renderOrder()}
        ${this.form.render()}
      </div>
      <div aria-live="polite">
        ${problem ? html`<p class="problem">${problem}</p>` : nothing}
        ${result ? html`<p class="summary">${summary(result)}</p>` : nothing}
      </div>
      ${result
        ? html`${colouredText(result.difference)}
            <div class="module-results-area" tabindex="0" role="region" aria-label="Words">
              ${wordTable(result, this.bySize)}
              <p class="figures">${footnote(result)}</p>
            </div>`
        : nothing}
    </div>`;
  }

  renderModels() {
    const { models, open } = this;
    return ['First', 'minus'].map((name, place) =>
      menu(name, open, models[place], (model) => {
        this.chosen = models.with(place, model);
        if (this.chosen[0] === this.chosen[1]) this.chosen[1 - place] = models[place];
        this.load();
      }),
    );
  }

  renderClass() {
    /** @type {[string, string][]} */
    const label = this.label ? [[LABEL, 'the datapoint’s label']] : [];
    return menu(
      'Class',
      [
        [WIDEST, 'where they differ most'],
        [PREDICTED, `predicted by ${this.models[0]}`],
        ...label,
        ...labelsOf(this.models[0]),
      ],
      this.classChoice,
      (value) => {
        this.classChoice = value;
        this.explainEach();
      },
    );
  }

  renderOrder() {
    return orderMenu(this.bySize, 'largest difference', (bySize) => {
      this.bySize = bySize;
      this.requestUpdate();
    });
  }
}

define('disagreement-module', Disagreement);
