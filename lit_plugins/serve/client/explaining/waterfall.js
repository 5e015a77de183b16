// The rows of a waterfall: from the base value, word by word, to the output.

import { ROUNDING } from './number_format.js';
import { isPhrase } from './phrases.js';

/** @import { Explanation } from './explanation.d.ts' */
/** @import { Phrase } from './phrases.js' */

/** @typedef {Phrase | number} Part a phrase, or a word by its index */
/** @typedef {Explanation['unit'] | 'share'} Kind */

/**
 * One row.
 *
 * @typedef {object} Row
 * @property {'base' | 'word' | 'phrase' | 'rest' | 'special' | 'delta' | 'output'} kind
 * @property {string} label
 * @property {number} score what it adds; of `base` and `output`, the value itself.
 * @property {number} error its standard error, 0 if it is exact or not known.
 * @property {number} start the running total before it.
 * @property {number} end the running total after it.
 * @property {number} depth in how many unfolded phrases it stands.
 * @property {string} [key] of a phrase: which one.
 * @property {boolean} [open] of a phrase: whether the rows of its parts follow.
 */

export const LARGEST = 20;
const LONG = 40;

/**
 * Whether a text is so long that only its largest words are shown until more are wanted.
 *
 * @param {Explanation} explanation
 */
export const isLong = ({ words }) => words.length > LONG;

/**
 * The rows of an explanation.
 *
 * Each begins where the one before ends, and the last ends at the output: what methods give to
 * tokens of no word, and what they leave over, have rows of their own. Without a base value, every
 * row begins at 0.
 *
 * @param {Explanation} explanation
 * @param {object} settings
 * @param {boolean} settings.bySize whether the largest come first.
 * @param {boolean} settings.onlyLargest whether all words but the largest are one row.
 * @param {Phrase | null} settings.tree the text's phrases; null for words alone.
 * @param {(key: string) => boolean} settings.isOpen whether a phrase's parts are shown.
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
      const one = { score: scores[part], error: error?.[part] ?? 0 };
      add({ kind: 'word', label: words[part], depth, ...one });
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
  addParts(tree ? tree.parts : all.filter((at) => kept.has(at)), 0);
  if (kept.size < all.length) {
    const rest = all.filter((at) => !kept.has(at));
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
 * What an explanation's numbers are measured in; numbers of two kinds cannot share a scale.
 *
 * @param {Explanation} explanation
 * @returns {Kind}
 */
export const kindOf = ({ unit, base_value: base }) => (base === null ? 'share' : unit);

/**
 * The smallest and the largest number that some rows reach, with their errors.
 *
 * @param {Row[]} rows
 * @returns {[number, number]}
 */
export function extentOf(rows) {
  const reached = rows.flatMap(({ start, end, error }) => [start, end - error, end + error]);
  const low = reached.reduce((least, each) => Math.min(least, each), Infinity);
  const high = reached.reduce((most, each) => Math.max(most, each), -Infinity);
  return low < high ? [low, high] : [low - 0.5, high + 0.5];
}

/**
 * Round numbers between two.
 *
 * @param {[number, number]} extent
 * @param {number} most about how many there is room for.
 */
export function ticksOf([low, high], most) {
  const rough = (high - low) / Math.max(most, 1);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5].find((each) => each * power >= rough) ?? 10);
  const first = Math.ceil(low / step - ROUNDING);
  const count = Math.floor(high / step + ROUNDING) - first + 1;
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + ROUNDING));
  return Array.from({ length: count }, (_, at) => {
    const value = (first + at) * step;
    return { value, label: (Math.abs(value) < step / 2 ? 0 : value).toFixed(decimals) };
  });
}
