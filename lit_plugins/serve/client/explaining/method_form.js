// The choice of an explanation: menus for the method and the class, and a button for the options.

import { optionField, optionStyles } from '../lit/option_field.js';
import { appState } from '../lit/services.js';
import { menu } from '../menu.js';
import { css, html, nothing } from '../module.js';
import { labelsOf, methodsFor, optionsOf } from './methods.js';

/** @import { OptionValue } from './explanation.d.ts' */
/** @import { OptionForm } from '../lit/types.d.ts' */
/** @import { Module } from '../module.js' */

/** Styles for a module that contains the form. */
export const methodFormStyles = css`
  .method-form { display: flex; flex-wrap: wrap; align-items: center; gap: 2px 8px; }
  ${optionStyles}
  .method-options {
    flex-basis: 100%; position: relative; display: flex; flex-wrap: wrap; align-items: start;
    gap: 0 16px; padding: 4px 8px; background: var(--lit-neutral-50);
    border: 1px solid var(--lit-neutral-300);
  }
  .method-options .option-name { flex: none; }
  .method-options .option input:is([type='number'], [type='text']) { width: 72px; }
  .method-options .option select { width: auto; }
  .method-options .option-wrong { max-width: 240px; }
  /* Help appears below the form while an option has the pointer or the focus: modules are low.
     A click goes through it to what it covers. */
  .method-options .option-help {
    display: none; position: absolute; top: 100%; inset-inline: -1px; z-index: 1; padding: 2px 8px;
    pointer-events: none;
    background: var(--lit-neutral-50); border: 1px solid var(--lit-neutral-300);
  }
  .method-options .option:is(:hover, :focus-within) > .option-help { display: block; }
  .method-options .option:hover > .option-help { z-index: 2; }
`;

/** A form for one method, its options and one class. A module may contain several. */
export class MethodForm {
  /** @type {Map<string, Map<string, OptionValue>>} */
  #values = new Map();
  #open = false;

  /**
   * @param {Module} module the module that contains the form.
   * @param {() => unknown} changed called after each change of the form.
   * @param {object} settings
   * @param {() => string[]} [settings.models] returns the models to explain.
   * @param {() => string[]} [settings.methods] returns the titles of the methods to choose from; by
   *   default the methods that suit all the models.
   * @param {string} [settings.title] the method that is selected at first.
   * @param {string} [settings.name] the label of the menu of methods.
   * @param {boolean} [settings.withClass] whether the form has a menu of classes.
   * @param {boolean} [settings.predicted] whether "predicted" is among the classes.
   */
  constructor(
    module,
    changed,
    {
      models = () => [module.model],
      methods = () => methodsFor(models()),
      title = '',
      name = 'Method',
      withClass = true,
      predicted = true,
    } = {},
  ) {
    this.module = module;
    this.changed = changed;
    this.models = models;
    this.methods = methods;
    this.withClass = withClass;
    this.predicted = predicted;
    this.chosen = title;
    this.name = name;
    this.label = '';
  }

  /** The method's title; empty if no method suits the models. */
  get title() {
    const titles = this.methods();
    return titles.includes(this.chosen) ? this.chosen : (titles[0] ?? '');
  }

  /** The index of the chosen class; null for the class that each model predicts. */
  get target() {
    const labels = this.#labels;
    const index = labels.indexOf(this.label);
    if (index >= 0) return index;
    return this.predicted ? null : labels.length - 1;
  }

  /** The values of the options that the user has changed. */
  get options() {
    return Object.fromEntries(this.#values.get(this.title) ?? []);
  }

  /** The request for `explain`. */
  get request() {
    return { title: this.title, target: this.target, options: this.options };
  }

  /** A string that changes with everything the explanation depends on. */
  get key() {
    return JSON.stringify([this.models(), this.request]);
  }

  get #labels() {
    return labelsOf(this.models()[0]);
  }

  /** @param {() => void} change */
  #change(change) {
    change();
    this.module.requestUpdate();
    this.changed();
  }

  render() {
    const { title } = this;
    const options = title === '' ? [] : optionsOf(title);
    return html`<div class="method-form">
      ${menu(this.name, this.methods(), title, (value) =>
        this.#change(() => {
          this.chosen = value;
        }),
      )}
      ${this.withClass ? this.#renderClass() : nothing}
      ${options.length > 0
        ? html`<button class="hairline-button" aria-expanded=${String(this.#open)}
            @click=${() => {
              this.#open = !this.#open;
              this.module.requestUpdate();
            }}>Options</button>`
        : nothing}
      ${this.#open && options.length > 0 ? this.#renderOptions(options) : nothing}
    </div>`;
  }

  #renderClass() {
    const { target } = this;
    const labels = this.#labels;
    /** @type {[string, string][]} */
    const predicted = this.predicted ? [['', 'predicted']] : [];
    const chosen = target === null ? '' : labels[target];
    return menu('Class', [...predicted, ...labels], chosen, (value) =>
      this.#change(() => {
        this.label = value;
      }),
    );
  }

  /** @param {OptionForm[]} options */
  #renderOptions(options) {
    const values = this.#values.get(this.title) ?? new Map();
    const models = this.models();
    const others = Object.keys(appState.metadata.models).filter((name) => !models.includes(name));
    /** @param {string} name @param {OptionValue} value */
    const set = (name, value) =>
      this.#change(() => {
        this.#values.set(this.title, new Map(values).set(name, value));
      });
    return html`<div class="method-options">
      ${options.map((option) =>
        optionField(
          option, values.get(option.name), (value) => set(option.name, value), others,
        ),
      )}
      <button class="hairline-button" ?disabled=${values.size === 0}
        @click=${() => this.#change(() => this.#values.delete(this.title))}>Defaults</button>
    </div>`;
  }
}
