// The phrases that a method splits a text into, as a tree over the text's words.

import { ROUNDING } from './number_format.js';

/** @import { Explanation, Group } from './explanation.d.ts' */

/**
 * A phrase, or the whole text.
 *
 * @typedef {object} Phrase
 * @property {string} key its characters in the text, as a name: `8-22`.
 * @property {string} text those characters.
 * @property {number} score the sum of its words' scores.
 * @property {number} from index of its first word.
 * @property {number} to index after that of its last word.
 * @property {(Phrase | number)[]} parts what it is made of, in order: phrases, and words by index.
 */

const ROWS_AT_FIRST = 16;

/**
 * The whole text as a tree of its phrases; null if the method has none.
 *
 * What is not made of several whole words is no phrase here: the pieces of one word, and the text
 * itself.
 *
 * @param {Explanation} explanation
 */
export function treeOf({ groups, words, offsets, scores }) {
  const phrases = (groups ?? [])
    .map((group) => phraseOf(group, offsets))
    .filter(
      ({ from, to, score }) =>
        to - from > 1 &&
        to - from < words.length &&
        Math.abs(scores.slice(from, to).reduce((sum, each) => sum + each, 0) - score) < ROUNDING,
    )
    .sort((a, b) => a.from - b.from || b.to - a.to);
  if (phrases.length === 0) return null;
  /** @type {Phrase} */
  const whole = { key: '', text: '', score: 0, from: 0, to: words.length, parts: [] };
  const open = [whole]; // the innermost first
  for (const phrase of phrases) {
    while (phrase.from >= open[0].to) open.shift();
    const [within] = open;
    const known = phrase.from === within.from && phrase.to === within.to;
    if (known || phrase.to > within.to) continue;
    within.parts.push(phrase);
    open.unshift(phrase);
  }
  addWords(whole);
  return whole;
}

/**
 * Whether a part of a phrase is a phrase itself, and not a word.
 *
 * @param {Phrase | number} part
 * @returns {part is Phrase}
 */
export const isPhrase = (part) => typeof part !== 'number';

/**
 * The keys of the phrases that are unfolded at first: as many as fit, the larger ones before.
 *
 * @param {Phrase} tree
 */
export function openAtFirst(tree) {
  const open = new Set();
  const waiting = tree.parts.filter(isPhrase);
  let rows = tree.parts.length;
  for (const phrase of waiting) {
    rows += phrase.parts.length;
    if (rows > ROWS_AT_FIRST) break;
    open.add(phrase.key);
    waiting.push(...phrase.parts.filter(isPhrase));
  }
  return open;
}

/**
 * @param {Group} group
 * @param {Explanation['offsets']} offsets
 * @returns {Phrase}
 */
function phraseOf({ offsets: [start, end], text, score }, offsets) {
  const inside = [...offsets.keys()].filter(
    (at) => offsets[at][0] >= start && offsets[at][1] <= end,
  );
  const from = inside[0] ?? 0;
  return { key: `${start}-${end}`, text, score, from, to: from + inside.length, parts: [] };
}

/** @param {Phrase} phrase */
function addWords(phrase) {
  /** @type {Phrase['parts']} */
  const parts = [];
  let at = phrase.from;
  for (const part of phrase.parts.filter(isPhrase)) {
    while (at < part.from) parts.push(at++);
    parts.push(part);
    addWords(part);
    at = part.to;
  }
  while (at < phrase.to) parts.push(at++);
  phrase.parts = parts;
}
