// Cells of tables that spreadsheets open.

// Beginnings of formulas. Spreadsheets also accept the full-width signs of East Asian text.
const FORMULA = /^[=+\-@＝＋－＠\t\r\n]/;
const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i;

// In most of Europe, spreadsheets divide lines at semicolons. Then what follows a semicolon, tab or
// line end in a cell begins another one, in spite of quotes around the whole.
const INSIDE = /([;\t\r\n])(?=["']*[=+\-@＝＋－＠])/g;

/**
 * Makes a text inert, so that a spreadsheet shows it instead of computing it: puts an apostrophe in
 * front of each part that begins like a formula. Numbers stay unchanged.
 *
 * @param {string} text
 */
export function inert(text) {
  const inside = text.replaceAll(INSIDE, "$1'");
  return FORMULA.test(inside) && !NUMBER.test(inside) ? `'${inside}` : inside;
}
