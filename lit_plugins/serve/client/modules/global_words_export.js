// Global words as CSV and JSON files.

import { inert } from '../lit/spreadsheet_cells.js';

/** @import { Result } from './global_words.d.ts' */

const BESIDE = /** @type {const} */ (['model', 'method', 'missing', 'target', 'unit']);
const COLUMNS = /** @type {const} */ (['word', 'n', 'texts', 'mean', 'error', 'positive']);

/**
 * Writes a table with one row per word.
 *
 * @param {Result} result
 */
export function asCsv(result) {
  const rows = result.words.map((word) => [
    ...BESIDE.map((name) => result[name]),
    ...COLUMNS.map((name) => word[name]),
    result.explained.length,
    result.of,
  ]);
  const header = [...BESIDE, ...COLUMNS, 'explained', 'of'];
  return [header, ...rows].map((row) => `${row.map(cell).join(',')}\n`).join('');
}

/**
 * Writes the server's whole response, with the texts it is about.
 *
 * @param {Result} result
 */
export const asJson = (result) =>
  `${JSON.stringify({ ...result, ids: undefined, asked: undefined }, null, 1)}\n`;

/** @param {string | number | null} value */
function cell(value) {
  if (typeof value !== 'string') return value ?? '';
  const text = inert(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
