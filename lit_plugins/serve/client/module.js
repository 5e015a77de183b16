// What a module of the page builds on: `import { Module, define, html } from 'lit-plugins'`.
//
// LIT's own modules share a base class, LitModule. It brings along the services, the reactions to
// what users select, and the frame with a title; nothing of it is copied here.

import { html, lit, nothing, sheetOf, svg } from './lit/elements.js';
import { askUntil, sentenceOf } from './lit/requests.js';
import * as services from './lit/services.js';

/** @import * as types from './lit/types.d.ts' */

export { html, nothing, services, svg };
export { newRun, watchProgress } from './lit/requests.js';

// For the types of modules elsewhere: `import('lit-plugins').Input`.
/** @typedef {types.Input} Input */
/** @typedef {types.Spec} Spec */
/** @typedef {types.Field} Field */
/** @typedef {types.ModelInfos} ModelInfos */
/** @typedef {types.Template} Template */

/** @type {typeof types.LitModule} */
const LitModule = Object.getPrototypeOf(lit('data-table-module'));

/**
 * A style sheet, for a module's `static styles`.
 *
 * @param {TemplateStringsArray} strings
 * @param {(string | number)[]} values
 */
export const css = (strings, ...values) => sheetOf(String.raw({ raw: strings }, ...values));

/**
 * The base class of modules.
 *
 * A module overrides the statics `title`, `infoMarkdown`, `numCols`, `duplicateForModelComparison`
 * and their like, `firstUpdated()`, where it says what it reacts to, and `renderImpl()`.
 */
export class Module extends LitModule {
  /** LIT's colours, buttons and menus, to begin a module's own styles with. */
  static styles = [
    lit('lit-widget').elementStyles[0],
    css`
      :host { font-size: 12px; color: var(--lit-neutral-800); }
      :focus-visible { outline: 2px solid var(--lit-cyea-500); outline-offset: 1px; }
      .only-read-out {
        position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);
        white-space: nowrap;
      }
      .nothing { padding: 24px; text-align: center; color: var(--lit-neutral-700); }
      .problem { padding: 8px; color: var(--google-red-700); }
      .hairline-button.active { color: var(--lit-cyea-700); }
      .controls {
        display: flex; flex-wrap: wrap; align-items: center; gap: 2px 12px; padding: 4px 8px;
      }
      .control { display: inline-flex; align-items: center; gap: 4px; white-space: nowrap; }
      .control .dropdown { font: inherit; margin: 0; max-width: 190px; }
      .controls .hairline-button { margin: 0; padding: 0 8px; font-size: 12px; }
    `,
  ];

  /** @type {Map<unknown, { request: AbortController, quiet: boolean }>} */
  #requests = new Map();

  disconnectedCallback() {
    super.disconnectedCallback();
    for (const key of this.#requests.keys()) this.giveUp(key);
  }

  /**
   * The answer to the latest request under a key; null if a later one took its place, or if it was
   * given up. What nobody waits for is aborted, and the server stops computing it.
   *
   * @template Answer
   * @param {unknown} key what later requests take the place of this one.
   * @param {(signal: AbortSignal) => Answer | Promise<Answer>} ask calls the server at once, by
   *   `this.apiService` or `fetch`; gets the signal.
   * @param {{ quiet?: boolean }} options quiet: whether the module's frame shows nothing of it.
   * @returns {Promise<Answer | null>}
   * @throws {Error} the server refused; the message is its sentence.
   */
  async latest(key, ask, { quiet = false } = {}) {
    this.giveUp(key);
    const request = new AbortController();
    this.#requests.set(key, { request, quiet });
    this.#showLoading();
    try {
      const answer = await askUntil(request.signal, () => ask(request.signal));
      return request.signal.aborted ? null : answer;
    } catch (error) {
      if (request.signal.aborted) return null;
      throw new Error(sentenceOf(error), { cause: error });
    } finally {
      if (this.#requests.get(key)?.request === request) this.#requests.delete(key);
      this.#showLoading();
    }
  }

  /**
   * Gives up what is waited for under a key, if anything is.
   *
   * @param {unknown} key
   */
  giveUp(key) {
    this.#requests.get(key)?.request.abort();
    this.#requests.delete(key);
    this.#showLoading();
  }

  #showLoading() {
    this.setIsLoading([...this.#requests.values()].some(({ quiet }) => !quiet));
  }
}

/**
 * Makes a module known under its tag, by which a layout names it.
 *
 * @param {string} tag
 * @param {typeof Module} module
 * @throws {Error} there is one of that tag already.
 */
export function define(tag, module) {
  if (lit(tag)) throw new Error(`There is a module ${tag} already; give yours another tag.`);
  const parts = [`<${tag} model=`, ' .shouldReact=', ' selectionServiceIndex=', `></${tag}>`];
  // Lit keeps one template for each array of strings, and takes those only that a tag was given.
  const strings = Object.assign(parts, { raw: parts });
  module.template = (model, selectionServiceIndex, shouldReact) =>
    html(strings, model, shouldReact, selectionServiceIndex);
  customElements.define(tag, module);
}
