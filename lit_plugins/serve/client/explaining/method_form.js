// Which method, with which options, of which class: a line of menus, and a form behind a button.

import { optionField, optionStyles } from '../lit/option_field.js';
import { appState } from '../lit/services.js';
import { menu } from '../menu.js';
import { css, html, nothing } from '../module.js';
import { labelsOf, methodsFor, optionsOf } from './methods.js';

/** @import { OptionValue } from './explanation.d.ts' */
/** @import { OptionForm } from '../lit/types.d.ts' */
/** @import { Module } from '../module.js' */

/** What a module that has such a form adds to its styles. */
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
  /* Help takes a line below the form while it is asked for: the module has little height. */
  .method-options .option-help {
    display: none; position: absolute; top: 100%; inset-inline: -1px; z-index: 1; padding: 2px 8px;
    background: var(--lit-neutral-50); border: 1px solid var(--lit-neutral-300);
  }
  .method-options .option:is(:hover, :focus-within) > .option-help { display: block; }
  .method-options .option:hover > .option-help { z-index: 2; pointer-events: none; }
`;

/** The choice of one method, one class and the method's options; one module may have several. */
export class MethodForm {
  /** @type {Map<string, Map<string, OptionValue>>} */
  #values = new Map();
  #open = false;

  /**
   * @param {Module} module the module that shows it.
   * @param {() => unknown} changed called when another explanation is wanted.
   * @param {object} settings
   * @param {() => string[]} [settings.models] gives the models that it is about.
   * @param {() => string[]} [settings.methods] gives the titles to choose from; by default all that
   *   suit the models.
   * @param {string} [settings.title] the method that it begins with.
   * @param {string} [settings.name] what stands before the menu of methods.
   * @param {boolean} [settings.withClass] whether the class may be chosen.
   * @param {boolean} [settings.predicted] whether the predicted class is among the choices.
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

  /** The method's title; empty if none suits. */
  get title() {
    const titles = this.methods();
    return titles.includes(this.chosen) ? this.chosen : (titles[0] ?? '');
  }

  /** The chosen class's index in the labels, or null for the class that each model predicts. */
  get target() {
    const labels = this.#labels;
    const index = labels.indexOf(this.label);
    if (index >= 0) return index;
    return this.predicted ? null : labels.length - 1;
  }

  /** Values of the options that a user has changed. */
  get options() {
    return Object.fromEntries(this.#values.get(this.title) ?? []);
  }

  /** What `explain` takes. */
  get request() {
    return { title: this.title, target: this.target, options: this.options };
  }

  /** All that the explanation depends on, as one string. */
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
