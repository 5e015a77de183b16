// What the columns of the attribution chart share: their width, and a scale a kind of number.

import { measuresOf } from '../explaining/bars.js';
import { decimalsOf } from '../explaining/number_format.js';
import { openAtFirst, treeOf } from '../explaining/phrases.js';
import { extentOf, isLong, kindOf, rowsOf } from '../explaining/waterfall.js';

/** @import { Kind } from '../explaining/waterfall.js' */
/** @import { Column, Drawn } from './attribution_column.js' */

/**
 * How columns are drawn.
 *
 * @typedef {object} Settings
 * @property {boolean} bySize whether the largest come first.
 * @property {boolean} withPhrases whether phrases are shown, where a method has them.
 * @property {boolean | null} onlyLargest whether all words but the largest are one row; null for
 *   where a text is long.
 * @property {Map<string, boolean>} folds whether phrases are unfolded, where a user has said so.
 */

const NARROWEST = 270;
const WIDEST = 760;
const SPACE = 16;
const ROOM_FOR_ERRORS = 400;

/** @type {Record<Kind, string>} */
const KINDS = { probability: 'probabilities', logit: 'logits', share: 'shares of the attention' };

/**
 * The width of one column.
 *
 * @param {number} count of columns.
 * @param {number} room for all of them.
 */
export const columnWidth = (count, room) =>
  Math.max(NARROWEST, Math.min(Math.floor(room / count) - SPACE, WIDEST));

/**
 * The columns that have an explanation, with their rows and scales.
 *
 * @param {Column[]} columns
 * @param {Settings} settings
 * @param {number} width of one.
 * @returns {Drawn[]}
 */
export function drawnOf(columns, settings, width) {
  const found = columns.flatMap((column) => {
    const { explanation } = column;
    if (explanation === null) return [];
    const rows = rowsWith(explanation, settings);
    return [{ column, explanation, rows, kind: kindOf(explanation) }];
  });
  const scaled = found.map((each) => {
    const alike = found.filter(({ kind }) => kind === each.kind);
    const decimals = decimalsOf(alike.flatMap(({ explanation }) => explanation.scores));
    return { ...each, decimals, extent: extentOf(alike.flatMap(({ rows }) => rows)) };
  });
  const rows = found.flatMap((each) => each.rows);
  const measures = measuresOf(rows, {
    width,
    decimals: Math.max(0, ...scaled.map(({ decimals }) => decimals)),
    withErrors: width >= ROOM_FOR_ERRORS,
  });
  return scaled.map(({ decimals, ...each }) => ({ ...each, measures: { ...measures, decimals } }));
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
 * Sentences on what columns have in common, and what not.
 *
 * @param {Drawn[]} drawn
 */
export function remarksOf(drawn) {
  const remarks = [];
  const kinds = [...new Set(drawn.map(({ kind }) => KINDS[kind]))];
  if (kinds.length > 1) remarks.push(`${listed(kinds)} have a scale each.`);
  else if (drawn.length > 1) remarks.push('All columns have one scale.');
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
