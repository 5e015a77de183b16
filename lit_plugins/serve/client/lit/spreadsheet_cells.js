// Cells of tables that spreadsheets open.

// Beginnings of formulas. Spreadsheets also accept the full-width signs of East Asian text.
const FORMULA = /^[=+\-@＝＋－＠\t\r\n]/;
const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i;

/**
 * Makes a text inert, so that a spreadsheet shows it instead of computing it: puts an apostrophe in
 * front of a formula. Numbers stay unchanged.
 *
 * @param {string} text
 */
export const inert = (text) => (FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text);
