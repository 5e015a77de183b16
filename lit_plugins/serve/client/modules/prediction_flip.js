// The smallest edit that makes a model predict another class, among those of all methods.

import { appState } from '../lit/services.js';
import { menu } from '../menu.js';
import { html, nothing } from '../module.js';
import { classifyingModels } from './prediction_answers.js';
import { changeOf, renderChange, turns } from './prediction_change.js';

/** @import { Input, Module } from '../module.js' */
/** @import { Change } from './prediction_change.js' */

/** @typedef {Change & { size: number, method: string }} Found an edit that flips the prediction */

// An option that all methods of counterfactuals have, and no other generator.
const MOST_EDITS = 'max_edits';

/**
 * Returns the titles of the methods that find flips for a model, the crudest first.
 *
 * @param {string} model
 */
const methodsOf = (model) =>
  appState.metadata.models[model].generators.filter((title) =>
    appState.metadata.generators[title].options.some(({ name }) => name === MOST_EDITS),
  );

/** The search for a flip, and its result. */
export class Flip {
  #chosen = '';
  #waiting = 0;
  /** @type {Found | null} */
  found = null;
  /** @type {Input | null} */
  input = null;
  /** @type {string[]} */
  problems = [];
  /** The place of the method that found it among the methods. */
  #order = -1;

  /**
   * @param {Module} module the module that shows the flip.
   * @param {(input: Input) => unknown} keep adds a datapoint to the dataset.
   * @param {() => unknown} close
   */
  constructor(module, keep, close) {
    this.module = module;
    this.keep = keep;
    this.close = close;
  }

  /** The models whose predictions can be flipped. */
  get models() {
    return classifyingModels().filter((model) => methodsOf(model).length > 0);
  }

  /** The model whose prediction is flipped. */
  get model() {
    const { models } = this;
    return models.includes(this.#chosen) ? this.#chosen : (models[0] ?? '');
  }

  /** Searches for the smallest flip of a text. @param {Input} input */
  async search(input) {
    const { model } = this;
    Object.assign(this, { input, found: null, problems: [] });
    const methods = methodsOf(model);
    this.#waiting = methods.length;
    this.module.requestUpdate();
    await Promise.all(methods.map((method, order) => this.#try(method, order, input, model)));
  }

  stop() {
    for (const method of Object.keys(appState.metadata.generators)) {
      this.module.giveUp(`flip ${method}`);
    }
  }

  /** @param {string} method @param {number} order @param {Input} input @param {string} model */
  async #try(method, order, input, model) {
    const { module } = this;
    const key = `flip ${method}`;
    const config = { model, limit: 1 };
    try {
      const made = await module.latest(key, () =>
        module.apiService.getGenerated(
          [input], model, appState.currentDataset, method, config, `Flipping by ${method}`,
        ),
      );
      if (made === null) return;
      for (const candidate of made[0] ?? []) {
        const change = await changeOf(module, key, input, candidate);
        if (change === null) return;
        const size = candidate.meta.edit_size;
        if (turns(change, model)) this.#offer({ ...change, size, method }, order);
      }
    } catch (error) {
      this.problems.push(/** @type {Error} */ (error).message);
    }
    this.#waiting--;
    this.module.requestUpdate();
  }

  /**
   * Keeps an edit if it is smaller than the one before; of equal ones, that of the later method,
   * whose texts read better.
   *
   * @param {Found} found
   * @param {number} order the method's place among the methods.
   */
  #offer(found, order) {
    const { size } = this.found ?? { size: Infinity };
    if (found.size > size || (found.size === size && order < this.#order)) return;
    this.found = found;
    this.#order = order;
  }

  render() {
    const { found, model, problems } = this;
    const close = html`<button class="hairline-button" @click=${this.close}>Close</button>`;
    if (found === null) {
      return html`<section class="wide change" aria-label="Flip">
        <div class="verdict"><h3>Flip ${model}</h3></div>
        <div>
          <div role="status">${this.#sentence()}</div>
          <div class="buttons">${this.#renderModels()}${close}</div>
        </div>
      </section>`;
    }
    const words = `${found.size} word${found.size === 1 ? '' : 's'}`;
    return renderChange({
      change: found,
      title: `Flip ${model}`,
      remark: this.#waiting > 0 ? `${words} so far` : `smallest edit: ${words}, by ${found.method}`,
      buttons: html`${this.#renderModels()}
        <button class="hairline-button" @click=${() => this.keep(found.input)}>Keep</button>${close}
        ${problems.map((problem) => html`<span class="problem">${problem}</span>`)}`,
    });
  }

  #sentence() {
    if (this.#waiting > 0) return 'Searching for the smallest edit …';
    if (this.problems.length > 0) return html`<span class="problem">${this.problems[0]}</span>`;
    return `No edit of up to three places makes ${this.model} predict another class.`;
  }

  #renderModels() {
    const { models } = this;
    if (models.length < 2) return nothing;
    return menu('Model', models, this.model, (model) => {
      this.#chosen = model;
      if (this.input) this.search(this.input);
    });
  }
}
