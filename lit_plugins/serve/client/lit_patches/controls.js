// LIT draws a component's options as bare fields. Here forms show each option with its help, bounds
// and choices, so that users know what they may enter.

import { addStyles, lit } from '../lit/elements.js';
import { optionField, optionStyles } from '../lit/option_field.js';
import { appState } from '../lit/services.js';

/** @import { LitElementPatched, OptionForm, Spec } from '../lit/types.d.ts' */

const controls = lit('lit-interpreter-controls').prototype;

/**
 * Returns the options of a form's component, by name.
 *
 * @param {LitElementPatched} form
 * @returns {Map<string, OptionForm>}
 */
function optionsOf(form) {
  const { host } = /** @type {ShadowRoot} */ (form.getRootNode());
  const kind = host?.localName === 'generator-module' ? 'generators' : 'interpreters';
  const options = appState.metadata[kind][form.name]?.options ?? [];
  return new Map(options.map((option) => [option.name, option]));
}

const renderControls = controls.renderControls;
controls.renderControls = function () {
  const options = optionsOf(this);
  /** @type {unknown[]} */
  const rows = renderControls.call(this);
  return Object.entries(/** @type {Spec} */ (this.spec)).map(([name, { vocab }], index) => {
    const option = options.get(name);
    if (option === undefined) return rows[index];
    /** @param {unknown} value */
    const set = (value) => {
      this.settings[name] = value;
      this.requestUpdate();
    };
    return optionField(option, this.settings[name], set, vocab ?? []);
  });
};
addStyles('lit-interpreter-controls', `${optionStyles} .option { margin-top: 8px; }`);

// When a form's fields change, LIT resets their values but not its menus, which then show an old
// choice or none. Here the menus follow the values.
const updated = controls.updated;
/** @param {unknown[]} changed */
controls.updated = function (...changed) {
  updated?.apply(this, changed);
  const options = optionsOf(this);
  const fields = Object.entries(/** @type {Spec} */ (this.spec));
  const drawnByLit = fields.filter(([name]) => !options.has(name));
  for (const [index, holder] of this.renderRoot.querySelectorAll('.control-holder').entries()) {
    const menu = holder.querySelector('select');
    const [name, { vocab }] = drawnByLit[index];
    if (menu && vocab) menu.selectedIndex = vocab.indexOf(this.settings[name]);
  }
};
