// The lists of the saved work module: saved datapoints, and removed ones with buttons to bring them
// back.

import { css, html, nothing } from '../module.js';
import { renderList } from './global_words_lists.js';

/** @import { Input } from '../module.js' */
/** @import { Removal } from '../lit/saved_datapoints.js' */

const MOST_ROWS = 200; // saved datapoints in the list

export const listStyles = css`
  .rows { flex: 1; min-height: 0; overflow: auto; margin: 0; padding: 0; list-style: none; }
  .rows > li { border-bottom: 1px solid var(--lit-neutral-200); cursor: pointer; }
  .rows > li:hover { background: var(--lit-neutral-100); }
  .rows > li[aria-selected='true'] { background: var(--lit-cyea-100); }
  .line {
    display: grid; grid-template-columns: minmax(0, 1fr) 150px 150px; gap: 12px;
    padding: 4px 8px;
  }
  .line > span { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  .line > .beside { color: var(--lit-neutral-700); }
  .more { margin: 0; padding: 4px 8px; color: var(--lit-neutral-700); }
  .removal, .removed {
    display: flex; align-items: center; gap: 12px; padding: 2px 8px; min-height: 26px;
    box-sizing: border-box;
  }
  .removal { background: var(--lit-neutral-100); }
  .removal h3 { flex: 1; margin: 0; font-size: 12px; font-weight: 500; }
  .rows ul { margin: 0; padding: 0; list-style: none; }
  .removed { border-bottom: 1px solid var(--lit-neutral-200); }
  .removed > span {
    flex: 1; min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap;
  }
  .rows .hairline-button { flex-shrink: 0; margin: 0; padding: 0 8px; font-size: 12px; }
`;

/** @param {number} number */
export const counted = (number) => `${number} datapoint${number === 1 ? '' : 's'}`;

const shown = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

/**
 * Words a time of the server's file; '' if the file, which people may edit, has no time there.
 *
 * @param {string} time
 */
export const shownTime = (time) =>
  Number.isNaN(Date.parse(time)) ? '' : shown.format(new Date(time));

/**
 * Renders the saved datapoints.
 *
 * @param {object} list
 * @param {Input[]} list.saved the latest first.
 * @param {Map<string, string>} list.times when each was saved, by its id.
 * @param {string} list.field the field of the text.
 * @param {string} list.chosen the id of the chosen row.
 * @param {(id: string) => void} list.choose called when another row is chosen.
 * @param {(id: string) => void} list.open called when the chosen row is opened.
 */
export function renderSaved({ saved, times, field, chosen, choose, open }) {
  if (saved.length === 0) {
    return html`<p class="nothing">Datapoints that you add in the editor, by a generator or from a
      file are saved automatically and listed here.</p>`;
  }
  const rows = saved.slice(0, MOST_ROWS);
  const written = (/** @type {Input} */ { data }) => String(data[field] ?? '');
  return html`${renderList({
    id: 'saved',
    label: 'Saved datapoints, the latest first',
    rows,
    chosen: rows.findIndex(({ id }) => id === chosen),
    choose: (index) => choose(rows[index].id),
    open: (index) => open(rows[index].id),
    name: (row) => `${written(row)}, by ${row.meta.source ?? 'hand'}`,
    render: (row) => html`<div class="line" title=${written(row)}>
      <span dir="auto">${written(row)}</span>
      <span class="beside">${row.meta.source ?? ''}</span>
      <span class="beside">${shownTime(times.get(row.id) ?? '')}</span>
    </div>`,
  })}
  ${saved.length > rows.length
    ? html`<p class="more">And ${saved.length - rows.length} more in the data table.</p>`
    : nothing}`;
}

/**
 * Renders what was removed.
 *
 * @param {object} list
 * @param {Removal[]} list.removals the latest first.
 * @param {boolean} list.areAll whether there are no earlier ones.
 * @param {(what: { ids: string[] } | { at: string }) => void} list.restore brings datapoints back.
 * @param {() => void} list.showEarlier
 */
export function renderRemovals({ removals, areAll, restore, showEarlier }) {
  if (removals.length === 0) return html`<p class="nothing">No datapoint was removed.</p>`;
  return html`<div class="rows" role="region" tabindex="0"
      aria-label="Removed datapoints, the latest first">
    ${removals.map((removal) => renderRemoval(removal, restore))}
    ${areAll
      ? nothing
      : html`<p class="more">
          <button class="hairline-button" @click=${showEarlier}>Show earlier</button>
        </p>`}
  </div>`;
}

/**
 * @param {Removal} removal
 * @param {(what: { ids: string[] } | { at: string }) => void} restore
 */
function renderRemoval({ at, count, first }, restore) {
  const time = shownTime(at);
  const title = `${counted(count)} removed ${time ? `on ${time}` : 'earlier'}`;
  return html`<div class="removal">
    <h3>${title}</h3>
    ${count > 1
      ? html`<button class="hairline-button" aria-label=${`Bring back all ${title}`}
          @click=${() => restore({ at })}>Bring back all ${count}</button>`
      : nothing}
  </div>
  <ul>
    ${first.map(
      ({ id, text }) => html`<li class="removed">
        <span dir="auto" title=${text}>${text}</span>
        <button class="hairline-button" aria-label=${`Bring back: ${text}`}
          @click=${() => restore({ ids: [id] })}>Bring back</button>
      </li>`,
    )}
    ${count > first.length
      ? html`<li class="more">And ${count - first.length} more.</li>`
      : nothing}
  </ul>`;
}
