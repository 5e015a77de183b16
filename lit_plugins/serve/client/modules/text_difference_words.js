// Two texts word by word: their shared words, and the scores of all words in explanations of both.

import { piecesOf } from '../explaining/characters.js';

/** @import { Explanation } from '../explaining/explanation.d.ts' */

/**
 * @typedef {object} Segment a word of both texts, or a place where they differ, as returned by
 *   `align` of lit_plugins.counterfactual.alignment.
 * @property {'equal' | 'replace' | 'delete' | 'insert'} kind
 * @property {[number, number]} old its place in the old text: first character, and character after
 *   the last.
 * @property {[number, number]} new its place in the new text.
 */

/**
 * @typedef {object} Row a word of one text, or a pair of corresponding words.
 * @property {Segment['kind']} kind
 * @property {string} old the word in the old text; '' if there is none.
 * @property {string} new the word in the new text; '' if there is none.
 * @property {number | null} before the word's score in the old text; null if there is none.
 * @property {number | null} after the word's score in the new text; null if there is none.
 * @property {number} errorBefore the standard error of `before`; 0 if there is none.
 * @property {number} errorAfter the standard error of `after`; 0 if there is none.
 * @property {number} change the score after minus the score before; a missing score counts as 0.
 */

/**
 * @typedef {object} Part a piece of the shown text, which combines both texts.
 * @property {Segment['kind']} kind
 * @property {string} old
 * @property {string} new
 */

/**
 * Combines both texts: splits the new text, with the removed words in their places, into parts.
 * White space between two parts counts as shared.
 *
 * @param {string} before
 * @param {string} after
 * @param {Segment[]} segments
 * @returns {Part[]}
 */
export function partsOf(before, after, segments) {
  /** @type {Part[]} */
  const parts = [];
  const same = (/** @type {string} */ text) => {
    const last = parts.at(-1);
    if (last?.kind === 'equal') last.old = last.new += text;
    else if (text) parts.push({ kind: 'equal', old: text, new: text });
  };
  const [then, now] = [piecesOf(before), piecesOf(after)];
  let [oldEnd, newEnd] = [0, 0];
  let deleted = false;
  for (const { kind, old, new: added } of segments) {
    const spaceThen = then(oldEnd, Math.max(oldEnd, old[0]));
    const spaceNow = now(newEnd, Math.max(newEnd, added[0]));
    const texts = { old: then(...old), new: now(...added) };
    // A removed word takes a space with it. The removed word is shown, so its space is shown, too.
    same(kind === 'delete' || (deleted && spaceNow === '') ? spaceThen : spaceNow);
    if (kind === 'equal') same(texts.new);
    else parts.push({ kind, ...texts });
    deleted = kind === 'delete';
    oldEnd = Math.max(oldEnd, old[1]);
    newEnd = Math.max(newEnd, added[1]);
  }
  same(now(newEnd));
  return parts;
}

/**
 * Pairs the words of two explanations, in the order of the texts.
 *
 * @param {Segment[]} segments
 * @param {Explanation} before
 * @param {Explanation} after
 * @returns {Row[]}
 */
export function rowsOf(segments, before, after) {
  const pairs = pairsOf(segments, before, after);
  /** @type {Row[]} */
  const rows = [];
  let [old, now] = [0, 0]; // indices of words
  for (const [nextOld, nextNow] of [...pairs, [before.words.length, after.words.length]]) {
    const count = nextOld - old;
    // Between two pairs, equal numbers of words correspond one to one.
    if (count > 0 && count === nextNow - now) {
      while (old < nextOld) rows.push(row(before, old++, after, now++));
    }
    while (old < nextOld) rows.push(row(before, old++, after, null));
    while (now < nextNow) rows.push(row(before, null, after, now++));
    if (nextOld < before.words.length) rows.push(row(before, old++, after, now++));
  }
  return rows;
}

/**
 * Finds the corresponding words of two explanations.
 *
 * An explanation's words may differ from the segments' words: tokenizers may join words, and
 * methods may explain pieces of words. So words are matched by their characters.
 *
 * @param {Segment[]} segments
 * @param {Explanation} before
 * @param {Explanation} after
 * @returns {[number, number][]} pairs of indices, in the order of both texts.
 */
function pairsOf(segments, before, after) {
  /** The characters of shared words: from old to new places. @type {Map<number, number>} */
  const places = new Map();
  /** The replaced spans: from old to new ones. @type {Map<string, string>} */
  const replaced = new Map();
  for (const { kind, old, new: now } of segments) {
    if (kind === 'replace') replaced.set(old.join(), now.join());
    if (kind !== 'equal') continue;
    for (let at = old[0]; at < old[1]; at++) places.set(at, now[0] + at - old[0]);
  }
  const wordsAfter = new Map(after.offsets.map((span, index) => [span.join(), index]));
  /** @type {[number, number][]} */
  const pairs = [];
  for (const [index, span] of before.offsets.entries()) {
    const [first, last] = [places.get(span[0]), places.get(span[1] - 1)];
    const moved = first === undefined || last === undefined
      ? replaced.get(span.join())
      : [first, last + 1].join();
    const other = wordsAfter.get(moved ?? '');
    if (other !== undefined && other > (pairs.at(-1)?.[1] ?? -1)) pairs.push([index, other]);
  }
  return pairs;
}

/**
 * Makes the row of a word, or of two corresponding words.
 *
 * @param {Explanation} before
 * @param {number | null} oldIndex the index of the word in the old text; null if there is none.
 * @param {Explanation} after
 * @param {number | null} newIndex the index of the word in the new text; null if there is none.
 * @returns {Row}
 */
function row(before, oldIndex, after, newIndex) {
  const old = oldIndex === null ? '' : before.words[oldIndex];
  const now = newIndex === null ? '' : after.words[newIndex];
  const scores = {
    before: oldIndex === null ? null : before.scores[oldIndex],
    after: newIndex === null ? null : after.scores[newIndex],
  };
  const errors = {
    errorBefore: before.error?.[oldIndex ?? -1] ?? 0,
    errorAfter: after.error?.[newIndex ?? -1] ?? 0,
  };
  const both = old === now ? 'equal' : 'replace';
  return {
    kind: oldIndex === null ? 'insert' : newIndex === null ? 'delete' : both,
    old,
    new: now,
    ...scores,
    ...errors,
    change: (scores.after ?? 0) - (scores.before ?? 0),
  };
}
