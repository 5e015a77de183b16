// The text difference module: the words that differ between the pinned and the selected text, and
// the effect on the models.

import { textFieldOf } from '../lit/fields.js';
import { orderMenu } from '../menu.js';
import { Module, css, define, html, nothing, services } from '../module.js';
import { MethodForm, methodFormStyles } from '../explaining/method_form.js';
import { explain, isExplained, labelsOf, methodsOfOne } from '../explaining/methods.js';
import { largest, probabilitiesOf } from '../explaining/predictions.js';
import { changeStyles, changesOf, markedText, summary } from './text_difference_changes.js';
import { partsOf, rowsOf } from './text_difference_words.js';

/** @import { Answer } from './text_difference_changes.js' */
/** @import { Part, Segment } from './text_difference_words.js' */
/** @import { Input, ModelInfos } from '../module.js' */

const TEXT_DIFFERENCE = 'text difference';

/**
 * @typedef {object} Compared two texts and the models' results for them
 * @property {Input[]} inputs the old and the new datapoint.
 * @property {Segment[]} segments
 * @property {Part[]} parts
 * @property {Answer[]} answers
 */

class TextDifference extends Module {
  static title = 'Counterfactual Diff';
  static infoMarkdown = 'The pinned and the selected text, the words that differ, and the effect ' +
    'on predictions and attributions. Both texts are explained for one class: that which a model ' +
    'predicts for the first, or a chosen one. If nothing is pinned, a generated datapoint is ' +
    'compared with the one that it was generated from.';
  static numCols = 6;
  static duplicateForModelComparison = false;
  static duplicateForExampleComparison = false;
  static styles = [
    ...Module.styles,
    methodFormStyles,
    ...changeStyles,
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
    });
    this.bySize = true;
    this.problem = '';
    /** @type {Compared | null} */
    this.compared = null;
  }

  firstUpdated() {
    this.reactImmediately(
      () => {
        const { currentDataset, currentModels } = this.appState;
        const ids = [this.reference?.id, this.selected?.id];
        return [currentDataset, ...currentModels, ...ids].join('\n');
      },
      () => this.load(),
    );
  }

  /** The open models that can be explained. */
  get models() {
    return this.appState.currentModels.filter(isExplained);
  }

  get selected() {
    return services.selectionService.primarySelectedInputData;
  }

  get pinned() {
    if (!this.appState.compareExamplesEnabled) return null;
    return services.pinnedSelectionService.primarySelectedInputData;
  }

  /** The datapoint to compare with: the pinned one, or the source of a generated one. */
  get reference() {
    const { pinned, selected } = this;
    if (pinned !== null) return pinned.id === selected?.id ? null : pinned;
    return this.appState.getCurrentInputDataById(selected?.meta.parentId ?? '');
  }

  /** A sentence that names the two datapoints. */
  get which() {
    const [before, after] = [this.reference, this.selected].map((input) =>
      this.appState.getIndexById(input?.id ?? null),
    );
    const relation = this.pinned ? 'which is pinned' : 'from which it was generated';
    return `Datapoint ${after} compared with ${before}, ${relation}`;
  }

  /** Why there is nothing to show. */
  get obstacle() {
    if (this.selected === null) return 'Select a datapoint to compare it with a pinned one.';
    if (this.pinned !== null) {
      return 'The pinned datapoint is the selected one: select another to compare it with.';
    }
    return 'Pin this datapoint and select another, or change its text and click “Add and compare”.';
  }

  async load() {
    const { models, reference, selected } = this;
    this.problem = '';
    this.requestUpdate();
    for (const key of ['texts', 'explanations']) this.giveUp(key);
    if (selected === null || reference === null) {
      this.compared = null;
      return;
    }
    const inputs = [reference, selected];
    try {
      const responses = await this.latest('texts', () =>
        Promise.all([
          this.apiService.getInterpretations(
            inputs, models[0], this.appState.currentDataset, TEXT_DIFFERENCE, {},
            'Comparing texts', true,
          ),
          ...models.map((model) => probabilitiesOf(inputs, model)),
        ]),
      );
      if (responses === null) return;
      const [segments, ...probabilities] = responses;
      const [before, after] = inputs.map(({ data }) => data[textFieldOf(models[0])] ?? '');
      this.compared = {
        inputs,
        segments,
        parts: partsOf(before, after, segments),
        answers: models.map((model, index) => {
          const [then, now] = probabilities[index];
          const labels = labelsOf(model);
          return { model, labels, before: then, after: now, explained: null, missing: '' };
        }),
      };
      await this.explainEach();
    } catch (error) {
      this.refuse(error);
    }
  }

  async explainEach() {
    const { compared } = this;
    if (compared === null) return;
    this.problem = '';
    this.requestUpdate();
    const { target, ...request } = this.form.request;
    const chosen = target === null ? null : compared.answers[0].labels[target];
    const targets = compared.answers.map(({ before, labels }) =>
      chosen === null ? largest(before) : labels.indexOf(chosen),
    );
    try {
      const explanations = await this.latest('explanations', () =>
        Promise.all(
          compared.answers.map(({ model }, index) =>
            targets[index] < 0
              ? []
              : explain(compared.inputs, model, { ...request, target: targets[index] }),
          ),
        ),
      );
      if (explanations === null) return;
      for (const [index, [before, after]] of explanations.entries()) {
        const answer = compared.answers[index];
        answer.missing = before ? '' : (chosen ?? '');
        answer.explained = before
          ? { before, after, rows: rowsOf(compared.segments, before, after) }
          : null;
      }
      this.requestUpdate();
    } catch (error) {
      this.refuse(error);
    }
  }

  /** @param {unknown} error */
  refuse(error) {
    this.problem = /** @type {Error} */ (error).message;
    this.requestUpdate();
  }

  renderImpl() {
    const { compared, problem, reference } = this;
    if (reference === null) return html`<lit-interstitial>${this.obstacle}</lit-interstitial>`;
    return html`<div class="module-container">
      <div class="controls">
        ${this.form.render()}${this.renderOrder()}
        <span>${this.which}</span>
      </div>
      <div aria-live="polite">
        ${problem ? html`<p class="problem">${problem}</p>` : nothing}
        ${compared
          ? html`<p class="summary">${summary(compared.parts, compared.answers)}</p>`
          : nothing}
      </div>
      ${compared
        ? html`${markedText(compared.parts)}
            <div class="module-results-area models" tabindex="0" role="region" aria-label="Changes">
              ${compared.answers.map((answer) => changesOf(answer, this.bySize))}
            </div>`
        : nothing}
    </div>`;
  }

  renderOrder() {
    return orderMenu(this.bySize, 'largest change', (bySize) => {
      this.bySize = bySize;
      this.requestUpdate();
    });
  }
}

define('text-difference-module', TextDifference);
