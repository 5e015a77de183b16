// The base of every module of the page: `import { Module, define, html } from 'lit-plugins'`.
//
// LIT's own modules share a base class, LitModule. It provides the services, the reactions to the
// user's selection, and the frame with a title. Module extends that class; none of it is copied.

import { html, lit, nothing, sheetOf, svg } from './lit/elements.js';
import { askUntil, sentenceOf } from './lit/requests.js';
import * as services from './lit/services.js';

/** @import * as types from './lit/types.d.ts' */

export { html, nothing, services, svg };
export { newRun, watchProgress } from './lit/requests.js';

// Types for modules outside this package: `import('lit-plugins').Input`.
/** @typedef {types.Input} Input */
/** @typedef {types.Spec} Spec */
/** @typedef {types.Field} Field */
/** @typedef {types.ModelInfos} ModelInfos */
/** @typedef {types.Template} Template */

/** @type {typeof types.LitModule} */
const LitModule = Object.getPrototypeOf(lit('data-table-module'));

/**
 * Makes a style sheet for a module's `static styles`.
 *
 * @param {TemplateStringsArray} strings
 * @param {(string | number)[]} values
 */
export const css = (strings, ...values) => sheetOf(String.raw({ raw: strings }, ...values));

/**
 * Base class of modules.
 *
 * A module overrides the static fields `title`, `infoMarkdown`, `numCols`,
 * `duplicateForModelComparison` and similar ones; `firstUpdated()`, to register its reactions; and
 * `renderImpl()`, to return its content.
 */
export class Module extends LitModule {
  /** Styles for LIT's colours, buttons and menus; a module's own styles start with these. */
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
   * Sends a request that replaces the earlier request under the same key. The replaced request is
   * aborted, and the server stops computing it.
   *
   * @template Answer
   * @param {unknown} key requests with the same key replace each other.
   * @param {(signal: AbortSignal) => Answer | Promise<Answer>} ask calls the server synchronously,
   *   through `this.apiService` or `fetch`; receives the request's signal.
   * @param {{ quiet?: boolean }} options quiet: hides the loading bar in the module's frame.
   * @returns {Promise<Answer | null>} the answer; null if the request was replaced or given up.
   * @throws {Error} if the server refuses the request; the message is the server's sentence.
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
   * Aborts the pending request under a key, if there is one.
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
 * Registers a module under a tag, which layouts use as its name.
 *
 * @param {string} tag
 * @param {typeof Module} module
 * @throws {Error} if the tag is already taken.
 */
export function define(tag, module) {
  if (lit(tag)) throw new Error(`A module ${tag} already exists; give yours another tag.`);
  const parts = [`<${tag} model=`, ' .shouldReact=', ' selectionServiceIndex=', `></${tag}>`];
  // Lit caches one template per array of strings, and accepts only arrays with a `raw` property.
  const strings = Object.assign(parts, { raw: parts });
  module.template = (model, selectionServiceIndex, shouldReact) =>
    html(strings, model, shouldReact, selectionServiceIndex);
  customElements.define(tag, module);
}
