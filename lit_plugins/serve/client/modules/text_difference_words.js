// Two texts word by word: which words they share, and what an explanation gives them in each.

import { piecesOf } from '../explaining/characters.js';

/** @import { Explanation } from '../explaining/explanation.d.ts' */

/**
 * @typedef {object} Segment a word that stands in both texts, or a place where they differ: what
 *   `align` of lit_plugins.counterfactual.alignment gives.
 * @property {'equal' | 'replace' | 'delete' | 'insert'} kind
 * @property {[number, number]} old its characters in the old text.
 * @property {[number, number]} new the same in the new text.
 */

/**
 * @typedef {object} Row a word of one text, or one of each that stand for each other.
 * @property {Segment['kind']} kind
 * @property {string} old
 * @property {string} new
 * @property {number | null} before its score in the old text; null if it is not there.
 * @property {number | null} after
 * @property {number} errorBefore the standard error; 0 where there is none.
 * @property {number} errorAfter
 * @property {number} change what the score is more after than before; a word that is not there
 *   counts as 0.
 */

/**
 * @typedef {object} Part a piece of the text to show, with all that stood in either.
 * @property {Segment['kind']} kind
 * @property {string} old
 * @property {string} new
 */

/**
 * The new text with what is not in it any more, in parts from start to end. White space between
 * two parts is part of what stands in both.
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
  for (const { kind, old, new: come } of segments) {
    const spaceThen = then(oldEnd, Math.max(oldEnd, old[0]));
    const spaceNow = now(newEnd, Math.max(newEnd, come[0]));
    const texts = { old: then(...old), new: now(...come) };
    // A word that goes takes a space with it, which still stands where the word is shown.
    same(kind === 'delete' || (deleted && spaceNow === '') ? spaceThen : spaceNow);
    if (kind === 'equal') same(texts.new);
    else parts.push({ kind, ...texts });
    deleted = kind === 'delete';
    oldEnd = Math.max(oldEnd, old[1]);
    newEnd = Math.max(newEnd, come[1]);
  }
  same(now(newEnd));
  return parts;
}

/**
 * The words of two explanations side by side, in the order of the texts.
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
  let [one, other] = [0, 0];
  for (const [nextOne, nextOther] of [...pairs, [before.words.length, after.words.length]]) {
    const count = nextOne - one;
    // As many words as there were: each stands for one.
    if (count > 0 && count === nextOther - other) {
      while (one < nextOne) rows.push(row(before, one++, after, other++));
    }
    while (one < nextOne) rows.push(row(before, one++, after, null));
    while (other < nextOther) rows.push(row(before, null, after, other++));
    if (nextOne < before.words.length) rows.push(row(before, one++, after, other++));
  }
  return rows;
}

/**
 * Which words of two explanations stand for each other: their indices.
 *
 * A model's words need not be those that the texts were aligned by: a tokenizer may join some, and
 * methods may explain pieces of them. So they are found by their characters.
 *
 * @param {Segment[]} segments
 * @param {Explanation} before
 * @param {Explanation} after
 * @returns {[number, number][]}
 */
function pairsOf(segments, before, after) {
  /** @type {Map<number, number>} where the characters of shared words stand in the new text. */
  const places = new Map();
  /** @type {Map<string, string>} */
  const replaced = new Map();
  for (const { kind, old, new: now } of segments) {
    if (kind === 'replace') replaced.set(old.join(), now.join());
    if (kind !== 'equal') continue;
    for (let at = old[0]; at < old[1]; at++) places.set(at, now[0] + at - old[0]);
  }
  const found = new Map(after.offsets.map((span, index) => [span.join(), index]));
  /** @type {[number, number][]} */
  const pairs = [];
  for (const [index, span] of before.offsets.entries()) {
    const [first, last] = [places.get(span[0]), places.get(span[1] - 1)];
    const moved = first === undefined || last === undefined
      ? replaced.get(span.join())
      : [first, last + 1].join();
    const other = found.get(moved ?? '');
    if (other !== undefined && other > (pairs.at(-1)?.[1] ?? -1)) pairs.push([index, other]);
  }
  return pairs;
}

/**
 * @param {Explanation} before
 * @param {number | null} one
 * @param {Explanation} after
 * @param {number | null} other
 * @returns {Row}
 */
function row(before, one, after, other) {
  const old = one === null ? '' : before.words[one];
  const now = other === null ? '' : after.words[other];
  const scores = {
    before: one === null ? null : before.scores[one],
    after: other === null ? null : after.scores[other],
  };
  const errors = {
    errorBefore: before.error?.[one ?? -1] ?? 0,
    errorAfter: after.error?.[other ?? -1] ?? 0,
  };
  const both = old === now ? 'equal' : 'replace';
  return {
    kind: one === null ? 'insert' : other === null ? 'delete' : both,
    old,
    new: now,
    ...scores,
    ...errors,
    change: (scores.after ?? 0) - (scores.before ?? 0),
  };
}
