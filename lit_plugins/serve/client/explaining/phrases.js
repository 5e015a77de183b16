// The tree of phrases into which a method splits a text; its leaves are the words.

import { ROUNDING } from './number_format.js';

/** @import { Explanation, Group } from './explanation.d.ts' */

/**
 * A phrase, or the whole text.
 *
 * @typedef {object} Phrase
 * @property {string} key a name made of the phrase's place in the text: `8-22`.
 * @property {string} text the phrase's characters.
 * @property {number} score the sum of the words' scores.
 * @property {number} from the index of the first word.
 * @property {number} to the index after the last word.
 * @property {(Phrase | number)[]} parts the parts in order: phrases, and indices of words.
 */

const ROWS_AT_FIRST = 16; // the most rows before the user unfolds a phrase

/**
 * Makes the tree of an explanation's phrases.
 *
 * Only groups of several whole words count as phrases: neither the pieces of one word nor the whole
 * text do.
 *
 * @param {Explanation} explanation
 * @returns the whole text as the root; null if the method has no phrases.
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
 * Whether a part of a phrase is a phrase itself, not a word.
 *
 * @param {Phrase | number} part
 * @returns {part is Phrase}
 */
export const isPhrase = (part) => typeof part !== 'number';

/**
 * Returns the keys of the phrases that are unfolded at first. Outer phrases come before inner ones,
 * until the rows are used up.
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
    (word) => offsets[word][0] >= start && offsets[word][1] <= end,
  );
  const from = inside[0] ?? 0;
  return { key: `${start}-${end}`, text, score, from, to: from + inside.length, parts: [] };
}

/** Adds the words that are in no inner phrase to a phrase's parts. @param {Phrase} phrase */
function addWords(phrase) {
  /** @type {Phrase['parts']} */
  const parts = [];
  let word = phrase.from;
  for (const part of phrase.parts.filter(isPhrase)) {
    while (word < part.from) parts.push(word++);
    parts.push(part);
    addWords(part);
    word = part.to;
  }
  while (word < phrase.to) parts.push(word++);
  phrase.parts = parts;
}
