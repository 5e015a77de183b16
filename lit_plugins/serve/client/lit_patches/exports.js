// What leaves the page: tables as CSV, and its address.

import { inert } from '../lit/spreadsheet_cells.js';
import { lit } from '../lit/elements.js';
import { appState } from '../lit/services.js';

// A text may begin like a formula, which a spreadsheet would run.
const controls = lit('export-controls').prototype;
const getCSVContent = controls.getCSVContent;
controls.getCSVContent = function () {
  /** @param {unknown} value */
  const cell = (value) => (value == null || typeof value === 'number' ? value : inert(`${value}`));
  return getCSVContent.call(
    Object.create(this, {
      columnNames: { value: this.columnNames.map(cell) },
      data: { value: this.data.map((/** @type {unknown[]} */ row) => row.map(cell)) },
    }),
  );
};

// LIT copies the address of the server, without the folder in which a proxy shows the page.
appState.getBestURL = () => window.location.href;
