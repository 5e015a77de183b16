// The shared properties of the attribution chart's columns: their width, and one scale per kind of
// number.

import { measuresOf } from '../explaining/bars.js';
import { marginOf } from '../explaining/chart.js';
import { decimalsOf } from '../explaining/number_format.js';
import { pairsOf } from '../explaining/pairs.js';
import { openAtFirst, treeOf } from '../explaining/phrases.js';
import { extentOf, isLong, kindOf, rowsOf } from '../explaining/waterfall.js';

/** @import { Kind } from '../explaining/waterfall.js' */
/** @import { Column, Drawn } from './attribution_column.js' */

/**
 * The user's settings for all columns.
 *
 * @typedef {object} Settings
 * @property {boolean} bySize whether the largest scores come first.
 * @property {boolean} withPhrases whether the phrases of methods that have some are shown.
 * @property {boolean | null} onlyLargest whether one row replaces all but the largest words; null
 *   to decide by the length of each text.
 * @property {Map<string, boolean>} folds by a phrase's key, whether the user has unfolded it.
 */

// Pixels.
const NARROWEST = 270;
const WIDEST = 760;
const SPACE = 16; // between columns
const ROOM_FOR_ERRORS = 400; // the least width of columns that show standard errors

/** @type {Record<Kind, string>} */
const KINDS = { probability: 'probabilities', logit: 'logits', share: 'shares of the attention' };

/**
 * Returns the width of one column, in pixels.
 *
 * @param {number} count the number of columns.
 * @param {number} room the width of all columns together.
 */
export const columnWidth = (count, room) =>
  Math.max(NARROWEST, Math.min(Math.floor(room / count) - SPACE, WIDEST));

/**
 * Computes the rows and scales of all columns that have an explanation.
 *
 * @param {Column[]} columns
 * @param {Settings} settings
 * @param {number} width the width of one column.
 * @returns {Drawn[]}
 */
export function drawnOf(columns, settings, width) {
  const explained = columns.flatMap((column) => {
    const { explanation } = column;
    if (explanation === null) return [];
    const rows = rowsWith(explanation, settings);
    return [{ column, explanation, rows, kind: kindOf(explanation), pairs: pairsOf(explanation) }];
  });
  const withArcs = explained.some(({ pairs }) => pairs !== null);
  const scaled = explained.map((column) => {
    const alike = explained.filter(({ kind }) => kind === column.kind);
    const decimals = decimalsOf(alike.flatMap(({ explanation }) => explanation.scores));
    const extent = extentOf(alike.flatMap(({ rows }) => rows));
    const sizes = alike.flatMap(({ pairs }) => (pairs ?? []).map(({ value }) => Math.abs(value)));
    return { ...column, decimals, extent, strongest: Math.max(0, ...sizes), withArcs };
  });
  const rows = explained.flatMap((column) => column.rows);
  const measures = measuresOf(rows, {
    width: width - marginOf(withArcs),
    decimals: Math.max(0, ...scaled.map(({ decimals }) => decimals)),
    withErrors: width >= ROOM_FOR_ERRORS,
  });
  return scaled.map(({ decimals, ...rest }) => ({ ...rest, measures: { ...measures, decimals } }));
}

/** @param {Drawn['explanation']} explanation @param {Settings} settings */
function rowsWith(explanation, { bySize, withPhrases, onlyLargest, folds }) {
  const tree = withPhrases ? treeOf(explanation) : null;
  const open = tree ? openAtFirst(tree) : new Set();
  return rowsOf(explanation, {
    bySize,
    onlyLargest: onlyLargest ?? isLong(explanation),
    tree,
    isOpen: (key) => folds.get(key) ?? open.has(key),
  });
}

/**
 * Returns sentences on what the columns have in common and where they differ.
 *
 * @param {Drawn[]} drawn
 */
export function remarksOf(drawn) {
  const remarks = [];
  const kinds = [...new Set(drawn.map(({ kind }) => KINDS[kind]))];
  if (kinds.length > 1) remarks.push(`${listed(kinds)} each have their own scale.`);
  else if (drawn.length > 1) remarks.push('All columns share one scale.');
  if (new Set(drawn.map(({ explanation }) => explanation.target_label)).size > 1) {
    remarks.push('The columns explain different classes.');
  }
  return remarks;
}

/** @param {string[]} names the beginning of a sentence that lists them */
function listed(names) {
  const all = new Intl.ListFormat('en-GB').format(names);
  return all[0].toUpperCase() + all.slice(1);
}
