// Arrow keys in grids of cells. One cell is the tab stop; the attributes `data-row` and
// `data-column` give each cell's place.

const PAGE = 10;

/** Rows down and columns to the right that each key moves. @type {Record<string, number[]>} */
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

/** @type {(index: number, count: number) => number} */
const within = (index, count) => Math.max(0, Math.min(index, count - 1));

/**
 * Returns the cell that a key moves to. Home and End move to the corners. A single row may wrap on
 * the screen, so there Up and Down move to the previous and the next cell.
 *
 * @param {string} key the name of the key, as in `KeyboardEvent.key`.
 * @param {number[]} from the current row and column.
 * @param {number[]} size the numbers of rows and columns.
 * @returns {number[] | null} the new row and column; null for a key that does not move.
 */
export function movedBy(key, [row, column], [rows, columns]) {
  const step = STEPS[key];
  if (step === undefined) return null;
  const [down, right] = rows === 1 ? [0, step[0] || step[1]] : step;
  return [within(row + down, rows), within(column + right, columns)];
}

/**
 * Moves the focus to the cell that a pressed key leads to. Scrolls only the given element.
 *
 * @param {KeyboardEvent} event the key event of a cell.
 * @param {HTMLElement} scroller the scrolling element that holds the cells.
 * @param {number[]} size the numbers of rows and columns.
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
 * Does what a click does if Enter or the space bar was pressed, as a <button> does by itself.
 *
 * @param {KeyboardEvent} event
 * @param {() => void} act
 */
export function press(event, act) {
  if (event.key !== 'Enter' && event.key !== ' ') return;
  event.preventDefault();
  act();
}

/**
 * Scrolls an element just far enough to show one of its descendants.
 *
 * @param {HTMLElement} scroller
 * @param {HTMLElement} cell the descendant to show.
 */
export function keepInView(scroller, cell) {
  const outer = scroller.getBoundingClientRect();
  const inner = cell.getBoundingClientRect();
  const margin = inner.height; // room for a sticky heading
  const above = outer.top + margin - inner.top;
  const below = inner.bottom - outer.bottom;
  if (above > 0) scroller.scrollTop -= above;
  else if (below > 0) scroller.scrollTop += below;
  const left = outer.left - inner.left;
  const right = inner.right - outer.right;
  if (left > 0) scroller.scrollLeft -= left;
  else if (right > 0) scroller.scrollLeft += right;
}
