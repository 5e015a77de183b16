// LIT marks the best value of a whole column, across slices of different difficulty, and writes the
// size of a slice beside values of a sample. Here the best of comparable values is marked, N says
// the sample, and a click on a measure sorts by it.

import { amendGetter, html, lit, nothing } from '../lit/elements.js';

/** @import { Spec } from '../lit/types.d.ts' */
/** @typedef {{ name: string, [more: string]: unknown }} Column */
/** @typedef {{ header: (string | Column)[], data: unknown[][] }} Table */
/**
 * @typedef {object} Row
 * @property {string} model
 * @property {string} selection the name of the slice.
 * @property {Record<string, { displayVal: string }>} [facets]
 * @property {string} predKey the title of the line, such as the name of a method.
 * @property {string[]} exampleIds the datapoints of the slice.
 * @property {number | null} [texts] the number of texts behind the values; missing for all.
 * @property {Record<string, Record<string, number | null>>} headMetrics values by metric and
 *   measure.
 */

/**
 * Functions from a value to a number that is least for the best value, by what a measure calls
 * best.
 *
 * @type {Record<string, (value: number) => number>}
 */
const RANKS = { highest: (value) => -value, lowest: Number, zero: Math.abs };

/** @param {number} value */
const written = (value) => (Number.isInteger(value) ? String(value) : value.toFixed(3));

/**
 * Names the set of values of one measure with which a line's value can be compared. They are of the
 * same texts. Explanation methods compete for one model; elsewhere models compete in one question.
 *
 * @param {Row} row
 * @param {Spec} configSpec the options of the metric.
 */
function comparedWith({ model, selection, facets, predKey, texts }, configSpec) {
  // A line may name in brackets what stood for missing words.
  const titles = [predKey, predKey.replace(/ \([^()]*\)$/, '')];
  const isMethod = configSpec.methods?.vocab?.some((title) => titles.includes(title)) === true;
  const values = Object.values(facets ?? {}).map(({ displayVal }) => displayVal);
  return JSON.stringify([selection, values, texts, isMethod, isMethod ? model : predKey]);
}

/**
 * Finds the best of comparable values. Where all are equal, as written, none is best.
 *
 * @param {{ set: string, value: number | null }[]} cells a column's values, with their sets.
 * @param {string} best what the measure calls best.
 * @returns {boolean[]} whether each value is the best of its set.
 */
function bestOf(cells, best) {
  const rank = RANKS[best];
  /** @type {Map<string, number[]>} */
  const ranks = new Map();
  const ranked = cells.map(({ set, value }) => {
    if (rank === undefined || value === null) return NaN;
    const ofCell = rank(Number(written(value)));
    ranks.set(set, [...(ranks.get(set) ?? []), ofCell]);
    return ofCell;
  });
  return cells.map(({ set }, index) => {
    const others = ranks.get(set) ?? [];
    return ranked[index] === Math.min(...others) && ranked[index] < Math.max(...others);
  });
}

amendGetter(
  lit('metrics-module').prototype,
  'tableData',
  (/** @type {Table} */ { header, data }, { appState, metricsMap }) => {
    const rows = /** @type {Row[]} */ (Object.values(metricsMap)).filter(({ model }) =>
      appState.currentModels.includes(model),
    );
    const shown = data.map((cells) => [...cells]);
    const first = header.findIndex((column) => typeof column !== 'string');
    const columns = /** @type {Column[]} */ (first < 0 ? [] : header.slice(first));
    for (const [index, { name }] of columns.entries()) {
      const [metric, measure] = name.split(': ');
      const { configSpec, metaSpec } = appState.metadata.metrics[metric];
      const cells = rows.map((row) => ({
        set: comparedWith(row, configSpec),
        value: row.headMetrics[metric]?.[measure] ?? null,
      }));
      const isBest = bestOf(cells, metaSpec[measure].best_value);
      for (const [line, { value }] of cells.entries()) {
        if (value === null) continue;
        const weight = isBest[line] ? 'font-weight: bold' : nothing;
        const template = html`<span style=${weight}>${written(value)}</span>`;
        shown[line][first + index] = { value, template };
      }
    }
    const place = first < 0 ? header.length - 1 : first - 1;
    for (const [line, { exampleIds: { length }, texts = length }] of rows.entries()) {
      if (texts === length) continue;
      const sample = `${texts ?? 'unknown'} of ${length}`;
      const template = html`<span style="white-space: nowrap">${sample}</span>`;
      shown[line][place] = { value: texts ?? 0, template };
    }
    const count = { name: 'N', rightAlign: true, tooltip: 'The number of texts behind the values' };
    return { header: header.with(place, count), data: shown };
  },
);
