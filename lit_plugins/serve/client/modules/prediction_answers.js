// What the open models say about one text: their predictions, and the words behind them.

import { explain, isExplained, labelsOf, methodsFor } from '../explaining/methods.js';
import { probabilitiesOf } from '../explaining/predictions.js';
import { classesOf } from '../lit/fields.js';
import { appState } from '../lit/services.js';

/** @import { Explanation } from '../explaining/explanation.d.ts' */
/** @import { MethodForm } from '../explaining/method_form.js' */
/** @import { Input, Module } from '../module.js' */

/**
 * One model's answer for one text.
 *
 * @typedef {object} Answer
 * @property {string} model
 * @property {number[] | null} probabilities one for each class; null until they are known.
 * @property {string} problem why there is no prediction, or ''.
 * @property {Explanation | null} explanation null until it is known.
 * @property {boolean} isCurrent whether the explanation is of this text and this request.
 * @property {string} unexplained why there is no explanation, or ''.
 */

const MOST_KEPT = 400; // results

/** The latest results, so that a text that is selected again has its colours at once. */
class Results {
  /** @type {Map<string, any>} */
  #kept = new Map();

  /** @param {string} key @returns {any} the result; undefined if it is not known. */
  get(key) {
    const result = this.#kept.get(key);
    if (result !== undefined) this.set(key, result);
    return result;
  }

  /** @param {string} key @param {unknown} result */
  set(key, result) {
    this.#kept.delete(key);
    this.#kept.set(key, result);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > MOST_KEPT) this.#kept.delete(oldest);
  }
}

const results = new Results();

/** Returns the open models that classify texts. */
export const classifyingModels = () =>
  appState.currentModels.filter((model) => classesOf(model)[0]);

/** The answers of all open models for one text. */
export class Answers {
  /** @type {Answer[]} */
  all = [];
  /** @type {Input | null} */
  input = null;

  /**
   * @param {Module} module the module that shows the answers.
   * @param {string} name begins the keys of the module's requests.
   * @param {MethodForm} form chooses the explanation.
   */
  constructor(module, name, form) {
    this.module = module;
    this.name = name;
    this.form = form;
  }

  /**
   * Shows a text: predictions as soon as they are known, then the words as they come.
   *
   * @param {Input | null} input
   * @param {object} settings
   * @param {boolean} [settings.withWords] whether the words are computed, too.
   * @param {boolean} [settings.keepsWords] whether the words of the text before stay, as outdated
   *   ones, until the new ones arrive.
   */
  show(input, { withWords = true, keepsWords = false } = {}) {
    const before = this.all;
    for (const { model } of before) this.#giveUp(model);
    this.input = input;
    this.all = (input === null ? [] : classifyingModels()).map((model) => {
      const old = keepsWords ? before.find((answer) => answer.model === model) : undefined;
      const explanation = old?.explanation ?? null;
      return {
        model, probabilities: null, problem: '', explanation, isCurrent: false, unexplained: '',
      };
    });
    for (const answer of this.all) {
      this.#predict(answer);
      if (withWords) this.#explain(answer);
    }
    this.module.requestUpdate();
  }

  /** Computes the words anew, by what the form has now. */
  explainAgain() {
    for (const answer of this.all) {
      answer.isCurrent = false;
      this.#explain(answer);
    }
    this.module.requestUpdate();
  }

  /** @param {Answer} answer */
  again(answer) {
    this.#predict(answer);
    this.#explain(answer);
    this.module.requestUpdate();
  }

  /** Whether anything is still being computed. */
  get isWaiting() {
    return this.all.some(
      ({ probabilities, problem, isCurrent, unexplained }) =>
        !(probabilities || problem) || !(isCurrent || unexplained),
    );
  }

  /** @param {string} model */
  #giveUp(model) {
    for (const what of ['prediction', 'words']) this.module.giveUp(this.#keyOf(what, model));
  }

  /** @param {string} what @param {string} model */
  #keyOf(what, model) {
    return `${this.name} ${what} ${model}`;
  }

  /** @param {Answer} answer */
  async #predict(answer) {
    const { model } = answer;
    answer.problem = '';
    try {
      const [probabilities] = await this.#known('prediction', model, {}, (input) =>
        probabilitiesOf([input], model),
      );
      answer.probabilities = probabilities;
    } catch (error) {
      if (error === REPLACED) return;
      answer.problem = /** @type {Error} */ (error).message;
    }
    this.module.requestUpdate();
  }

  /** @param {Answer} answer */
  async #explain(answer) {
    const { model } = answer;
    answer.unexplained = '';
    try {
      const request = this.#requestOf(model);
      const [explanation] = await this.#known('words', model, request, (input) =>
        explain([input], model, request),
      );
      Object.assign(answer, { explanation, isCurrent: true });
    } catch (error) {
      if (error === REPLACED) return;
      const unexplained = /** @type {Error} */ (error).message;
      Object.assign(answer, { explanation: null, isCurrent: false, unexplained });
    }
    this.module.requestUpdate();
  }

  /**
   * Returns the form's request for one model. Models may have their classes in different orders.
   *
   * @param {string} model
   */
  #requestOf(model) {
    if (!isExplained(model)) throw new Error(`No method explains ${model}.`);
    const { request } = this.form;
    if (!methodsFor([model]).includes(request.title)) {
      throw new Error(`${request.title} does not suit ${model}; choose another method.`);
    }
    if (request.target === null) return request;
    const label = labelsOf(this.form.models()[0])[request.target];
    const target = labelsOf(model).indexOf(label);
    if (target < 0) throw new Error(`${model} has no class ${label}.`);
    return { ...request, target };
  }

  /**
   * Returns a result that is known already, or requests it.
   *
   * @param {string} what
   * @param {string} model
   * @param {object} request all that the result depends on beside the text and the model.
   * @param {(input: Input) => Promise<any>} ask
   * @throws {unknown} REPLACED if another text was shown in the meantime; Error if the server
   *   refuses the request.
   */
  async #known(what, model, request, ask) {
    const input = /** @type {Input} */ (this.input);
    const text = input.id || JSON.stringify(input.data);
    const key = JSON.stringify([what, appState.currentDataset, model, request, text]);
    const known = results.get(key);
    this.module.giveUp(this.#keyOf(what, model));
    if (known !== undefined) return known;
    const result = await this.module.latest(this.#keyOf(what, model), () => ask(input));
    if (result === null) throw REPLACED;
    results.set(key, result);
    return result;
  }
}

const REPLACED = Symbol('replaced');
