// A menu with a name, as LIT's own look.

import { html } from './module.js';

/**
 * @param {string} name what stands before it, and is read out.
 * @param {(string | readonly [value: string, name: string])[]} choices
 * @param {string} chosen the value of the choice that is shown.
 * @param {(value: string) => unknown} choose called with another one.
 */
export const menu = (name, choices, chosen, choose) => html`<label class="control">${name}
  <select class="dropdown" @change=${(event) => choose(event.target.value)}>
    ${choices.map((choice) => {
      const [value, shown] = typeof choice === 'string' ? [choice, choice] : choice;
      // By property: once a menu was used, the attribute says nothing.
      return html`<option value=${value} .selected=${value === chosen}>${shown}</option>`;
    })}
  </select>
</label>`;

/**
 * In which order words stand.
 *
 * @param {boolean} bySize
 * @param {string} named what that order is called.
 * @param {(bySize: boolean) => unknown} choose
 */
export const orderMenu = (bySize, named, choose) =>
  menu(
    'Order',
    [['text', 'as in the text'], ['size', named]],
    bySize ? 'size' : 'text',
    (value) => choose(value === 'size'),
  );
