// A text whose words have the colours of their scores.

import { piecesOf } from './characters.js';
import { background, textOn } from './colors.js';

/** @import { Explanation } from './explanation.d.ts' */

/** @typedef {[start: number, end: number]} Span a place in a text, in code points */

/**
 * A piece of a text that has one colour.
 *
 * @typedef {object} Part
 * @property {string} text
 * @property {Span} span
 * @property {number[]} words the indices of its words: none between words, several if word pieces
 *   share characters.
 */

/**
 * Renders a whole text in parts. What stands between words has no colour.
 *
 * @param {Explanation} explanation
 * @param {(text: string, score: number, style: string, span: Span) => unknown} word renders the
 *   words of one part: their text, their score, the colours as CSS, and their place.
 * @param {(text: string, span: Span) => unknown} gap renders what stands between words.
 */
export function colouredParts(explanation, word, gap = (text) => text) {
  const { scores, unit } = explanation;
  return partsOf(explanation).map(({ text, span, words }) => {
    if (words.length === 0) return gap(text, span);
    const score = words.reduce((sum, index) => sum + scores[index], 0);
    const style = `background: ${background(score, unit)}; color: ${textOn(score, unit)}`;
    return word(text, score, style, span);
  });
}

/**
 * Returns an explanation's score for a span of characters: the sum over the words in it.
 *
 * @param {Explanation} explanation
 * @param {Span} span
 * @returns {{ value: number, error: number } | null} null if no words fill exactly this span, which
 *   happens because two models may split words differently.
 */
export function scoreAt({ offsets, scores, error }, [start, end]) {
  let value = 0;
  let variance = 0;
  let hasWords = false;
  for (let index = firstAfter(offsets, start); offsets[index]?.[0] < end; index++) {
    const [first, last] = offsets[index];
    if (first < start || end < last) return null;
    value += scores[index];
    variance += (error?.[index] ?? 0) ** 2;
    hasWords = true;
  }
  return hasWords ? { value, error: Math.sqrt(variance) } : null;
}

/**
 * Returns the index of the first word that ends after a place, by bisection: tables ask for each of
 * their words.
 *
 * @param {Explanation['offsets']} offsets in the order of the text.
 * @param {number} place
 */
function firstAfter(offsets, place) {
  let [low, high] = [0, offsets.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (offsets[middle][1] > place) high = middle;
    else low = middle + 1;
  }
  return low;
}

/**
 * Splits a whole text into parts that have one colour each.
 *
 * @param {Pick<Explanation, 'text' | 'offsets'>} explanation
 * @returns {Part[]}
 */
function partsOf({ text, offsets }) {
  /** @type {Part[]} */
  const parts = [];
  const pieces = piecesOf(text);
  const length = [...text].length;
  let end = 0;
  for (const [index, [start, stop]] of offsets.entries()) {
    const part = parts.at(-1);
    if (start < end && part) {
      part.words.push(index);
      part.text += pieces(end, stop);
      part.span[1] = Math.max(part.span[1], stop);
    } else {
      if (end < start) parts.push({ text: pieces(end, start), span: [end, start], words: [] });
      parts.push({ text: pieces(start, stop), span: [start, stop], words: [index] });
    }
    end = Math.max(end, stop);
  }
  if (end < length) parts.push({ text: pieces(end), span: [end, length], words: [] });
  return parts;
}
