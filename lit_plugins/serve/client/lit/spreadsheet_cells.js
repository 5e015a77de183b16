// Cells of a table that a spreadsheet opens.

// What begins so is computed: also by the wide signs, where those are how people write.
const FORMULA = /^[=+\-@＝＋－＠\t\r\n]/;
const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i;

/**
 * A text as a spreadsheet shows it, and does not compute it: with an apostrophe before what would
 * be a formula. Numbers stay numbers.
 *
 * @param {string} text
 */
export const inert = (text) => (FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text);
