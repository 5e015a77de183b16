// Menus with a label, in the style of LIT's own.

import { html } from './module.js';

/**
 * Renders a menu with its label.
 *
 * @param {string} name the label in front of the menu, which screen readers read out.
 * @param {(string | readonly [value: string, name: string])[]} choices
 * @param {string} chosen the value of the selected choice.
 * @param {(value: string) => unknown} choose called with the value of a newly selected choice.
 */
export const menu = (name, choices, chosen, choose) => html`<label class="control">${name}
  <select class="dropdown" @change=${(event) => choose(event.target.value)}>
    ${choices.map((choice) => {
      const [value, shown] = typeof choice === 'string' ? [choice, choice] : choice;
      // The attribute has no effect after the first use of the menu; the property has.
      return html`<option value=${value} .selected=${value === chosen}>${shown}</option>`;
    })}
  </select>
</label>`;

/**
 * Renders a menu for the order of words: as in the text, or by size.
 *
 * @param {boolean} bySize whether the order by size is selected.
 * @param {string} named the name of the order by size.
 * @param {(bySize: boolean) => unknown} choose called with whether the new order is by size.
 */
export const orderMenu = (bySize, named, choose) =>
  menu(
    'Order',
    [['text', 'as in the text'], ['size', named]],
    bySize ? 'size' : 'text',
    (value) => choose(value === 'size'),
  );
