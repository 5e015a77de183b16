// The lists of the global words: rows to choose from by the mouse or by arrow keys, and extracts of
// texts.

import { piecesOf } from '../explaining/characters.js';
import { keepInView, movedBy } from '../keyboard.js';
import { html, nothing } from '../module.js';

const BEFORE = 50;
const AFTER = 110;

/**
 * A list of rows, one of which may be chosen.
 *
 * @template Row
 * @param {object} list
 * @param {string} list.id its element's id, which no other list has.
 * @param {string} list.label its name for screen readers.
 * @param {Row[]} list.rows
 * @param {number} list.at the index of the chosen row, or -1.
 * @param {(row: Row) => unknown} list.render a row's content.
 * @param {(row: Row) => string} list.name a row's name for screen readers.
 * @param {(index: number) => void} list.choose called with another row, by an arrow key or a click.
 * @param {(index: number, key: boolean) => void} list.open called with the chosen row on Enter, and
 *   on a click; says whether it was a key.
 */
export function renderList({ id, label, rows, at, render, name, choose, open }) {
  const onKey = (/** @type {KeyboardEvent} */ event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if ((event.key === 'Enter' || event.key === ' ') && at >= 0) {
      event.preventDefault();
      open(at, true);
      return;
    }
    const to = movedBy(event.key, [at, 0], [rows.length, 1]);
    if (to === null) return;
    event.preventDefault();
    // A single row is one of a line to the keys, and its place the column.
    const next = rows.length === 1 ? 0 : to[0];
    if (next !== at) choose(next);
  };
  const onClick = (/** @type {number} */ index) => {
    if (index !== at) choose(index);
    open(index, false);
  };
  return html`<ul class="rows" role="listbox" tabindex="0" id=${id} aria-label=${label}
      aria-activedescendant=${at >= 0 ? `${id}-${at}` : nothing} @keydown=${onKey}>
    ${rows.map(
      (row, index) => html`<li role="option" id=${`${id}-${index}`} aria-label=${name(row)}
          aria-selected=${String(index === at)} @click=${() => onClick(index)}>${render(row)}</li>`,
    )}
  </ul>`;
}

/**
 * Scrolls the lists, and nothing else, so that what is chosen can be seen.
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
 * A text around one of its words: what is before it, the word, and what is after it.
 *
 * @param {string} text
 * @param {number} start the word's first character.
 * @param {number} end the one after its last.
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
