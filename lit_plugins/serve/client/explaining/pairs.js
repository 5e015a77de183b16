// The pairs of words that act together most, as the chart shows them.

import { ROUNDING } from './number_format.js';

/** @import { Explanation } from './explanation.d.ts' */

/**
 * A pair of words.
 *
 * @typedef {object} Pair
 * @property {[number, number]} words the indices of the words.
 * @property {string} label both words: `not × bad`.
 * @property {number} value how much the two add together beyond what each of them adds alone.
 * @property {number} error the value's standard error; 0 if the value is exact.
 */

const MOST = 10; // pairs in a chart; more arcs could not be told apart
const CLEAR = 2; // standard errors from 0

/**
 * Returns the strongest pairs whose value is clear of its standard error, the strongest first.
 *
 * @param {Explanation} explanation
 * @returns {Pair[] | null} null if the explanation has no interactions.
 */
export function pairsOf({ interactions, words }) {
  if (interactions === null) return null;
  const { values, error } = interactions;
  return words
    .flatMap((first, one) =>
      words.slice(one + 1).map((second, distance) => {
        const other = one + 1 + distance;
        return /** @type {Pair} */ ({
          words: [one, other],
          label: `${first} × ${second}`,
          value: values[one][other],
          error: error[one][other],
        });
      }),
    )
    .filter((pair) => Math.abs(pair.value) > Math.max(CLEAR * pair.error, ROUNDING))
    .sort((a, b) => Math.abs(b.value) - Math.abs(a.value))
    .slice(0, MOST);
}
