// The format of an explanation's numbers, the same in every module.

/** @import { Explanation, OptionValue } from './explanation.d.ts' */

/** @type {Record<string, string>} */
const UNITS = { probability: 'P' };

/** Largest rounding error of a sum of floats. */
export const ROUNDING = 1e-6;

/** Shown in place of a missing number. */
export const UNKNOWN = '–';

const SMALLEST_IN_FULL = 1e-3;

/**
 * Returns the number of decimals that shows three digits of the score with the largest absolute
 * value.
 *
 * @param {number[]} scores
 */
export function decimalsOf(scores) {
  const largest = Math.max(0, ...scores.map(Math.abs));
  return largest > 0 ? Math.min(Math.max(2 - Math.floor(Math.log10(largest)), 0), 6) : 3;
}

/**
 * Writes a number with its sign. A number that rounds to zero has none.
 *
 * @param {number} score
 */
export function signed(score, decimals = 3) {
  const written = valueOf(score, decimals);
  return Number(written) > 0 ? `+${written}` : written;
}

/**
 * Writes a standard error with a score's decimals, or with one digit if all decimals are zero.
 *
 * @param {number} error
 */
export function errorOf(error, decimals = 3) {
  const written = error.toFixed(decimals);
  return Number(written) === 0 && error > 0 ? error.toPrecision(1) : written;
}

/**
 * Writes a score, with its standard error unless that is 0 or missing.
 *
 * @param {number} score
 * @param {number | null | undefined} error
 */
export const scoreOf = (score, error, decimals = 3) =>
  signed(score, decimals) + (error ? ` ± ${errorOf(error, decimals)}` : '');

/**
 * Writes a model's output or a base value.
 *
 * @param {number} value
 */
export const valueOf = (value, decimals = 3) => {
  const written = value.toFixed(decimals);
  return Number(written) === 0 ? (0).toFixed(decimals) : written;
};

/**
 * Writes an unexplained remainder. A rounding error counts as 0.
 *
 * @param {number} delta
 */
export function deltaOf(delta) {
  if (Math.abs(delta) <= ROUNDING) return '0';
  return Math.abs(delta) < SMALLEST_IN_FULL ? delta.toExponential(1) : signed(delta);
}

/**
 * Names the explained output: `P(positive)`, or `logit(positive) minus other-model's`.
 *
 * @param {Pick<Explanation, 'unit' | 'target_label'> & { compared?: string[] }} explanation
 */
export const nameOf = ({ unit, target_label: label, compared = [] }) =>
  [`${UNITS[unit] ?? unit}(${label})`, ...compared.map((other) => `${other}'s`)].join(' minus ');

/**
 * Writes how often the model was run.
 *
 * @param {number} evaluations
 */
export const evaluationsOf = (evaluations) =>
  `${evaluations.toLocaleString('en-US')} evaluation${evaluations === 1 ? '' : 's'}`;

/**
 * Says what stands for a missing word; empty for a method without missing words.
 *
 * @param {Pick<Explanation, 'missing'>} explanation
 */
export const missingOf = ({ missing }) =>
  missing === null ? '' : `missing words: ${missing.replaceAll('_', ' ')}`;

/**
 * Lists a method's options and their values. Options that are switched off are left out.
 *
 * @param {Record<string, OptionValue>} options
 */
export const optionsText = (options) =>
  Object.entries(options)
    .filter(([, value]) => value !== false)
    .map(([name, value]) => {
      const shown = name.replaceAll('_', ' ');
      return value === true ? shown : `${shown} ${value === '' ? 'none' : value}`;
    })
    .join(', ');
