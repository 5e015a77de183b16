// Options in forms: an option's name, its control, its help, and an error for a forbidden value.

import { html, nothing } from './elements.js';

/** @import { OptionForm, Template } from './types.d.ts' */

/**
 * Styles for an element that contains options.
 *
 * The browser checks each control's bounds, so CSS alone can show the error for a forbidden value.
 */
export const optionStyles = `
  .option { display: flow-root; font-size: 12px; line-height: 16px; }
  .option > label { display: flex; align-items: center; gap: 8px; min-height: 24px; }
  .option-name { flex: 1; font-weight: 500; }
  .option input, .option select { margin: 0; font: inherit; }
  .option input[type='number'] { width: 88px; text-align: end; }
  .option input[type='text'], .option select { width: 55%; box-sizing: border-box; }
  .option input[step='any'] { appearance: textfield; }
  .option :invalid { outline: 2px solid var(--google-red-700); outline-offset: -1px; }
  .option-help { color: var(--lit-neutral-700); text-wrap: pretty; }
  .option-wrong { display: none; color: var(--google-red-700); }
  .option:has(:invalid) > .option-wrong { display: block; }
`;

/**
 * Returns an option's name as users read it.
 *
 * @param {OptionForm} option
 */
export const titleOf = ({ name }) => name.replaceAll('_', ' ');

/**
 * Drops a bound that is beyond JavaScript's exact integers: it means nothing to users.
 *
 * @param {number | null} [bound]
 */
const exact = (bound) => (Number.isInteger(bound) && !Number.isSafeInteger(bound) ? null : bound);

/** @param {OptionForm} option */
const boundsOf = ({ low, high }) => {
  const [first, last] = [exact(low), exact(high)];
  if (first != null && last != null) return `${shown(first)} to ${shown(last)}.`;
  if (first != null) return `At least ${shown(first)}.`;
  return last == null ? '' : `At most ${shown(last)}.`;
};

/** @param {number} number */
const shown = (number) => number.toLocaleString('en');

/**
 * Returns an option's help, with its bounds.
 *
 * @param {OptionForm} option
 */
export const hintOf = (option) => [option.help, boundsOf(option)].filter(Boolean).join(' ');

/**
 * Renders an option's control, without its name.
 *
 * @param {OptionForm} option
 * @param {any} value the shown value; undefined for the default.
 * @param {(value: any) => unknown} set called with a new value: a string, or a boolean.
 * @param {string[]} [models] the names of the models to choose from, if the option is a model.
 */
export function optionControl(option, value, set, models = []) {
  const { control, default: byDefault, choices = models } = option;
  const current = value ?? byDefault;
  const hint = hintOf(option);
  /** @param {{ target: HTMLInputElement & HTMLSelectElement }} event */
  const changed = ({ target }) => set(target.value);
  if (control === 'checkbox') {
    return html`<input type="checkbox" aria-description=${hint} .checked=${current}
      @change=${({ target }) => set(target.checked)}>`;
  }
  if (control === 'menu' || control === 'models') {
    const chosen = choices.includes(current) ? current : choices[0];
    return html`<select class="dropdown" aria-description=${hint} @change=${changed}>
      ${choices.map(
        (choice) => html`<option value=${choice} .selected=${choice === chosen}>${choice}</option>`,
      )}
    </select>`;
  }
  if (control === 'number') {
    return html`<input type="number" required aria-description=${hint}
      min=${exact(option.low) ?? nothing} max=${exact(option.high) ?? nothing}
      step=${option.step ?? 'any'} .value=${String(current)} @change=${changed}>`;
  }
  return html`<input type="text" maxlength=${option.longest ?? nothing} aria-description=${hint}
    .value=${current} @change=${changed}>`;
}

/**
 * Renders an option's name, control, help and error.
 *
 * @param {OptionForm} option
 * @param {any} value the shown value; undefined for the default.
 * @param {(value: any) => unknown} set called with a new value: a string, or a boolean.
 * @param {string[]} [models] the names of the models to choose from, if the option is a model.
 * @returns {Template}
 */
export const optionField = (option, value, set, models) => html`<div class="option">
  <label><span class="option-name">${titleOf(option)}</span>
    ${optionControl(option, value, set, models)}</label>
  <div class="option-help">${hintOf(option)}</div>
  <div class="option-wrong" role="alert">Give ${option.wanted}.</div>
</div>`;
