// Arrow keys in grids of cells, of which one is a tab stop: `data-row` and `data-column` say where.

const PAGE = 10;

/** How many rows down and columns to the right each key leads. @type {Record<string, number[]>} */
const STEPS = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  PageUp: [-PAGE, 0],
  PageDown: [PAGE, 0],
  Home: [-Infinity, -Infinity],
  End: [Infinity, Infinity],
};

/** @type {(at: number, count: number) => number} */
const within = (at, count) => Math.max(0, Math.min(at, count - 1));

/**
 * Where a key leads to. In a single row, which may be wrapped on the screen, up and down are back
 * and on; home and end are the corners.
 *
 * @param {string} key as events name it.
 * @param {number[]} from row and column.
 * @param {number[]} size rows and columns.
 * @returns {number[] | null} row and column; null for a key that does not move.
 */
export function movedBy(key, [row, column], [rows, columns]) {
  const step = STEPS[key];
  if (step === undefined) return null;
  const [down, right] = rows === 1 ? [0, step[0] || step[1]] : step;
  return [within(row + down, rows), within(column + right, columns)];
}

/**
 * Moves the focus to the cell that the key leads to, and scrolls nothing but the given element.
 *
 * @param {KeyboardEvent} event of a cell.
 * @param {HTMLElement} scroller which holds the cells.
 * @param {number[]} size rows and columns.
 */
export function rove(event, scroller, size) {
  const { row, column } = /** @type {HTMLElement} */ (event.target).dataset;
  if (row === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
  const to = movedBy(event.key, [Number(row), Number(column)], size);
  if (to === null) return;
  event.preventDefault();
  const cell = /** @type {HTMLElement | null} */ (
    scroller.querySelector(`[data-row="${to[0]}"][data-column="${to[1]}"]`)
  );
  if (cell === null) return;
  cell.focus({ preventScroll: true });
  keepInView(scroller, cell);
}

/**
 * Scrolls an element as far as a part of it has to be seen.
 *
 * @param {HTMLElement} scroller
 * @param {HTMLElement} cell
 */
export function keepInView(scroller, cell) {
  const outer = scroller.getBoundingClientRect();
  const inner = cell.getBoundingClientRect();
  const margin = inner.height; // for a heading that stays in place
  const above = outer.top + margin - inner.top;
  const below = inner.bottom - outer.bottom;
  if (above > 0) scroller.scrollTop -= above;
  else if (below > 0) scroller.scrollTop += below;
  const left = outer.left - inner.left;
  const right = inner.right - outer.right;
  if (left > 0) scroller.scrollLeft -= left;
  else if (right > 0) scroller.scrollLeft += right;
}
