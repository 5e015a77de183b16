// Lists whose rows can be chosen by mouse or arrow keys, and extracts of texts.

import { piecesOf } from '../explaining/characters.js';
import { keepInView, movedBy } from '../keyboard.js';
import { html, nothing } from '../module.js';

// Lengths of an extract, in code points.
const BEFORE = 50;
const AFTER = 110;

/**
 * Renders a list of rows, one of which may be chosen.
 *
 * @template Row
 * @param {object} list
 * @param {string} list.id the id of the list's element, unique among lists.
 * @param {string} list.label the list's name for screen readers.
 * @param {Row[]} list.rows
 * @param {number} list.chosen the index of the chosen row, or -1.
 * @param {(row: Row) => unknown} list.render renders a row's content.
 * @param {(row: Row) => string} list.name returns a row's name for screen readers.
 * @param {(index: number) => void} list.choose called when an arrow key or a click chooses another
 *   row.
 * @param {(index: number, key: boolean) => void} list.open called when Enter, Space or a click
 *   opens the chosen row; key: whether it was a key.
 */
export function renderList({ id, label, rows, chosen, render, name, choose, open }) {
  const onKey = (/** @type {KeyboardEvent} */ event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if ((event.key === 'Enter' || event.key === ' ') && chosen >= 0) {
      event.preventDefault();
      open(chosen, true);
      return;
    }
    const to = movedBy(event.key, [chosen, 0], [rows.length, 1]);
    if (to === null) return;
    event.preventDefault();
    // `movedBy` moves within a single row by columns, which a list does not have.
    const next = rows.length === 1 ? 0 : to[0];
    if (next !== chosen) choose(next);
  };
  const onClick = (/** @type {number} */ index) => {
    if (index !== chosen) choose(index);
    open(index, false);
  };
  return html`<ul class="rows" role="listbox" tabindex="0" id=${id} aria-label=${label}
      aria-activedescendant=${chosen >= 0 ? `${id}-${chosen}` : nothing} @keydown=${onKey}>
    ${rows.map(
      (row, index) => html`<li role="option" id=${`${id}-${index}`} aria-label=${name(row)}
          aria-selected=${String(index === chosen)}
          @click=${() => onClick(index)}>${render(row)}</li>`,
    )}
  </ul>`;
}

/**
 * Scrolls the lists, and nothing else, to their chosen rows.
 *
 * @param {ParentNode} root
 */
export function showChosen(root) {
  for (const row of root.querySelectorAll('.rows > [aria-selected="true"]')) {
    const list = row.parentElement;
    if (list) keepInView(list, /** @type {HTMLElement} */ (row));
  }
}

/**
 * Cuts out the surroundings of a word: the text before it, the word, and the text after it.
 *
 * @param {string} text
 * @param {number} start the word's first character.
 * @param {number} end the character after its last.
 */
export function extract(text, start, end) {
  const pieces = piecesOf(text);
  const [before, after] = [pieces(0, start), pieces(end)];
  return {
    before: before.length > BEFORE ? `…${before.slice(-BEFORE).replace(/^\S*\s/, ' ')}` : before,
    word: pieces(start, end),
    after: after.length > AFTER ? `${after.slice(0, AFTER).replace(/\s\S*$/, ' ')}…` : after,
  };
}
