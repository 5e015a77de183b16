// LIT offers no slice until somebody makes one, and shows nowhere which predictions are wrong. Here
// the slices that people look for first are buttons above the data table, and wrong predictions are
// marked in it.

import { addStyles, amendGetter, html, lit, sheetOf } from '../lit/elements.js';
import { isWrong, readySlices } from '../lit/ready_slices.js';
import { appState, selectionService } from '../lit/services.js';

/** @import * as types from '../lit/types.d.ts' */
/** @import { ReadySlice } from '../lit/ready_slices.js' */

/** @type {typeof types.LitModule} */
const ReactiveElement = Object.getPrototypeOf(lit('popup-container'));

/** The buttons of the ready-made slices. `ondisplay` is called with what the table may show. */
class ReadySlices extends ReactiveElement {
  static styles = [
    sheetOf(`
      :host {
        display: flex; flex: 3 1 0; gap: 4px; padding: 3px 0; font-size: 12px; min-width: 0;
        overflow-x: auto; scrollbar-width: thin;
      }
      button {
        flex: none; font: inherit; line-height: 18px; padding: 1px 8px;
        cursor: pointer; border-radius: 12px; border: 1px solid var(--lit-neutral-400);
        background: white; color: var(--lit-neutral-800);
      }
      button:hover { background: var(--lit-neutral-100); }
      button[aria-pressed='true'] {
        background: var(--lit-cyea-700); border-color: var(--lit-cyea-700); color: white;
      }
      button:focus-visible { outline: 2px solid var(--lit-cyea-500); outline-offset: 1px; }
      .count { opacity: 0.8; }
    `),
  ];

  constructor() {
    super();
    /** @type {ReadySlice[]} */
    this.slices = [];
    /** @type {(onlySelected: boolean) => void} */
    this.ondisplay = () => {};
  }

  firstUpdated() {
    this.reactImmediately(readySlices, (slices) => {
      this.slices = slices;
      this.requestUpdate();
    });
    this.react(
      () => selectionService.selectedIds.length,
      (count) => count === 0 && this.ondisplay(false),
    );
  }

  render() {
    return this.slices.map((slice) => {
      const isShown = isSelected(slice);
      return html`<button aria-pressed=${String(isShown)} title="Show texts: ${slice.meaning}"
        @click=${() => this.show(isShown ? null : slice)}
      >${slice.name} <span class="count">${slice.ids.length}</span></button>`;
    });
  }

  /**
   * Selects the datapoints of a slice, and has the table show them alone; null ends that.
   *
   * @param {ReadySlice | null} slice
   */
  show(slice) {
    selectionService.selectIds(slice?.ids ?? []);
    this.ondisplay(slice !== null);
  }
}
customElements.define('ready-slices', ReadySlices);

/** @param {ReadySlice} slice */
const isSelected = ({ ids }) =>
  selectionService.selectedIds.length === ids.length &&
  ids.every((id) => selectionService.isIdSelected(id));

const table = lit('data-table-module').prototype;
const renderSearch = table.renderSearch;
table.renderSearch = function () {
  /** @param {boolean} onlySelected */
  const display = (onlySelected) => (this.onlyShowSelected = onlySelected);
  return html`${renderSearch.call(this)}<ready-slices .ondisplay=${display}></ready-slices>`;
};

/** @typedef {{ value: string, template: unknown }} Cell a class and how the table draws it */
amendGetter(table, 'dataEntries', (/** @type {(Cell | unknown)[][]} */ rows, module) => {
  /** @type {string[]} */
  const shown = module.keys
    .map((/** @type {{ name: string }} */ { name }) => name)
    .filter((/** @type {string} */ name) => module.columnVisibility.get(name));
  const predicted = appState.currentModels
    .map((model) => ({ model, column: shown.findIndex((name) => isPredictionOf(model, name)) }))
    .filter(({ column }) => column >= 0);
  return rows.map((row, place) => {
    const marked = [...row];
    for (const { model, column } of predicted) {
      if (isWrong(model, module.sortedData[place])) marked[column] = withMark(row[column]);
    }
    return marked;
  });
});

/** @param {string} model @param {string} name the name of a column. */
const isPredictionOf = (model, name) => name.startsWith(`${model}:`) && name.endsWith(':class');

/** @param {Cell | unknown} cell */
function withMark(cell) {
  const { value, template } = /** @type {Cell} */ (cell);
  return {
    value,
    template: html`<div class="predicted-wrong">${template}
      <span class="wrong-mark" role="img" aria-label="wrong" title="differs from the label">✗</span>
    </div>`,
  };
}
// The search leaves them more than half of its line.
addStyles(
  'data-table-module',
  '.module-toolbar { gap: 8px; } .search-container { flex: 2 1 0; min-width: 150px; }',
);
lit('lit-data-table').elementStyles.push(
  sheetOf(`
    .predicted-wrong { display: flex; align-items: baseline; gap: 5px; }
    .wrong-mark { color: #a50e0e; font-weight: bold; }
  `),
);
