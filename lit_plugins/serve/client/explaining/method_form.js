// Which method, with which options, of which class: a line of menus, and a form behind a button.

import { isMenuOfModels } from '../lit/fields.js';
import { menu } from '../menu.js';
import { css, html, nothing } from '../module.js';
import { labelsOf, methodsFor, optionsOf } from './methods.js';

/** @import { OptionValue } from './explanation.d.ts' */
/** @import { Field, Module } from '../module.js' */

/** What a module that has such a form adds to its styles. */
export const methodFormStyles = css`
  .method-form { display: flex; flex-wrap: wrap; align-items: center; gap: 2px 8px; }
  .method-options {
    flex-basis: 100%; display: flex; flex-wrap: wrap; align-items: center; gap: 4px 12px;
    padding: 4px 8px; background: var(--lit-neutral-50); border: 1px solid var(--lit-neutral-300);
  }
  .method-options input:not([type='checkbox']) { width: 64px; font: inherit; }
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
    const fields = title === '' ? [] : optionsOf(title);
    return html`<div class="method-form">
      ${menu(this.name, this.methods(), title, (value) =>
        this.#change(() => {
          this.chosen = value;
        }),
      )}
      ${this.withClass ? this.#renderClass() : nothing}
      ${fields.length > 0
        ? html`<button class="hairline-button" aria-expanded=${String(this.#open)}
            @click=${() => {
              this.#open = !this.#open;
              this.module.requestUpdate();
            }}>Options</button>`
        : nothing}
      ${this.#open && fields.length > 0 ? this.#renderOptions(fields) : nothing}
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

  /** @param {[string, Field][]} fields */
  #renderOptions(fields) {
    const values = this.#values.get(this.title) ?? new Map();
    /** @param {string} name @param {OptionValue} value */
    const set = (name, value) =>
      this.#change(() => {
        this.#values.set(this.title, new Map(values).set(name, value));
      });
    return html`<div class="method-options">
      ${fields.map(([name, field]) => this.#renderOption(name, field, values.get(name), set))}
      <button class="hairline-button" ?disabled=${values.size === 0}
        @click=${() => this.#change(() => this.#values.delete(this.title))}>Defaults</button>
    </div>`;
  }

  /**
   * @param {string} name
   * @param {Field} field
   * @param {OptionValue | undefined} value
   * @param {(name: string, value: OptionValue) => void} set
   */
  #renderOption(name, field, value, set) {
    const shown = name.replaceAll('_', ' ');
    if (typeof field.default === 'boolean') {
      return html`<label class="control">
        <input type="checkbox" .checked=${value ?? field.default}
          @change=${(event) => set(name, event.target.checked)}> ${shown}
      </label>`;
    }
    if (field.vocab) {
      const models = this.models();
      const choices = isMenuOfModels(field)
        ? field.vocab.filter((model) => !models.includes(model))
        : field.vocab;
      const chosen = String(value ?? choices[0]);
      return menu(shown, choices, chosen, (choice) => set(name, choice));
    }
    return html`<label class="control">${shown}
      <input type="text" .value=${value ?? field.default}
        @change=${(event) => set(name, event.target.value)}>
    </label>`;
  }
}
