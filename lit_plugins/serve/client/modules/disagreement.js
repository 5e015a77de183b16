// Two models on one text: the words on which they part.

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

/** @import { Found } from './disagreement_words.js' */
/** @import { Input, ModelInfos } from '../module.js' */

// Choices of the class beside the labels; those have no white space in front.
const WIDEST = ' widest';
const LABEL = ' label';
const PREDICTED = ' predicted';

class Disagreement extends Module {
  static title = 'Disagreement';
  static infoMarkdown = 'The words on which two models part: the Shapley values of the first ' +
    'model’s output minus the second’s, computed on the same masked texts. Beside them stands ' +
    'what each model gives the words by itself, by a method of your choice.';
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
    /** @type {number[][]} of the input's classes, by each of the two models; empty until known. */
    this.probabilities = [];
    /** @type {Found | null} */
    this.found = null;
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

  /** The models that are open and can be explained. */
  get open() {
    return this.appState.currentModels.filter(isExplained);
  }

  /** The two that are compared. */
  get models() {
    const { open } = this;
    const among = (/** @type {string[]} */ models, /** @type {number} */ place) =>
      models.find((model) => model === this.chosen[place]) ?? models[0];
    const first = among(open, 0);
    return [first, among(open.filter((model) => model !== first), 1)];
  }

  /** The method that holds the first against the second; undefined if none can. */
  get method() {
    return methodsFor([this.models[0]]).find(comparesModels);
  }

  /** Why there is nothing to show; '' if there is. */
  get obstacle() {
    if (this.open.length < 2) {
      return 'Open a second model in the toolbar to see on which words the two part.';
    }
    const [first, second] = this.models;
    const [one, other] = this.models.map((model) => labelsOf(model).join(', '));
    if (one !== other) {
      return `${first} has the classes ${one}, ${second} has ${other}: ` +
        'only models with the same classes can be compared.';
    }
    if (this.method === undefined) return `No method compares ${first} with another model.`;
    if (this.input === null) {
      return `Select a datapoint to see on which words ${first} and ${second} part.`;
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
      this.found = null;
      return;
    }
    try {
      const answers = await this.latest('predictions', () =>
        Promise.all(models.map((model) => probabilitiesOf([input], model))),
      );
      if (answers === null) return;
      this.probabilities = answers.map(([each]) => each);
      await this.explainEach();
    } catch (error) {
      this.refuse(error);
    }
  }

  async explainEach() {
    const { input, method, models, probabilities } = this;
    // Without predictions, it is called again as soon as they are there.
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
    ofEach.catch(() => {}); // waited for below, if the difference is not refused before
    try {
      const difference = await this.latest('difference', () => explain([input], models[0], asked));
      if (difference === null) return;
      const found = {
        models,
        probabilities: probabilities.map((each) => each[target]),
        difference: difference[0],
      };
      this.found = { ...found, own: null };
      this.requestUpdate();
      const own = await ofEach;
      if (own === null) return;
      this.found = { ...found, own: own.map(([each]) => each) };
      this.requestUpdate();
    } catch (error) {
      this.refuse(error);
    }
  }

  /** The index of the class that is explained. */
  get target() {
    const labels = labelsOf(this.models[0]);
    const [first, second] = this.probabilities;
    const label = this.classChoice === LABEL ? this.label : this.classChoice;
    if (labels.includes(label)) return labels.indexOf(label);
    if (this.classChoice === PREDICTED) return largest(first);
    const gaps = first.map((each, index) => Math.abs(each - second[index]));
    const widest = largest(gaps);
    // Two classes are as far apart as each other: then it is the one that the first model predicts.
    const predicted = largest(first);
    return gaps[widest] - gaps[predicted] > ROUNDING ? widest : predicted;
  }

  /** The datapoint's own label, if it has one that the models know. */
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
    const { found, obstacle, problem } = this;
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
        ${found ? html`<p class="summary">${summary(found)}</p>` : nothing}
      </div>
      ${found
        ? html`${colouredText(found.difference)}
            <div class="module-results-area" tabindex="0" role="region" aria-label="Words">
              ${wordTable(found, this.bySize)}
              <p class="figures">${footnote(found)}</p>
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
    const own = this.label ? [[LABEL, 'the datapoint’s label']] : [];
    return menu(
      'Class',
      [
        [WIDEST, 'where they part most'],
        [PREDICTED, `predicted by ${this.models[0]}`],
        ...own,
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
