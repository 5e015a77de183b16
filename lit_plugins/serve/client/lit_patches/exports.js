// LIT exports cells unchanged, even those that a spreadsheet would run as formulas, and copies an
// address without a proxy's folder. Here cells are inert, and the copied address is the browser's.

import { inert } from '../lit/spreadsheet_cells.js';
import { lit } from '../lit/elements.js';
import { appState } from '../lit/services.js';

// Texts come from anybody, and may begin like a formula.
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

// LIT builds the address from the server's, which lacks the folder under which a proxy serves it.
appState.getBestURL = () => window.location.href;
