// The rows of a waterfall chart, which lead from the base value, word by word, to the output.

import { ROUNDING } from './number_format.js';
import { isPhrase } from './phrases.js';

/** @import { Explanation } from './explanation.d.ts' */
/** @import { Phrase } from './phrases.js' */

/** @typedef {Phrase | number} Part a phrase, or a word by its index */
/** @typedef {Explanation['unit'] | 'share'} Kind */

/**
 * A row of the chart.
 *
 * @typedef {object} Row
 * @property {'base' | 'word' | 'phrase' | 'rest' | 'special' | 'delta' | 'output'} kind
 * @property {string} label
 * @property {number} score how much the row adds; for `base` and `output`, the value itself.
 * @property {number} error the score's standard error; 0 if the score is exact or none is known.
 * @property {number} start the running total before the row.
 * @property {number} end the running total after the row.
 * @property {number} depth the number of unfolded phrases around the row.
 * @property {number} [word] for a word: its index.
 * @property {string} [key] for a phrase: its key.
 * @property {boolean} [open] for a phrase: whether the rows of its parts follow.
 */

/** Number of words in a chart of the largest words only. */
export const LARGEST = 20;
const LONG = 40; // the most words that are all shown by default

/**
 * Whether a text is so long that only its largest words are shown by default.
 *
 * @param {Explanation} explanation
 */
export const isLong = ({ words }) => words.length > LONG;

/**
 * Makes the rows of an explanation.
 *
 * Each row begins where the row before it ends, and the last row ends at the output. The scores of
 * special tokens and the unexplained remainder have rows of their own. Without a base value, every
 * row begins at 0.
 *
 * @param {Explanation} explanation
 * @param {object} settings
 * @param {boolean} settings.bySize whether the largest scores come first.
 * @param {boolean} settings.onlyLargest whether one row replaces all but the largest words.
 * @param {Phrase | null} settings.tree the text's phrases; null for words alone.
 * @param {(key: string) => boolean} settings.isOpen tells whether a phrase's parts are shown.
 */
export function rowsOf(explanation, { bySize, onlyLargest, tree, isOpen }) {
  const { words, scores, error, output, base_value: base, delta } = explanation;
  /** @type {Row[]} */
  const rows = [];
  let total = base ?? 0;
  /** @param {Pick<Row, 'kind' | 'label' | 'score'> & Partial<Row>} row */
  const add = (row) => {
    rows.push({ depth: 0, error: 0, start: total, end: total + row.score, ...row });
    if (base !== null && !row.open) total += row.score;
  };
  /** @param {Part} part @param {number} depth */
  const addPart = (part, depth) => {
    if (!isPhrase(part)) {
      const [score, standardError] = [scores[part], error?.[part] ?? 0];
      add({ kind: 'word', label: words[part], depth, score, error: standardError, word: part });
      return;
    }
    const { key, text, score } = part;
    const open = isOpen(key);
    add({ kind: 'phrase', label: text, score, depth, key, open });
    if (open) addParts(part.parts, depth + 1);
  };
  /** @param {Part} part */
  const scoreOf = (part) => (isPhrase(part) ? part.score : scores[part]);
  /** @type {<Each extends Part>(parts: Each[]) => Each[]} */
  const sorted = (parts) =>
    [...parts].sort((a, b) => Math.abs(scoreOf(b)) - Math.abs(scoreOf(a)));
  /** @param {Part[]} parts @param {number} depth */
  const addParts = (parts, depth) => {
    for (const part of bySize ? sorted(parts) : parts) addPart(part, depth);
  };

  if (base !== null) rows.push(valueRow('base', 'base value', base));
  const all = [...words.keys()];
  const kept = new Set(onlyLargest && !tree ? sorted(all).slice(0, LARGEST) : all);
  addParts(tree ? tree.parts : all.filter((word) => kept.has(word)), 0);
  if (kept.size < all.length) {
    const rest = all.filter((word) => !kept.has(word));
    add({ kind: 'rest', label: `${rest.length} other words`, score: sumOf(rest.map(scoreOf)) });
  }
  if (base === null) return rows;
  const left = delta ?? 0;
  const special = output - base - left - sumOf(scores);
  if (Math.abs(special) > ROUNDING) {
    add({ kind: 'special', label: 'special tokens', score: special });
  }
  if (Math.abs(left) > ROUNDING) add({ kind: 'delta', label: 'delta', score: left });
  rows.push(valueRow('output', 'output', output));
  return rows;
}

/** @type {(kind: Row['kind'], label: string, value: number) => Row} */
const valueRow = (kind, label, value) =>
  ({ kind, label, score: value, error: 0, start: value, end: value, depth: 0 });

/** @param {number[]} numbers */
const sumOf = (numbers) => numbers.reduce((sum, each) => sum + each, 0);

/**
 * Returns the kind of an explanation's numbers. Numbers of different kinds cannot share a scale.
 *
 * @param {Explanation} explanation
 * @returns {Kind}
 */
export const kindOf = ({ unit, base_value: base }) => (base === null ? 'share' : unit);

/**
 * Returns the smallest and the largest number that some rows reach, including their errors.
 *
 * @param {Row[]} rows
 * @returns {[number, number]}
 */
export function extentOf(rows) {
  const reached = rows.flatMap(({ start, end, error }) => [start, end - error, end + error]);
  const low = reached.reduce((least, number) => Math.min(least, number), Infinity);
  const high = reached.reduce((most, number) => Math.max(most, number), -Infinity);
  return low < high ? [low, high] : [low - 0.5, high + 0.5];
}

/**
 * Returns the ticks of an axis, at round numbers.
 *
 * @param {[number, number]} extent the smallest and the largest number of the axis.
 * @param {number} most about how many ticks have room.
 */
export function ticksOf([low, high], most) {
  const rough = (high - low) / Math.max(most, 1);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5].find((factor) => factor * power >= rough) ?? 10);
  const first = Math.ceil(low / step - ROUNDING);
  const count = Math.floor(high / step + ROUNDING) - first + 1;
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + ROUNDING));
  return Array.from({ length: count }, (_, index) => {
    const value = (first + index) * step;
    return { value, label: (Math.abs(value) < step / 2 ? 0 : value).toFixed(decimals) };
  });
}
